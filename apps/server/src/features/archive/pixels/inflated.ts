import { pipeline } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import type { Sha256 } from '@isocenter/contract';
import type { ByteRange, ObjectStore } from '../../../platform/storage/index.ts';

/** What of a stored object is read here. */
export interface DeflatedObject {
  readonly sha256: Sha256;
  /** Where the deflated data set begins. */
  readonly dataSetOffset: number;
}

/**
 * Bytes of a deflated data set (PS3.5 A.5), counted after inflating. Everything before the range is inflated and
 * dropped, nothing after it is.
 */
export async function* inflatedRange(
  objects: ObjectStore,
  { sha256, dataSetOffset }: DeflatedObject,
  { start, end = Number.POSITIVE_INFINITY }: ByteRange,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const inflate = createInflateRaw();
  // The iteration below reports what goes wrong; ending it early is no failure.
  pipeline(await objects.open(sha256, { start: dataSetOffset }), inflate, () => undefined);
  let at = 0;
  for await (const chunk of inflate as AsyncIterable<Buffer<ArrayBuffer>>) {
    const piece = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += chunk.length;
    if (piece.length > 0) yield piece;
    if (at >= end) return;
  }
}

export async function readInflated(
  objects: ObjectStore,
  object: DeflatedObject,
  range: ByteRange,
): Promise<Buffer<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of inflatedRange(objects, object, range)) pieces.push(piece);
  return Buffer.concat(pieces);
}
