import type { Pool } from 'pg';
import type { ObjectStore } from '../../../platform/storage/index.ts';
import { settleable, settleClaims } from './claim-store.ts';

/** Objects looked at between two looks at the signal. */
const ROUND = 500;

export interface Cleaned {
  /** Claims settled, by objects. */
  readonly looked: number;
  /** Objects that nothing referred to, removed. */
  readonly removed: number;
}

/** Removes what was put into the object store and never committed, and what was deleted from the index. */
export async function cleanObjects(pool: Pool, objects: ObjectStore, signal: AbortSignal): Promise<Cleaned> {
  let looked = 0;
  let removed = 0;
  for (;;) {
    const found = await settleable(pool, ROUND);
    for (const sha256 of found) {
      signal.throwIfAborted();
      if (await settleClaims(pool, sha256, () => objects.delete(sha256))) removed++;
      looked++;
    }
    if (found.length < ROUND) return { looked, removed };
  }
}
