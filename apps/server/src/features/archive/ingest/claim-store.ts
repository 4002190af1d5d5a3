import { randomUUID } from 'node:crypto';
import type { Sha256 } from '@isocenter/contract';
import type { Pool, PoolClient } from 'pg';
import { CLAIMANT_LOCK } from './claimant.ts';

/** Names one attempt to put an object into the store. */
export interface Claim {
  readonly sha256: Sha256;
  readonly claimId: string;
}

/** How long a living process may be at work on one object before the cleaner takes its claim for forgotten. */
const CLAIM_LASTS = '1 hour';
/** A claim that holds nothing back any more: its time is over, or its process. */
const IS_OVER = `(expires_at <= now() or claimant is not null and not exists (
  select from pg_locks
  where locktype = 'advisory' and classid = ${CLAIMANT_LOCK} and objid = claimant::oid and objsubid = 2 and granted
    and database = (select oid from pg_database where datname = current_database())))`;
/** Held shared while claiming and exclusively while deleting: nobody claims an object in the moment of its deletion. */
const CLEANING_LOCK = 7_105_117;

export const newClaim = (sha256: Sha256): Claim => ({ sha256, claimId: randomUUID() });

/**
 * Records, before objects are put into the store, that they are about to be.
 *
 * @param claimant the number of the process, see {@link Claimant}.
 */
export async function beginClaims(pool: Pool, claimant: number, claims: readonly Claim[]): Promise<void> {
  await pool.query({
    name: 'begin-claims',
    text: `with locked as materialized (select pg_advisory_xact_lock_shared(${CLEANING_LOCK}))
      insert into object_claim (sha256, claim_id, expires_at, claimant)
      select sha256, claim_id, now() + interval '${CLAIM_LASTS}', $3
      from locked, unnest($1::bytea[], $2::uuid[]) as claim (sha256, claim_id)`,
    values: [claims.map(({ sha256 }) => Buffer.from(sha256, 'hex')), claims.map(({ claimId }) => claimId), claimant],
  });
}

/** The cleaner took a claim for forgotten: whether its object is still there, nobody knows. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost';
}

/**
 * In the transaction that refers to the objects: they are no longer anybody's unfinished work.
 *
 * @throws ClaimLost when the cleaner has settled one of them meanwhile; the transaction must then be rolled back.
 */
export async function endClaims(client: PoolClient, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  const { rowCount } = await client.query({
    name: 'end-claims',
    text: 'delete from object_claim where claim_id = any($1::uuid[])',
    values: [claims.map(({ claimId }) => claimId)],
  });
  if (rowCount !== claims.length) throw new ClaimLost('A claim was settled while its object was being stored');
}

/** Leaves objects to the cleaner, which keeps those that something refers to. */
export async function abandonClaims(pool: Pool, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  await pool.query('update object_claim set expires_at = now() where claim_id = any($1::uuid[])', [
    claims.map(({ claimId }) => claimId),
  ]);
}

/** Objects whose last reference was taken away: the cleaner looks whether they may go. */
export async function claimForCleaning(client: PoolClient, objects: readonly Buffer[]): Promise<void> {
  await client.query(
    `insert into object_claim (sha256, claim_id, expires_at)
     select distinct sha256, gen_random_uuid(), now() from unnest($1::bytea[]) as object (sha256)`,
    [objects],
  );
}

/** Objects with claims that are over. */
export async function settleable(pool: Pool, limit: number): Promise<Sha256[]> {
  const { rows } = await pool.query<{ sha256: Buffer }>(
    `select distinct sha256 from (select sha256 from object_claim where ${IS_OVER} order by expires_at limit $1) as claim`,
    [limit],
  );
  return rows.map(({ sha256 }) => sha256.toString('hex') as Sha256);
}

/**
 * Settles the claims of one object that are over: `remove` is called when nothing refers to it and nobody else claims
 * it, while claiming is held off, so that it can't come back in between. The claims go first: whoever is about to refer
 * to the object either has ended its claim before, and is seen, or waits here and finds its claim gone.
 *
 * @returns whether the object was removed.
 */
export async function settleClaims(pool: Pool, sha256: Sha256, remove: () => Promise<void>): Promise<boolean> {
  const key = Buffer.from(sha256, 'hex');
  return whileCleaning(pool, async (client) => {
    await client.query(`delete from object_claim where sha256 = $1 and ${IS_OVER}`, [key]);
    const unwanted = !(await isReferred(client, key));
    if (unwanted) await remove();
    return unwanted;
  });
}

/**
 * Places a staged object when something refers to it, else removes it, while nobody can enter or delete.
 *
 * @returns whether it was placed.
 */
export async function settleStaged(
  pool: Pool,
  sha256: Sha256,
  { place, remove }: { place: () => Promise<void>; remove: () => Promise<void> },
): Promise<boolean> {
  return whileCleaning(pool, async (client) => {
    const wanted = await isReferred(client, Buffer.from(sha256, 'hex'));
    await (wanted ? place() : remove());
    return wanted;
  });
}

/** Runs in a transaction in which nobody begins to refer to an object. */
async function whileCleaning<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(${CLEANING_LOCK})`);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function isReferred(client: PoolClient, sha256: Buffer): Promise<boolean> {
  const { rows } = await client.query<{ wanted: boolean }>(
    `select exists (select from instance where sha256 = $1)
         or exists (select from recompressed_object where container = $1)
         or exists (select from object_claim where sha256 = $1) as wanted`,
    [sha256],
  );
  return rows[0]?.wanted !== false;
}
