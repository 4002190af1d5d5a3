import { isDeepStrictEqual } from 'node:util';
import type { Sha256 } from '@isocenter/contract';
import type { ImagePixelModule } from '@isocenter/dicom/pixel';
import { z } from 'zod';

/**
 * What a recompressed object consists of, in the order of the original: stretches of bytes as they were, and frames.
 * The container begins with {@link MAGIC}, the length of this as JSON (32 bit, little endian) and the JSON itself; the
 * pieces follow one another.
 */
export interface Layout {
  /** Address and size of the original. */
  readonly sha256: Sha256;
  readonly size: number;
  /** Of the compressed frames. */
  readonly transferSyntaxUid: string;
  readonly module: ImagePixelModule;
  readonly pieces: readonly Piece[];
}

export interface Piece {
  readonly kind: 'bytes' | 'frame';
  /** Bytes in the original, and in the container. */
  readonly length: number;
  readonly stored: number;
}

/** A piece and where it stands: `from` in the original, `at` in the container. */
export interface PlacedPiece extends Piece {
  readonly from: number;
  readonly at: number;
}

export const MAGIC = Buffer.from('ISOCENTER-RECOMP');
/** Magic and length. */
export const PREFIX = MAGIC.length + 4;

const Stored = z.object({
  version: z.literal(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.number().int(),
  transferSyntaxUid: z.string(),
  module: z.record(z.string(), z.union([z.string(), z.number()])),
  pieces: z.array(z.tuple([z.enum(['bytes', 'frame']), z.number().int(), z.number().int()])),
});

export function writeLayout({ pieces, ...rest }: Layout): Buffer {
  const json = JSON.stringify({
    version: 1,
    ...rest,
    pieces: pieces.map(({ kind, length, stored }) => [kind, length, stored]),
  });
  const text = Buffer.from(json);
  const head = Buffer.alloc(PREFIX);
  MAGIC.copy(head);
  head.writeUInt32LE(text.length, MAGIC.length);
  return Buffer.concat([head, text]);
}

/** The length of the JSON after the first {@link PREFIX} bytes. */
export function layoutLength(prefix: Buffer): number {
  if (!isDeepStrictEqual(prefix.subarray(0, MAGIC.length), MAGIC)) throw new TypeError('not a recompressed object');
  return prefix.readUInt32LE(MAGIC.length);
}

export function readLayout(json: Buffer): Layout {
  const { version: _, pieces, module, sha256, ...rest } = Stored.parse(JSON.parse(json.toString('utf8')));
  return {
    ...rest,
    sha256: sha256 as Sha256,
    module: module as object as ImagePixelModule,
    pieces: pieces.map(([kind, length, stored]) => ({ kind, length, stored })),
  };
}

/** The pieces with their places; `bodyAt` is where the first one stands in the container. */
export function place(pieces: readonly Piece[], bodyAt: number): PlacedPiece[] {
  let from = 0;
  let at = bodyAt;
  return pieces.map((piece) => {
    const placed = { ...piece, from, at };
    from += piece.length;
    at += piece.stored;
    return placed;
  });
}

/** The pieces that hold bytes of a range, by bisection: a cine of an hour has a hundred thousand. */
export function overlapping(pieces: readonly PlacedPiece[], start: number, end: number): readonly PlacedPiece[] {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const piece = pieces[middle]!;
    if (piece.from + piece.length <= start) low = middle + 1;
    else high = middle;
  }
  let last = low;
  while (last < pieces.length && pieces[last]!.from < end) last++;
  return pieces.slice(low, last);
}
