import type { DecodedFrame } from './decoded-frame.ts';
import type { DisplayAttributes } from './display-attributes.ts';
import { lookUp } from './lookup-table.ts';
import { type CellLayout, cellLayout, extremes, histogram, storedValue } from './stored-values.ts';
import { isSoundWindow, type Voi, voiFunction, type Window } from './voi.ts';

/** Share of the pixels that the default window leaves out at either end. */
const outliers = 0.005;

/**
 * A frame of one sample as 8-bit gray: modality, then VOI, then presentation (PS3.4 N.2). Padding is black whatever the
 * polarity, as nothing was imaged there.
 *
 * @param window instead of what the data set says
 */
export function grayscale(frame: DecodedFrame, display: DisplayAttributes, window?: Window): Uint8Array<ArrayBuffer> {
  const layout = cellLayout(frame);
  const padding = isPadding(display);
  const modality = modalityFunction(display);
  const counts = needsDefault(display, window) && layout ? histogram(frame, layout) : undefined;
  const voi = window ?? chosenVoi(display) ?? defaultWindow(frame, layout, counts, modality, padding);
  const grey = voiFunction(voi);
  const invert = isInverted(frame.photometricInterpretation, display);
  const shade = (value: number): number => {
    if (padding(value)) return 0;
    const bright = Math.round(grey(modality(value)));
    return invert ? 255 - bright : bright;
  };
  return layout ? throughTable(frame, layout, shade) : one(frame, shade);
}

function throughTable(
  frame: DecodedFrame,
  layout: CellLayout,
  shade: (value: number) => number,
): Uint8Array<ArrayBuffer> {
  const { pixels } = frame;
  const { shift, mask, size } = layout;
  const table = new Uint8Array(size);
  for (let pattern = 0; pattern < size; pattern++) table[pattern] = shade(storedValue(layout, pattern));
  const out = new Uint8Array(pixels.length);
  if (shift === 0) for (let i = 0; i < out.length; i++) out[i] = table[pixels[i]! & mask]!;
  else for (let i = 0; i < out.length; i++) out[i] = table[(pixels[i]! >> shift) & mask]!;
  return out;
}

/** Floats and wide integers: one by one. */
function one({ pixels }: DecodedFrame, shade: (value: number) => number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pixels.length);
  for (let i = 0; i < out.length; i++) out[i] = Number.isNaN(pixels[i]!) ? 0 : shade(pixels[i]!);
  return out;
}

export function modalityFunction({ modalityLut, rescale }: DisplayAttributes): (value: number) => number {
  if (modalityLut) return (value) => lookUp(modalityLut, value);
  if (!rescale || (rescale.slope === 1 && rescale.intercept === 0)) return (value) => value;
  const { slope, intercept } = rescale;
  return (value) => value * slope + intercept;
}

/** MONOCHROME1 shows low values bright; a Presentation LUT Shape has the last word (PS3.3 C.11.6). */
function isInverted(photometric: string, { presentationLutShape }: DisplayAttributes): boolean {
  if (presentationLutShape) return presentationLutShape === 'INVERSE';
  return photometric === 'MONOCHROME1';
}

function isPadding({ padding }: DisplayAttributes): (value: number) => boolean {
  if (!padding) return () => false;
  const { from, to } = padding;
  return (value) => value >= from && value <= to;
}

const chosenVoi = ({ windows, voiLut }: DisplayAttributes): Voi | undefined => windows.find(isSoundWindow) ?? voiLut;

const needsDefault = (display: DisplayAttributes, window: Window | undefined): boolean =>
  !window && !chosenVoi(display);

/** From one small percentile of the frame's values to the other, padding apart. */
function defaultWindow(
  frame: DecodedFrame,
  layout: CellLayout | undefined,
  counts: Uint32Array | undefined,
  modality: (value: number) => number,
  padding: (value: number) => boolean,
): Window {
  const range = layout && counts ? percentiles(layout, counts, padding) : extremes(frame.pixels, padding);
  const [a, b] = (range ?? [0, 1]).map(modality) as [number, number];
  const width = Math.abs(b - a);
  return { center: (a + b) / 2, width: width > 0 ? width : 1, shape: 'LINEAR_EXACT' };
}

function percentiles(
  layout: CellLayout,
  counts: Uint32Array,
  padding: (value: number) => boolean,
): [number, number] | undefined {
  const { size, negativeFrom } = layout;
  // Patterns in the order of their values: the negative ones come first.
  const at = (rank: number): number => (rank + negativeFrom) % size;
  let total = 0;
  for (let pattern = 0; pattern < size; pattern++) {
    if (padding(storedValue(layout, pattern))) counts[pattern] = 0;
    total += counts[pattern]!;
  }
  if (total === 0) return undefined;
  const reach = (ranks: (i: number) => number): number => {
    let seen = 0;
    for (let i = 0; i < size; i++) {
      const pattern = at(ranks(i));
      seen += counts[pattern]!;
      if (seen > total * outliers) return storedValue(layout, pattern);
    }
    return 0;
  };
  const least = reach((i) => i);
  const most = reach((i) => size - 1 - i);
  return least < most ? [least, most] : fullRange(layout, counts);
}

/** Where nearly all pixels are alike: the others decide. */
function fullRange(layout: CellLayout, counts: Uint32Array): [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let pattern = 0; pattern < counts.length; pattern++) {
    if (counts[pattern] === 0) continue;
    least = Math.min(least, storedValue(layout, pattern));
    most = Math.max(most, storedValue(layout, pattern));
  }
  return [least, most];
}
