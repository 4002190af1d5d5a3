import { describe, expect, test } from 'vitest';
import { toBase64 } from '../base64.ts';
import type { JsonDataSet } from '../model.ts';
import { readDataSet } from '../part10.ts';
import { ExplicitVRLittleEndian, transferSyntaxOf } from '../transfer-syntax.ts';
import { writeDataSet } from '../writer.ts';
import { displayAttributesOf } from './display-attributes.ts';
import { frameDescription, imagePixelModuleOf } from './frame-description.ts';
import { DecodeError } from './pixel-error.ts';

const syntax = transferSyntaxOf(ExplicitVRLittleEndian);
const dataSetOf = (json: JsonDataSet) => readDataSet(writeDataSet(json), syntax);
const words = (...values: number[]): string => toBase64(new Uint8Array(Uint16Array.from(values).buffer));

describe('[ARCH-1] what a data set says about showing', () => {
  test('is read at its top', () => {
    const display = displayAttributesOf(
      dataSetOf({
        '00280034': { vr: 'IS', Value: [2, 1] },
        '00280103': { vr: 'US', Value: [1] },
        '00280120': { vr: 'US', Value: [63536] },
        '00281050': { vr: 'DS', Value: [40, 300] },
        '00281051': { vr: 'DS', Value: [400, 1500] },
        '00281052': { vr: 'DS', Value: [-1024] },
        '00281053': { vr: 'DS', Value: [1.5] },
        '00281056': { vr: 'CS', Value: ['SIGMOID'] },
        '20500020': { vr: 'CS', Value: ['INVERSE'] },
      }),
    );
    expect(display).toEqual({
      windows: [
        { center: 40, width: 400, shape: 'SIGMOID' },
        { center: 300, width: 1500, shape: 'SIGMOID' },
      ],
      rescale: { slope: 1.5, intercept: -1024 },
      padding: { from: -2000, to: -2000 },
      presentationLutShape: 'INVERSE',
      pixelAspectRatio: 2,
      overlays: [],
    });
  });

  test('is read in functional groups: the frame’s own, then the shared ones', () => {
    const group = (intercept: number): JsonDataSet => ({
      '00289145': {
        vr: 'SQ',
        Value: [{ '00281052': { vr: 'DS', Value: [intercept] }, '00281053': { vr: 'DS', Value: [1] } }],
      },
    });
    const window: JsonDataSet = {
      '00289132': {
        vr: 'SQ',
        Value: [{ '00281050': { vr: 'DS', Value: [5] }, '00281051': { vr: 'DS', Value: [10] } }],
      },
    };
    const dataSet = dataSetOf({
      '52009229': { vr: 'SQ', Value: [window] },
      '52009230': { vr: 'SQ', Value: [group(1), group(2)] },
    });
    expect(displayAttributesOf(dataSet, 1)).toMatchObject({
      rescale: { slope: 1, intercept: 2 },
      windows: [{ center: 5, width: 10, shape: 'LINEAR' }],
    });
  });

  test('holds its tables, palettes and overlays', () => {
    const lut = {
      '00283002': { vr: 'US', Value: [2, 0, 12] },
      '00283006': { vr: 'OW', InlineBinary: words(1, 4000) },
    } satisfies JsonDataSet;
    const palette = Object.fromEntries(
      [1, 2, 3].flatMap((i) => [
        [`0028110${i}`, { vr: 'US' as const, Value: [3, 0, 16] }],
        i === 3
          ? ['00281223', { vr: 'OW' as const, InlineBinary: words(0, 1, 0, 1, 2, 0xffff) }]
          : [`0028120${i}`, { vr: 'OW' as const, InlineBinary: words(0, 0x8000, 0xffff) }],
      ]),
    );
    const display = displayAttributesOf(
      dataSetOf({
        ...palette,
        '00283000': { vr: 'SQ', Value: [lut] },
        '00283010': { vr: 'SQ', Value: [lut] },
        '60000010': { vr: 'US', Value: [2] },
        '60000011': { vr: 'US', Value: [4] },
        '60000050': { vr: 'SS', Value: [1, -1] },
        '60003000': { vr: 'OW', InlineBinary: words(0x5a) },
      }),
    );
    expect(display.modalityLut).toEqual({ first: 0, bits: 12, values: Uint16Array.of(1, 4000) });
    expect(display.voiLut).toEqual(display.modalityLut);
    expect([...display.palette!.red.values]).toEqual([0, 0x8000, 0xffff]);
    expect([...display.palette!.blue.values]).toEqual([0, 0x8000, 0xffff]);
    expect(display.overlays).toMatchObject([
      { rows: 2, columns: 4, originRow: 1, originColumn: -1, frames: 1, firstFrame: 0 },
    ]);
  });
});

describe('[ARCH-2] the Image Pixel Module', () => {
  const least: JsonDataSet = {
    '00280010': { vr: 'US', Value: [1] },
    '00280011': { vr: 'US', Value: [2] },
    '00280100': { vr: 'US', Value: [16] },
    '7FE00010': { vr: 'OW', InlineBinary: words(1, 2) },
  };

  test('is filled in where only one value makes sense', () => {
    expect(frameDescription(dataSetOf({ ...least, '00280102': { vr: 'US', Value: [3] } }), syntax)).toMatchObject({
      rows: 1,
      columns: 2,
      samplesPerPixel: 1,
      photometricInterpretation: 'MONOCHROME2',
      planarConfiguration: 0,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      pixelRepresentation: 0,
      numberOfFrames: 1,
      sampleType: 'integer',
      vr: 'OW',
      transferSyntax: syntax,
    });
  });

  test('of float pixel data has the width of floats', () => {
    const { '00280100': _, '7FE00010': __, ...rest } = least;
    const floats = toBase64(new Uint8Array(Float32Array.of(1, 2).buffer));
    const module = imagePixelModuleOf(dataSetOf({ ...rest, '7FE00008': { vr: 'OF', InlineBinary: floats } }));
    expect(module).toMatchObject({ bitsAllocated: 32, sampleType: 'float', vr: 'OF' });
  });

  test('is no module without rows, columns or bits, and no frames are without pixel data', () => {
    const { '00280010': _, ...noRows } = least;
    const { '7FE00010': __, ...noPixels } = least;
    expect(() => imagePixelModuleOf(dataSetOf(noRows))).toThrow(DecodeError);
    expect(frameDescription(dataSetOf(noPixels), syntax)).toBeUndefined();
  });
});
