import type { Pool } from 'pg';
import { networkOf, Problem } from '../../platform/http/index.ts';
import { sha256 } from '../../platform/secret.ts';

/** What is guessed at, and how patient we are with it. */
interface Subject {
  readonly name: string;
  /** So many attempts don't have to wait. */
  readonly free: number;
  readonly longestSeconds: number;
}

/** Failures are forgotten after so long without another. */
const MEMORY_HOURS = 24;

/** Whoever guesses at one account waits, from wherever. Its owner has a way around: a new password. */
export const accountSubject = (email: string): Subject => ({
  name: `account ${email.toLowerCase()}`,
  free: 5,
  longestSeconds: 15 * 60,
});

/** Whoever guesses at many accounts waits; people behind one address are let through after a minute at most. */
export const addressSubject = (address: string): Subject => ({
  name: `address ${networkOf(address)}`,
  free: 20,
  longestSeconds: 60,
});

/**
 * Makes guessing slow, over all processes: after some failures one waits, twice as long each time. An attempt counts as
 * failed from its beginning, so that many at once are not let through together.
 */
export class FailedAttempts {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Throws while one has to wait: then even the right answer is refused. */
  async begin(...subjects: readonly Subject[]): Promise<void> {
    for (const subject of subjects) await this.#begin(subject);
  }

  async succeeded(...subjects: readonly Subject[]): Promise<void> {
    await this.#pool.query('delete from failed_attempt where subject_hash = any($1::bytea[])', [
      subjects.map(({ name }) => sha256(name)),
    ]);
  }

  async prune(): Promise<number> {
    const { rowCount } = await this.#pool.query(
      'delete from failed_attempt where last_at < now() - make_interval(hours => $1)',
      [MEMORY_HOURS],
    );
    return rowCount ?? 0;
  }

  async #begin({ name, free, longestSeconds }: Subject): Promise<void> {
    const hash = sha256(name);
    const { rowCount } = await this.#pool.query(
      `insert into failed_attempt as known (subject_hash, failures, blocked_until, last_at) values ($1, 1, now(), now())
       on conflict (subject_hash) do update set
         failures = case when known.last_at < now() - make_interval(hours => $2) then 1 else known.failures + 1 end,
         blocked_until = case when known.last_at < now() - make_interval(hours => $2) or known.failures + 1 < $3 then now()
           else now() + make_interval(secs => least(power(2, least(known.failures + 1 - $3, 30)), $4)) end,
         last_at = now()
       where known.blocked_until <= now()`,
      [hash, MEMORY_HOURS, free, longestSeconds],
    );
    if (rowCount !== 0) return;
    const { rows } = await this.#pool.query<{ seconds: number }>(
      'select ceil(extract(epoch from blocked_until - now()))::int as seconds from failed_attempt where subject_hash = $1',
      [hash],
    );
    const retryAfterSeconds = Math.max(1, rows[0]?.seconds ?? 1);
    throw new Problem('too-many-attempts', { retryAfterSeconds }).withHeader('retry-after', String(retryAfterSeconds));
  }
}
