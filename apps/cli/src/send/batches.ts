import type { InstanceFile } from './instance-file.ts';

/** What one request carries at most. A lost connection costs no more than this. */
export const limits = { files: 50, bytes: 64 * 2 ** 20 };

/**
 * Groups files into requests. The server's answer names instances by UID, so a request has each UID once, and a file
 * whose UID is unknown goes alone.
 */
export async function* batches(files: AsyncIterable<InstanceFile>): AsyncGenerator<InstanceFile[], void, void> {
  let batch: InstanceFile[] = [];
  let bytes = 0;
  const uids = new Set<string>();
  for await (const file of files) {
    if (file.sopInstanceUid === undefined) {
      yield [file];
      continue;
    }
    const isFull = batch.length >= limits.files || bytes + file.size > limits.bytes || uids.has(file.sopInstanceUid);
    if (isFull && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
      uids.clear();
    }
    batch.push(file);
    bytes += file.size;
    uids.add(file.sopInstanceUid);
  }
  if (batch.length > 0) yield batch;
}
