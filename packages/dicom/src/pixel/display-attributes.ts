import type { DataSet } from '../model.ts';
import { tag as tagOf } from '../tag.ts';
import { firstNumber, firstString, numbersOf, sequenceOf } from '../value.ts';
import { type LookupTable, lookupTable } from './lookup-table.ts';
import { type Overlay, overlaysOf } from './overlay.ts';
import { expandSegments, type Palette } from './palette.ts';
import type { Window, WindowShape } from './voi.ts';

/** What a data set says about showing a frame, as a plain value. */
export interface DisplayAttributes {
  readonly rescale?: { readonly slope: number; readonly intercept: number };
  readonly modalityLut?: LookupTable;
  /** In the order of the data set; the first is what is shown unless another is asked for. */
  readonly windows: readonly Window[];
  readonly voiLut?: LookupTable;
  readonly presentationLutShape?: 'IDENTITY' | 'INVERSE';
  /** Stored values of pixels that were not imaged. */
  readonly padding?: { readonly from: number; readonly to: number };
  readonly palette?: Palette;
  /** Height of a pixel over its width. */
  readonly pixelAspectRatio: number;
  readonly overlays: readonly Overlay[];
}

const SharedFunctionalGroups = 0x52009229;
const PerFrameFunctionalGroups = 0x52009230;

/** The display attributes of frame `frame` (from 0), in functional groups where it is an enhanced object. */
export function displayAttributesOf(dataSet: DataSet, frame = 0): DisplayAttributes {
  const group = (sequence: number): DataSet =>
    sequenceOf(sequenceOf(dataSet, PerFrameFunctionalGroups)[frame] ?? dataSet, sequence)[0] ??
    sequenceOf(sequenceOf(dataSet, SharedFunctionalGroups)[0] ?? dataSet, sequence)[0] ??
    dataSet;
  const signed = firstNumber(dataSet, 0x00280103) === 1;
  const transformation = group(0x00289145);
  const slope = firstNumber(transformation, 0x00281053);
  const shape = firstString(dataSet, 0x20500020);
  const padding = paddingOf(dataSet, signed);
  const palette = paletteOf(dataSet, signed);
  const modalityLut = sequenceLut(dataSet, 0x00283000, signed);
  const voiLut = sequenceLut(group(0x00289132), 0x00283010, signed);
  return {
    windows: windowsOf(group(0x00289132)),
    pixelAspectRatio: aspectRatioOf(dataSet, group(0x00289110)),
    overlays: overlaysOf(dataSet),
    ...(slope ? { rescale: { slope, intercept: firstNumber(transformation, 0x00281052) ?? 0 } } : {}),
    ...(modalityLut ? { modalityLut } : {}),
    ...(voiLut ? { voiLut } : {}),
    ...(shape === 'IDENTITY' || shape === 'INVERSE' ? { presentationLutShape: shape } : {}),
    ...(padding ? { padding } : {}),
    ...(palette ? { palette } : {}),
  };
}

function windowsOf(dataSet: DataSet): Window[] {
  const centers = numbersOf(dataSet, 0x00281050);
  const widths = numbersOf(dataSet, 0x00281051);
  const named = firstString(dataSet, 0x00281056);
  const shape: WindowShape = named === 'SIGMOID' || named === 'LINEAR_EXACT' ? named : 'LINEAR';
  return centers.slice(0, widths.length).map((center, i) => ({ center, width: widths[i]!, shape }));
}

function paddingOf(dataSet: DataSet, signed: boolean): { from: number; to: number } | undefined {
  const number = (tag: number): number | undefined => {
    const value = firstNumber(dataSet, tag);
    return value !== undefined && signed && value > 32767 ? value - 65536 : value;
  };
  const value = number(0x00280120);
  if (value === undefined) return undefined;
  const limit = number(0x00280121) ?? value;
  return { from: Math.min(value, limit), to: Math.max(value, limit) };
}

/** The first item's table; undefined where there is none, or the reader didn't keep its data. */
function sequenceLut(dataSet: DataSet, sequence: number, signed: boolean): LookupTable | undefined {
  const item = sequenceOf(dataSet, sequence)[0];
  const data = item?.elements.get(0x00283006)?.value;
  const descriptor = item ? numbersOf(item, 0x00283002) : [];
  return data && descriptor.length >= 3
    ? lookupTable(descriptor, data, dataSet.encoding.littleEndian, signed)
    : undefined;
}

function paletteOf(dataSet: DataSet, signed: boolean): Palette | undefined {
  const [red, green, blue] = [1, 2, 3].map((i) => paletteTable(dataSet, i, signed));
  return red && green && blue ? { red, green, blue } : undefined;
}

function paletteTable(dataSet: DataSet, colour: number, signed: boolean): LookupTable | undefined {
  const { littleEndian } = dataSet.encoding;
  const descriptor = numbersOf(dataSet, tagOf(0x0028, 0x1100 + colour));
  if (descriptor.length < 3) return undefined;
  const plain = dataSet.elements.get(tagOf(0x0028, 0x1200 + colour))?.value;
  if (plain) return lookupTable(descriptor, plain, littleEndian, signed);
  const segmented = dataSet.elements.get(tagOf(0x0028, 0x1220 + colour))?.value;
  if (!segmented) return undefined;
  const entries = descriptor[0]! & 0xffff || 65536;
  const values = expandSegments(segmented, entries, littleEndian);
  return lookupTable(descriptor, new Uint8Array(values.buffer), true, signed);
}

/** Pixel Aspect Ratio and the spacings are given down, then across. */
function aspectRatioOf(dataSet: DataSet, measures: DataSet): number {
  const sources: readonly [DataSet, number][] = [
    [measures, 0x00280030],
    [dataSet, 0x00280030],
    [dataSet, 0x00280034],
    [dataSet, 0x00181164],
  ];
  for (const [from, tag] of sources) {
    const [down, across] = numbersOf(from, tag);
    if (down && across && down > 0 && across > 0) return down / across;
  }
  return 1;
}
