import type { Sha256 } from '@isocenter/contract';
import { type ByteRange, clampRange } from './range.ts';
import {
  CHUNK,
  chunkSpan,
  openChunk,
  openHeader,
  SEALED_CHUNK,
  SEALED_HEADER_LENGTH,
  type SealedHeader,
} from './sealed-object.ts';
import type { StorageKey } from './storage-key.ts';

/** Reads a part of the sealed bytes: fewer where they end, without `end` all the rest. */
export type ReadAt = (part: { readonly start: number; readonly end: number | undefined }) => Promise<Buffer>;

type KeyOf = (id: string) => StorageKey | undefined;

/** Reads and opens the header, and with it a range: in one read where the range is near the beginning. */
export async function readSealed(
  readAt: ReadAt,
  address: Sha256,
  keyOf: KeyOf,
  range: ByteRange | undefined,
  learned?: (header: SealedHeader) => void,
): Promise<Buffer> {
  const head = await readAt({ start: 0, end: firstRead(range) });
  const header = openHeader(head, address, keyOf);
  learned?.(header);
  const again: ReadAt = async (part) =>
    part.end !== undefined && part.end <= head.length ? head.subarray(part.start, part.end) : readAt(part);
  return readSealedPart(again, address, header, range);
}

/** Reads a range when the header is known: only the chunks that hold it are read and opened. */
export async function readSealedPart(
  readAt: ReadAt,
  address: Sha256,
  header: SealedHeader,
  range: ByteRange | undefined,
): Promise<Buffer> {
  const { start, end } = clampRange(range, header.size);
  if (start === end && header.size > 0) return Buffer.alloc(0);
  const span = chunkSpan(start, end, header.size);
  const sealed = await readAt({ start: span.start, end: span.end });
  const contents: Buffer[] = [];
  for (let number = span.first; number <= span.last; number++) {
    const at = (number - span.first) * SEALED_CHUNK;
    contents.push(openChunk(header, address, number, sealed.subarray(at, at + SEALED_CHUNK)));
  }
  const [only] = contents;
  const joined = only && contents.length === 1 ? only : Buffer.concat(contents);
  return joined.subarray(start - span.first * CHUNK, end - span.first * CHUNK);
}

/** Opens chunks as they come in and cuts what was asked for out of them. */
export async function* openSealedStream(
  stream: AsyncIterable<Buffer>,
  address: Sha256,
  header: SealedHeader,
  wanted: { readonly start: number; readonly end: number },
): AsyncGenerator<Buffer, void, undefined> {
  const span = chunkSpan(wanted.start, wanted.end, header.size);
  let number = span.first;
  const cut = (sealed: Buffer): Buffer => {
    const from = number * CHUNK;
    const content = openChunk(header, address, number++, sealed);
    return content.subarray(Math.max(0, wanted.start - from), Math.min(content.length, wanted.end - from));
  };
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const piece of stream) {
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes < SEALED_CHUNK) continue;
    const joined = Buffer.concat(held);
    let at = 0;
    for (; joined.length - at >= SEALED_CHUNK; at += SEALED_CHUNK) yield cut(joined.subarray(at, at + SEALED_CHUNK));
    held = [joined.subarray(at)];
    heldBytes = joined.length - at;
  }
  if (number <= span.last) yield cut(Buffer.concat(held));
}

function firstRead(range: ByteRange | undefined): number | undefined {
  const { start = 0, end } = range ?? {};
  if (start >= CHUNK) return SEALED_HEADER_LENGTH;
  return end === undefined ? undefined : SEALED_HEADER_LENGTH + Math.max(1, Math.ceil(end / CHUNK)) * SEALED_CHUNK;
}
