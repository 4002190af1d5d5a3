import type { DecodedFrame } from './decoded-frame.ts';

/** How a cell holds its value (PS3.5 8.1.1): Bits Stored below High Bit; the other bits mean nothing. */
export interface CellLayout {
  readonly shift: number;
  readonly mask: number;
  /** Values a cell can hold: 2^Bits Stored. */
  readonly size: number;
  /** Patterns from here on are negative; `size` when unsigned. */
  readonly negativeFrom: number;
}

/** The layout of a frame of integers of up to 16 bits stored, whose values a table of `size` can go through. */
export function cellLayout(frame: DecodedFrame): CellLayout | undefined {
  const { pixels, bitsStored, highBit, signed } = frame;
  if (bitsStored > 16 || pixels instanceof Float32Array || pixels instanceof Float64Array) return undefined;
  const size = 2 ** bitsStored;
  return { shift: highBit + 1 - bitsStored, mask: size - 1, size, negativeFrom: signed ? size / 2 : size };
}

/** The value that a pattern of the layout stands for. */
export const storedValue = ({ size, negativeFrom }: CellLayout, pattern: number): number =>
  pattern >= negativeFrom ? pattern - size : pattern;

/** How often each pattern occurs. */
export function histogram(frame: DecodedFrame, { shift, mask, size }: CellLayout): Uint32Array {
  const counts = new Uint32Array(size);
  const { pixels } = frame;
  for (let i = 0; i < pixels.length; i++) counts[(pixels[i]! >> shift) & mask]!++;
  return counts;
}

/** Least and greatest sample of a frame that a table can't go through; NaN and infinities apart. */
export function extremes(
  pixels: DecodedFrame['pixels'],
  leaveOut: (value: number) => boolean,
): [number, number] | undefined {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i]!;
    if (!Number.isFinite(value) || leaveOut(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least <= most ? [least, most] : undefined;
}
