import type { UploadItem } from './item.ts';

/** How much goes into one request: large enough that latency doesn't matter, small enough that a retry costs little. */
export const batchLimits = { files: 50, bytes: 32_000_000 } as const;

/**
 * Takes the next batch from the front of `ready`. Outcomes name instances by UID: an item whose UID isn't known, or
 * that has the same UID as another of the batch, must not share a request with others. A request goes to one area.
 */
export function takeBatch(ready: UploadItem[]): UploadItem[] {
  const batch: UploadItem[] = [];
  const uids = new Set<string>();
  let bytes = 0;
  for (let next = ready[0]; next !== undefined; next = ready[0]) {
    const uid = next.sopInstanceUid;
    const alone = uid === null || uids.has(uid);
    const full = batch.length >= batchLimits.files || bytes + next.file.size > batchLimits.bytes;
    const elsewhere = next.area !== batch[0]?.area;
    if (batch.length > 0 && (alone || full || elsewhere)) break;
    ready.shift();
    batch.push(next);
    if (uid === null) break;
    uids.add(uid);
    bytes += next.file.size;
  }
  return batch;
}
