import { LRUCache } from 'lru-cache';

export interface OnceOptions {
  /** How long it counts as done. */
  readonly spanMs: number;
  /** Keys that are remembered. */
  readonly most?: number;
  readonly now?: () => number;
}

/** Does something once for each key and span of time. Who comes while it is being done waits for it. */
export class Once {
  readonly #done: LRUCache<string, Promise<unknown>>;

  constructor({ spanMs, most = 50_000, now = () => performance.now() }: OnceOptions) {
    this.#done = new LRUCache({ max: most, ttl: spanMs, ttlResolution: 0, perf: { now } });
  }

  /** Resolves when it is done. Fails when doing it fails, and then it wasn't. */
  do(key: string, work: () => Promise<unknown>): Promise<unknown> {
    const under = this.#done.get(key);
    if (under !== undefined) return under;
    const doing = work().catch((error: unknown) => {
      this.#done.delete(key);
      throw error;
    });
    this.#done.set(key, doing);
    return doing;
  }
}
