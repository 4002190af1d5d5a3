import type { ImagePixelModule } from './image-pixel-module.ts';
import { DecodeError, EncodeError } from './pixel-error.ts';

/** RLE (PS3.5 Annex G): a header of 16 little-endian integers, then up to 15 segments, one per byte of a pixel. */
const headerLength = 64;
const maxSegments = 15;

/**
 * The frame's cells, little endian, samples of a pixel together. Segments hold the most significant byte of the first
 * sample first (G.2). A segment that holds more than the frame is cut, as other readers do; one that holds less is refused.
 */
export function decodeRle(bytes: Uint8Array, module: ImagePixelModule): Uint8Array<ArrayBuffer> {
  const bytesEach = module.bitsAllocated / 8;
  if (!Number.isInteger(bytesEach))
    throw new DecodeError(`RLE of ${module.bitsAllocated} bits allocated is not defined`);
  const stride = bytesEach * module.samplesPerPixel;
  const starts = segmentStarts(bytes, stride);
  const pixels = module.rows * module.columns;
  const out = new Uint8Array(pixels * stride);
  for (let segment = 0; segment < stride; segment++) {
    const sample = Math.floor(segment / bytesEach);
    const first = sample * bytesEach + (bytesEach - 1 - (segment % bytesEach));
    const got = unpackSegment(bytes, starts[segment]!, starts[segment + 1]!, out, first, stride);
    if (got < pixels) throw new DecodeError(`RLE segment ${segment + 1} holds ${got} of ${pixels} bytes`);
  }
  return out;
}

/** Where each segment begins, and where the last ends. */
function segmentStarts(bytes: Uint8Array, expected: number): number[] {
  if (bytes.length < headerLength) throw new DecodeError('RLE header is truncated');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count !== expected) throw new DecodeError(`RLE of ${count} segments, ${expected} expected`);
  const starts: number[] = [];
  let last = headerLength;
  for (let i = 0; i < count; i++) {
    const start = view.getUint32(4 + i * 4, true);
    if (start < last || start > bytes.length) throw new DecodeError(`RLE segment ${i + 1} begins outside of the frame`);
    starts.push(start);
    last = start;
  }
  return [...starts, bytes.length];
}

/** Unpacks a segment into every `stride`th byte of `out` from `first`; answers how many it wrote. */
function unpackSegment(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  first: number,
  stride: number,
): number {
  let at = start;
  let to = first;
  while (at < end && to < out.length) {
    const control = bytes[at++]!;
    if (control < 128) {
      const stop = Math.min(at + control + 1, end);
      for (; at < stop && to < out.length; to += stride) out[to] = bytes[at++]!;
    } else if (control > 128 && at < end) {
      const value = bytes[at++]!;
      const stop = Math.min(to + (257 - control) * stride, out.length);
      for (; to < stop; to += stride) out[to] = value;
    }
  }
  return Math.ceil((to - first) / stride);
}

/** Encodes little-endian cells with the samples of a pixel together. Runs don't cross rows (PS3.5 G.3.1). */
export function encodeRle(
  cells: Uint8Array,
  columns: number,
  bytesEach: number,
  samples: number,
): Uint8Array<ArrayBuffer> {
  const stride = bytesEach * samples;
  if (stride > maxSegments) throw new EncodeError(`RLE has no room for ${stride} bytes a pixel`);
  const pixels = cells.length / stride;
  const plane = new Uint8Array(pixels);
  // The worst of PackBits: one control byte for every 128 literals, for each row, and padding.
  const worst = (columns + Math.ceil(columns / 128)) * (pixels / columns) + 1;
  const out = new Uint8Array(headerLength + worst * stride);
  const header = new DataView(out.buffer);
  header.setUint32(0, stride, true);
  let at = headerLength;
  for (let segment = 0; segment < stride; segment++) {
    header.setUint32(4 + segment * 4, at, true);
    let from = Math.floor(segment / bytesEach) * bytesEach + (bytesEach - 1 - (segment % bytesEach));
    for (let i = 0; i < pixels; i++, from += stride) plane[i] = cells[from]!;
    for (let row = 0; row < pixels; row += columns) at = packRow(plane, row, row + columns, out, at);
    at += at % 2;
  }
  return out.slice(0, at);
}

/** PackBits of one row; a run of two among literals stays literal, which is never longer. */
function packRow(from: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let i = start;
  while (i < end) {
    const run = runLength(from, i, end);
    if (run >= 2) {
      out[at++] = 257 - run;
      out[at++] = from[i]!;
      i += run;
      continue;
    }
    const first = i;
    while (i < end && i - first < 128 && runLength(from, i, Math.min(end, i + 3)) < 3) i++;
    out[at++] = i - first - 1;
    out.set(from.subarray(first, i), at);
    at += i - first;
  }
  return at;
}

function runLength(from: Uint8Array, start: number, end: number): number {
  const value = from[start];
  const stop = Math.min(end, start + 128);
  let i = start + 1;
  while (i < stop && from[i] === value) i++;
  return i - start;
}
