import { describe, expect, test } from 'vitest';
import type { DecodedFrame } from './decoded-frame.ts';
import type { DisplayAttributes } from './display-attributes.ts';
import { lookupTable } from './lookup-table.ts';
import { expandSegments } from './palette.ts';
import { RenderError } from './pixel-error.ts';
import { type RenderOptions, renderFrame } from './render-frame.ts';
import type { Window } from './voi.ts';

const plain: DisplayAttributes = { windows: [], overlays: [], pixelAspectRatio: 1 };

/** A line of values as a frame. */
function lineOf(values: number[], more: Partial<DecodedFrame> = {}): DecodedFrame {
  return {
    pixels: Int16Array.from(values),
    rows: 1,
    columns: values.length,
    samples: 1,
    bitsAllocated: 16,
    bitsStored: 16,
    highBit: 15,
    signed: true,
    photometricInterpretation: 'MONOCHROME2',
    planar: 0,
    ...more,
  };
}

const grays = (
  frame: DecodedFrame,
  display: Partial<DisplayAttributes> = {},
  options: RenderOptions = {},
): number[] => [...renderFrame(frame, { ...plain, ...display }, options).data];

describe('[ARCH-1] a rendered frame', () => {
  test('goes through a linear window as PS3.3 C.11.2.1.2.1 has it', () => {
    const window: Window = { center: 2048, width: 4096, shape: 'LINEAR' };
    const expected = (x: number): number => Math.round(((x - 2047.5) / 4095 + 0.5) * 255);
    expect(grays(lineOf([-1, 0, 1000, 2047, 4095, 5000]), { windows: [window] })).toEqual([
      0,
      0,
      expected(1000),
      expected(2047),
      255,
      255,
    ]);
    expect(grays(lineOf([9, 10, 11]), { windows: [{ center: 10, width: 1, shape: 'LINEAR' }] })).toEqual([0, 255, 255]);
  });

  test('goes through an exact window and a sigmoid', () => {
    const exact: Window = { center: 0, width: 100, shape: 'LINEAR_EXACT' };
    expect(grays(lineOf([-51, -50, 0, 50, 51]), {}, { window: exact })).toEqual([0, 0, 128, 255, 255]);
    const sigmoid: Window = { ...exact, shape: 'SIGMOID' };
    const expected = (x: number): number => Math.round(255 / (1 + Math.exp((-4 * x) / 100)));
    expect(grays(lineOf([-90, 0, 25]), {}, { window: sigmoid })).toEqual([-90, 0, 25].map(expected));
    expect(() => grays(lineOf([1]), {}, { window: { ...sigmoid, width: 0 } })).toThrow(RenderError);
  });

  test('is windowed in values of the modality', () => {
    const rescale = { slope: 2, intercept: -1000 };
    const windows: Window[] = [{ center: 0, width: 200, shape: 'LINEAR_EXACT' }];
    expect(grays(lineOf([450, 500, 550]), { rescale, windows })).toEqual([0, 128, 255]);
    const modalityLut = lookupTable([3, 10, 16], new Uint8Array(Uint16Array.of(0, 50, 100).buffer), true, true);
    expect(
      grays(
        lineOf([9, 10, 11, 12, 13]),
        { modalityLut },
        { window: { center: 50, width: 100, shape: 'LINEAR_EXACT' } },
      ),
    ).toEqual([0, 0, 128, 255, 255]);
  });

  test('goes through a VOI table', () => {
    const voiLut = lookupTable([4, -1, 12], new Uint8Array(Uint16Array.of(0, 1000, 2000, 4095).buffer), true, true);
    const shade = (x: number): number => Math.round((x * 255) / 4095);
    expect(grays(lineOf([-5, -1, 0, 1, 2, 9]), { voiLut })).toEqual([0, 0, shade(1000), shade(2000), 255, 255]);
  });

  test('without window or table spans all but the outermost half per cent', () => {
    const values = Array.from({ length: 1000 }, (_, i) => i);
    values[0] = -30000;
    values[999] = 30000;
    const shown = grays(lineOf(values));
    expect([shown[1], shown[500], shown[998]]).toEqual([0, 128, 255]);
    expect(grays(lineOf([5, 5, 5]))).toEqual([128, 128, 128]);
    const floats = lineOf([], {
      pixels: Float32Array.of(-1, 0, 1, Number.NaN),
      columns: 4,
      bitsAllocated: 32,
      bitsStored: 32,
      highBit: 31,
    });
    expect(grays(floats)).toEqual([0, 128, 255, 0]);
  });

  test('is inverted for MONOCHROME1, unless the Presentation LUT Shape says otherwise', () => {
    const windows: Window[] = [{ center: 50, width: 100, shape: 'LINEAR_EXACT' }];
    const frame = lineOf([0, 50, 100], { photometricInterpretation: 'MONOCHROME1' });
    expect(grays(frame, { windows })).toEqual([255, 127, 0]);
    expect(grays(frame, { windows, presentationLutShape: 'IDENTITY' })).toEqual([0, 128, 255]);
    expect(grays(lineOf([0, 100]), { windows, presentationLutShape: 'INVERSE' })).toEqual([255, 0]);
  });

  test('leaves padding black, and out of the default window', () => {
    const padding = { from: -2000, to: -1000 };
    const frame = lineOf([-2000, -1500, 0, 10], { photometricInterpretation: 'MONOCHROME1' });
    expect(grays(frame, { padding })).toEqual([0, 0, 255, 0]);
  });

  test('takes the bits below High Bit only', () => {
    const windows: Window[] = [{ center: 7.5, width: 15, shape: 'LINEAR_EXACT' }];
    const pixels = Uint16Array.of(0xf0f7, 0x00f0, 0xff0f);
    const frame = lineOf([], { pixels, columns: 3, signed: false, bitsStored: 4, highBit: 7 });
    expect(grays(frame, { windows })).toEqual([255, 255, 0]);
    const signed = lineOf([], { pixels: Int16Array.of(0x0f, 0x07), columns: 2, bitsStored: 4, highBit: 3 });
    expect(grays(signed, { windows: [{ center: 3, width: 8, shape: 'LINEAR_EXACT' }] })).toEqual([0, 255]);
  });

  test('of three samples becomes RGB', () => {
    const of = (pixels: Uint8Array<ArrayBuffer>, photometricInterpretation: string, planar: 0 | 1 = 0): number[] =>
      grays(
        lineOf([], {
          pixels,
          photometricInterpretation,
          planar,
          samples: 3,
          columns: pixels.length / 3,
          bitsAllocated: 8,
          bitsStored: 8,
          highBit: 7,
          signed: false,
        }),
      );
    expect(of(Uint8Array.of(1, 2, 3, 4, 5, 6), 'RGB', 1)).toEqual([1, 3, 5, 2, 4, 6]);
    expect(of(Uint8Array.of(76, 85, 255, 149, 43, 21, 255, 128, 128), 'YBR_FULL')).toEqual([
      254, 0, 0, 0, 255, 0, 255, 255, 255,
    ]);
    expect(of(Uint8Array.of(16, 128, 128, 235, 128, 128), 'YBR_PARTIAL')).toEqual([0, 0, 0, 255, 255, 255]);
    const deep = lineOf([], {
      pixels: Uint16Array.of(0, 2048, 4095),
      samples: 3,
      columns: 1,
      bitsStored: 12,
      highBit: 11,
      signed: false,
      photometricInterpretation: 'RGB',
    });
    expect(grays(deep)).toEqual([0, 128, 255]);
    expect(() => grays(lineOf([1, 2, 3], { samples: 3, columns: 1, photometricInterpretation: 'HSV' }))).toThrow(
      RenderError,
    );
  });

  test('of PALETTE COLOR goes through its tables', () => {
    const table = (...values: number[]) =>
      lookupTable([3, 1, 16], new Uint8Array(Uint16Array.from(values).buffer), true, false);
    const palette = { red: table(0, 0x8000, 0xffff), green: table(0xffff, 0, 0), blue: table(1 << 8, 2 << 8, 3 << 8) };
    const frame = lineOf([0, 1, 2, 3, 4], { photometricInterpretation: 'PALETTE COLOR', signed: false });
    expect(grays(frame, { palette })).toEqual([0, 255, 1, 0, 255, 1, 128, 0, 2, 255, 0, 3, 255, 0, 3]);
    expect(() => grays(frame)).toThrow(RenderError);
  });

  test('is drawn over by overlays where they are asked for', () => {
    const windows: Window[] = [{ center: 500, width: 1000, shape: 'LINEAR_EXACT' }];
    const overlay = {
      rows: 1,
      columns: 2,
      originRow: 1,
      originColumn: 2,
      frames: 2,
      firstFrame: 1,
      bitPosition: 0,
      data: Uint8Array.of(0b1001),
    };
    const display = { windows, overlays: [overlay] };
    expect(grays(lineOf([0, 0, 0]), display)).toEqual([0, 0, 0]);
    expect(grays(lineOf([0, 0, 0]), display, { overlays: true, frame: 1 })).toEqual([0, 255, 0]);
    expect(grays(lineOf([0, 0, 0]), display, { overlays: true, frame: 2 })).toEqual([0, 0, 255]);
    expect(grays(lineOf([0, 0, 0]), display, { overlays: true, frame: 0 })).toEqual([0, 0, 0]);
    const embedded = { ...overlay, columns: 3, originColumn: 1, frames: 1, data: undefined, bitPosition: 12 };
    const { data: _, ...bit } = embedded;
    const frame = lineOf([0, 0x1000, 0], { bitsStored: 12, highBit: 11, signed: false });
    expect(grays(frame, { windows, overlays: [bit] }, { overlays: true })).toEqual([0, 255, 0]);
  });
});

describe('[ARCH-1] a viewport', () => {
  const windows: Window[] = [{ center: 127.5, width: 255, shape: 'LINEAR_EXACT' }];
  const square = (side: number): DecodedFrame =>
    lineOf(
      Array.from({ length: side * side }, (_, i) => (i % side) * 10),
      { rows: side, columns: side },
    );
  const rendered = (frame: DecodedFrame, options: RenderOptions, display: Partial<DisplayAttributes> = {}) =>
    renderFrame(frame, { ...plain, windows, ...display }, options);

  test('is filled as far as the proportions allow', () => {
    expect(rendered(square(4), { viewport: { width: 8, height: 100 } })).toMatchObject({ width: 8, height: 8 });
    expect(rendered(square(4), { viewport: { width: 3, height: 2 } })).toMatchObject({ width: 2, height: 2 });
    expect(rendered(square(4), { viewport: { height: 2 } })).toMatchObject({ width: 2, height: 2 });
    expect(rendered(square(4), { viewport: { width: 8, height: 8 } }, { pixelAspectRatio: 2 })).toMatchObject({
      width: 4,
      height: 8,
    });
    expect(() => rendered(square(4), { viewport: { width: 0, height: 8 } })).toThrow(RenderError);
  });

  test('averages areas when it shrinks, and interpolates when it grows', () => {
    expect([...rendered(square(4), { viewport: { width: 2, height: 2 } }).data]).toEqual([5, 25, 5, 25]);
    expect([...rendered(lineOf([0, 30, 60]), { viewport: { width: 2, height: 9 } }).data]).toEqual([10, 50]);
    expect([...rendered(lineOf([0, 40]), { viewport: { width: 4, height: 9 } }).data.subarray(0, 4)]).toEqual([
      0, 10, 30, 40,
    ]);
  });

  test('shows a region, mirrored where its sides are negative', () => {
    const region = { x: 1, y: 0, width: 2, height: 4 };
    expect([...rendered(square(4), { viewport: { region } }).data.subarray(0, 2)]).toEqual([10, 20]);
    const mirrored = { ...region, width: -2 };
    expect([...rendered(square(4), { viewport: { region: mirrored } }).data.subarray(0, 2)]).toEqual([20, 10]);
    const column = lineOf([1, 2, 3], { rows: 3, columns: 1 });
    expect([...rendered(column, { viewport: { region: { x: 0, y: 0, width: 1, height: -3 } } }).data]).toEqual([
      3, 2, 1,
    ]);
    expect(() => rendered(square(4), { viewport: { region: { x: 4, y: 0, width: 1, height: 1 } } })).toThrow(
      RenderError,
    );
  });

  test('has as many channels as asked for', () => {
    expect([...rendered(lineOf([7]), { channels: 4 }).data]).toEqual([7, 7, 7, 255]);
    const red = lineOf([], {
      pixels: Uint8Array.of(255, 0, 0),
      samples: 3,
      columns: 1,
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      photometricInterpretation: 'RGB',
    });
    expect([...rendered(red, { channels: 4 }).data]).toEqual([255, 0, 0, 255]);
    expect([...rendered(red, { channels: 1 }).data]).toEqual([76]);
  });
});

describe('[ARCH-1] a palette', () => {
  const bytes = (...words: number[]): Uint8Array => new Uint8Array(Uint16Array.from(words).buffer);

  test('of segments is expanded: discrete, linear and indirect', () => {
    const data = bytes(0, 2, 10, 20, 1, 2, 40, 2, 1, 0, 0);
    expect([...expandSegments(data, 6, true)]).toEqual([10, 20, 30, 40, 10, 20]);
    for (const wrong of [bytes(0, 9, 1), bytes(1, 2, 3), bytes(3, 1, 1), bytes(0, 1, 5, 2, 1, 6, 0), bytes(0, 1, 5)]) {
      expect(() => expandSegments(wrong, 6, true)).toThrow(RenderError);
    }
  });

  test('says how it is written by its length and its values', () => {
    expect(lookupTable([4, 0, 8], Uint8Array.of(1, 2, 3, 255), true, false)).toMatchObject({ bits: 8 });
    expect(lookupTable([2, 0, 16], bytes(1, 255), true, false)).toMatchObject({ bits: 8 });
    expect(lookupTable([2, 0, 8], bytes(1, 0xff00), true, false)).toMatchObject({ bits: 16 });
    expect(lookupTable([0, 65535, 16], new Uint8Array(131072).fill(200), true, true)).toMatchObject({
      first: -1,
      bits: 16,
    });
    expect(() => lookupTable([8, 0, 16], Uint8Array.of(1, 2), true, false)).toThrow(RenderError);
  });
});
