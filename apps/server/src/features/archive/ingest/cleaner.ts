import type { Pool } from 'pg';
import type { ObjectStore, Staging } from '../../../platform/storage/index.ts';
import { settleable, settleClaims, settleStaged } from './claim-store.ts';

/** Objects looked at between two looks at the signal. */
const ROUND = 500;

export interface Cleaned {
  /** Claims settled, by objects. */
  readonly looked: number;
  /** Objects that nothing referred to, removed. */
  readonly removed: number;
}

/** What the cleaner looks at. */
export interface Cleanable {
  readonly pool: Pool;
  readonly objects: ObjectStore;
  readonly staging?: Staging;
}

/** Removes what was put into the object store and never committed, and what was deleted from the index. */
export async function cleanObjects(parts: Cleanable, signal: AbortSignal): Promise<Cleaned> {
  const { pool, objects, staging } = parts;
  let { looked, removed } = staging ? await cleanStaged(pool, staging, signal) : { looked: 0, removed: 0 };
  for (;;) {
    const found = await settleable(pool, ROUND);
    let settled = 0;
    for (const sha256 of found) {
      signal.throwIfAborted();
      // It was deleted right after it was entered, and is about to be placed: next time.
      if (await staging?.holds(sha256)) continue;
      if (await settleClaims(pool, sha256, () => objects.delete(sha256))) removed++;
      settled++;
    }
    looked += settled;
    if (settled < ROUND) return { looked, removed };
  }
}

/** What a process staged before it went: it is placed when it was committed, else removed. */
async function cleanStaged(pool: Pool, staging: Staging, signal: AbortSignal): Promise<Cleaned> {
  let looked = 0;
  let removed = 0;
  for await (const file of staging.abandoned()) {
    signal.throwIfAborted();
    const wanted = await settleStaged(pool, file.sha256, {
      place: () => staging.place(file),
      remove: () => staging.remove(file),
    });
    if (!wanted) removed++;
    looked++;
  }
  await staging.tidy();
  return { looked, removed };
}
