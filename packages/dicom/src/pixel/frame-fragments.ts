import type { Fragment } from '../model.ts';
import { DecodeError } from './pixel-error.ts';

/** An item's tag and length, before each fragment's value. */
const itemHeader = 8;
/** A frame's last bytes may be followed by padding to an even length, or by more. */
const tailLength = 16;

export interface EncapsulatedFrames {
  /** As the reader found them, the Basic Offset Table first. */
  readonly fragments: readonly Fragment[];
  readonly numberOfFrames: number;
  /** (7FE0,0001): where each frame's item begins, from the first byte of the first item after the Basic Offset Table. */
  readonly extendedOffsetTable?: Uint8Array | undefined;
  /** (7FE0,0002): bytes of each frame, without padding. */
  readonly extendedOffsetTableLengths?: Uint8Array | undefined;
  /** Bytes at an offset of the same origin as the fragments'. Asked for the offset table, and for some starts and ends. */
  read(offset: number, length: number): Promise<Uint8Array> | Uint8Array;
}

/**
 * Which fragments make up each frame (PS3.5 A.4): by the Extended Offset Table, the Basic Offset Table, one fragment per
 * frame, or the markers that a compressed picture begins and ends with; tables that don't fit the fragments are not
 * believed. Answers byte ranges only: a frame of one fragment is one range to read, one of several is
 * {@link frameSpan} and {@link joinFragments}.
 */
export async function frameFragments(frames: EncapsulatedFrames): Promise<readonly (readonly Fragment[])[]> {
  const [table, ...fragments] = frames.fragments;
  if (!table || fragments.length === 0) throw new DecodeError('Pixel data have no fragments');
  const { numberOfFrames } = frames;
  const extended = byExtendedTable(frames, fragments);
  if (extended) return extended;
  if (numberOfFrames === 1) return [fragments];
  const basic = byStarts(await basicOffsets(frames, table), fragments, numberOfFrames);
  if (basic) return basic;
  const filled = fragments.filter(({ length }) => length > 0);
  if (filled.length === numberOfFrames) return filled.map((fragment) => [fragment]);
  return byMarkers(frames, filled);
}

function byExtendedTable(frames: EncapsulatedFrames, fragments: readonly Fragment[]): Fragment[][] | undefined {
  const offsets = frames.extendedOffsetTable && unsigned64(frames.extendedOffsetTable);
  const grouped = offsets && byStarts(offsets, fragments, frames.numberOfFrames);
  if (!grouped) return undefined;
  const lengths = frames.extendedOffsetTableLengths && unsigned64(frames.extendedOffsetTableLengths);
  return grouped.map((group, i) => {
    const [only] = group;
    const length = lengths?.[i];
    const exact = only && group.length === 1 && length !== undefined && length > 0 && length <= only.length;
    return exact ? [{ offset: only.offset, length }] : group;
  });
}

const unsigned64 = (bytes: Uint8Array): number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) => Number(view.getBigUint64(i * 8, true)));
};

async function basicOffsets(frames: EncapsulatedFrames, table: Fragment): Promise<number[]> {
  if (table.length === 0) return [];
  const bytes = await frames.read(table.offset, table.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getUint32(i * 4, true));
}

/** Groups the fragments by the offsets of frames; undefined unless each offset is a fragment's, in order, one per frame. */
function byStarts(
  offsets: readonly number[],
  fragments: readonly Fragment[],
  numberOfFrames: number,
): Fragment[][] | undefined {
  if (offsets.length !== numberOfFrames || offsets[0] !== 0) return undefined;
  const origin = fragments[0]!.offset;
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    if (fragment.offset - origin === offsets[groups.length]) groups.push([fragment]);
    else groups.at(-1)?.push(fragment);
  }
  return groups.length === numberOfFrames ? groups : undefined;
}

/** A new frame begins where a fragment starts as a picture does; failing that, after one that ends as a picture does. */
async function byMarkers(frames: EncapsulatedFrames, fragments: readonly Fragment[]): Promise<Fragment[][]> {
  const starts: Fragment[][] = [];
  const ends: Fragment[][] = [[]];
  for (const fragment of fragments) {
    const head = await frames.read(fragment.offset, Math.min(fragment.length, 12));
    if (startsPicture(head) || starts.length === 0) starts.push([]);
    starts.at(-1)!.push(fragment);
    ends.at(-1)!.push(fragment);
    const tail = Math.min(fragment.length, tailLength);
    if (endsPicture(await frames.read(fragment.offset + fragment.length - tail, tail))) ends.push([]);
  }
  if (starts.length === frames.numberOfFrames) return starts;
  const whole = ends.filter((group) => group.length > 0);
  if (whole.length === frames.numberOfFrames) return whole;
  throw new DecodeError(`${fragments.length} fragments can't be told apart into ${frames.numberOfFrames} frames`);
}

/** JPEG and JPEG-LS SOI, JPEG 2000 SOC and SIZ, JP2 and JPEG XL signatures. */
const signatures = [
  [0xff, 0xd8, 0xff],
  [0xff, 0x4f, 0xff, 0x51],
  [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20],
  [0xff, 0x0a],
  [0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20],
];
const startsPicture = (head: Uint8Array): boolean =>
  signatures.some((signature) => signature.every((byte, i) => head[i] === byte));

/** EOI and EOC are the same marker. Anything but padding after it means that it was data. */
function endsPicture(tail: Uint8Array): boolean {
  let end = tail.length;
  while (end > 2 && (tail[end - 1] === 0 || (tail[end - 1] === 0xff && tail[end - 2] === 0xd9))) end--;
  return tail[end - 2] === 0xff && tail[end - 1] === 0xd9;
}

/** The bytes from a frame's first fragment to its last, item headers between them included: one read. */
export function frameSpan(fragments: readonly Fragment[]): Fragment {
  const first = fragments[0];
  const last = fragments.at(-1);
  if (!first || !last) throw new DecodeError('A frame has no fragment');
  return { offset: first.offset, length: last.offset + last.length - first.offset };
}

/** A frame's bytes out of what was read for its {@link frameSpan}. */
export function joinFragments(span: Uint8Array, fragments: readonly Fragment[]): Uint8Array {
  const origin = fragments[0]?.offset ?? 0;
  const [only] = fragments;
  if (fragments.length === 1 && only) return span.subarray(0, only.length);
  const joined = new Uint8Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { offset, length } of fragments) {
    joined.set(span.subarray(offset - origin, offset - origin + length), at);
    at += length;
  }
  return joined;
}

/**
 * The Basic Offset Table of frames that are written one fragment each, lengths padded to even; undefined past 4 GiB,
 * where an Extended Offset Table has to do.
 */
export function basicOffsetTable(lengths: readonly number[]): Uint8Array<ArrayBuffer> | undefined {
  const table = new Uint8Array(lengths.length * 4);
  const view = new DataView(table.buffer);
  let at = 0;
  for (const [i, length] of lengths.entries()) {
    if (at > 0xffffffff) return undefined;
    view.setUint32(i * 4, at, true);
    at += itemHeader + length + (length % 2);
  }
  return table;
}
