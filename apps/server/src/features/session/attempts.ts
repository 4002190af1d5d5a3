import { LRUCache } from 'lru-cache';
import { networkOf, Problem } from '../../platform/http/index.ts';

/** Mistyping is free for so often. */
const FREE_FAILURES = 5;
const LONGEST_WAIT_MS = 60_000;
/** Failures are forgotten after this long without another. */
const MEMORY_MS = 15 * 60_000;
const MOST_ADDRESSES = 10_000;

interface Failures {
  readonly count: number;
  readonly blockedUntil: number;
}

/** Makes guessing of tokens slow: after some failures an address waits, twice as long after each further one. */
export class Attempts {
  readonly #now: () => number;
  readonly #failures: LRUCache<string, Failures>;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#failures = new LRUCache({ max: MOST_ADDRESSES, ttl: MEMORY_MS, ttlResolution: 0, perf: { now } });
  }

  /** Throws while the address has to wait: then even the right token is refused. */
  demand(address: string): void {
    const { blockedUntil = 0 } = this.#failures.get(networkOf(address)) ?? {};
    const waitMs = blockedUntil - this.#now();
    if (waitMs <= 0) return;
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    throw new Problem('too-many-attempts', { retryAfterSeconds }).withHeader('retry-after', String(retryAfterSeconds));
  }

  failed(address: string): void {
    const network = networkOf(address);
    const count = (this.#failures.get(network)?.count ?? 0) + 1;
    const waitMs = count < FREE_FAILURES ? 0 : Math.min(1000 * 2 ** (count - FREE_FAILURES), LONGEST_WAIT_MS);
    this.#failures.set(network, { count, blockedUntil: this.#now() + waitMs });
  }

  succeeded(address: string): void {
    this.#failures.delete(networkOf(address));
  }
}
