import type { Sha256 } from '@isocenter/contract';
import type { ObjectStore } from '../../../platform/storage/index.ts';

interface StoredDataSet {
  readonly sha256: Sha256;
  readonly size: number;
  /** Bytes before the data set. */
  readonly offset: number;
}

const PIECE = 4 * 1024 * 1024;

/** Whether two objects hold the same data set, byte by byte, whatever stands before it. Memory: two pieces. */
export async function sameDataSet(objects: ObjectStore, a: StoredDataSet, b: StoredDataSet): Promise<boolean> {
  const length = a.size - a.offset;
  if (length !== b.size - b.offset) return false;
  for (let at = 0; at < length; at += PIECE) {
    const size = Math.min(PIECE, length - at);
    const [left, right] = await Promise.all([
      objects.read(a.sha256, { start: a.offset + at, end: a.offset + at + size }),
      objects.read(b.sha256, { start: b.offset + at, end: b.offset + at + size }),
    ]);
    if (!left.equals(right)) return false;
  }
  return true;
}
