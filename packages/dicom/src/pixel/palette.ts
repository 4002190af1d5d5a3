import type { DecodedFrame } from './decoded-frame.ts';
import { type LookupTable, lookUp, words } from './lookup-table.ts';
import { RenderError } from './pixel-error.ts';

/** Red, green and blue tables of PALETTE COLOR (PS3.3 C.7.6.3.1.5). */
export interface Palette {
  readonly red: LookupTable;
  readonly green: LookupTable;
  readonly blue: LookupTable;
}

/** A frame of one sample as 8-bit RGB. */
export function paletteToRgb(frame: DecodedFrame, palette: Palette): Uint8Array<ArrayBuffer> {
  const { pixels, bitsStored, signed } = frame;
  if (bitsStored > 16) throw new RenderError(`A palette of ${bitsStored} bits`);
  const size = 2 ** bitsStored;
  const tables = [palette.red, palette.green, palette.blue].map((table) => {
    const shift = Math.max(0, table.bits - 8);
    return Uint8Array.from({ length: size }, (_, i) => lookUp(table, signed && i >= size / 2 ? i - size : i) >> shift);
  }) as [Uint8Array, Uint8Array, Uint8Array];
  const [red, green, blue] = tables;
  const rgb = new Uint8Array(pixels.length * 3);
  const mask = size - 1;
  const shift = frame.highBit + 1 - bitsStored;
  for (let i = 0, to = 0; i < pixels.length; i++, to += 3) {
    const value = (pixels[i]! >> shift) & mask;
    rgb[to] = red[value]!;
    rgb[to + 1] = green[value]!;
    rgb[to + 2] = blue[value]!;
  }
  return rgb;
}

/** Segments of a Segmented Palette Color Lookup Table (PS3.3 C.7.9.2). */
const discrete = 0;
const linear = 1;
const indirect = 2;

/** Expands segmented data to `entries` values; more than those, and references that lead nowhere, are refused. */
export function expandSegments(data: Uint8Array, entries: number, littleEndian: boolean): Uint16Array {
  const source = words(data, data.length >> 1, littleEndian);
  const out: number[] = [];
  let at = 0;
  while (at + 1 < source.length && out.length < entries) at = expandOne(source, at, out, entries, true);
  if (out.length !== entries) throw new RenderError(`A segmented palette gives ${out.length} of ${entries} entries`);
  return Uint16Array.from(out);
}

/** Expands the segment at word `at`; answers where the next begins. */
function expandOne(source: Uint16Array, at: number, out: number[], entries: number, nested: boolean): number {
  const [kind, length] = [source[at]!, source[at + 1]!];
  if (kind === discrete) return expandDiscrete(source, at + 2, length, out, entries);
  if (kind === linear) return expandLinear(source, at + 2, length, out, entries);
  if (kind !== indirect || !nested || at + 4 > source.length)
    throw new RenderError(`A segmented palette has a segment of kind ${kind}`);
  // The offset counts bytes of the data, least significant word first.
  let from = (source[at + 2]! + source[at + 3]! * 65536) / 2;
  for (let i = 0; i < length; i++) {
    if (!Number.isInteger(from) || from + 1 >= source.length)
      throw new RenderError('A segmented palette refers to outside of itself');
    from = expandOne(source, from, out, entries, false);
  }
  return at + 4;
}

function expandDiscrete(source: Uint16Array, at: number, length: number, out: number[], entries: number): number {
  if (at + length > source.length || out.length + length > entries)
    throw new RenderError('A segmented palette is too long');
  for (let i = 0; i < length; i++) out.push(source[at + i]!);
  return at + length;
}

/** From the last value to the one given, in `length` steps. */
function expandLinear(source: Uint16Array, at: number, length: number, out: number[], entries: number): number {
  const from = out.at(-1);
  if (from === undefined || at >= source.length || out.length + length > entries)
    throw new RenderError('A segmented palette is broken');
  const to = source[at]!;
  for (let i = 1; i <= length; i++) out.push(Math.round(from + ((to - from) * i) / length));
  return at + 1;
}
