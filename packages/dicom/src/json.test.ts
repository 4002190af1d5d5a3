import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText, toJson } from './json.ts';
import type { DataSet, JsonDataSet, JsonElement } from './model.ts';
import { readDataSet } from './part10.ts';
import { arbitraryJson, arbitraryNodes, uncompressed } from './testing/arbitrary.ts';
import {
  BIG_ENDIAN,
  bytesOf,
  EXPLICIT,
  element,
  encode,
  header,
  IMPLICIT,
  ITEM,
  ITEM_END,
  type Layout,
  marker,
  SEQUENCE_END,
  UNDEFINED,
  uint16,
} from './testing/encoded.ts';
import { transferSyntaxOf } from './transfer-syntax.ts';
import type { VR } from './vr.ts';

const syntaxOf = (layout: Layout) =>
  transferSyntaxOf(uncompressed.find((syntax) => syntax.layout === layout && !syntax.deflated)!.uid);
const read = (bytes: Uint8Array, layout: Layout = EXPLICIT): DataSet => readDataSet(bytes, syntaxOf(layout));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** One element in JSON, written in explicit VR. */
function jsonOf(tag: number, vr: VR, value: Uint8Array | string, characterSet = 'ISO_IR 192'): JsonElement {
  const bytes = bytesOf(element(0x00080005, 'CS', characterSet), element(tag, vr, value));
  const json = toJson(read(bytes));
  return Object.values(json).at(-1)!;
}

function floats(kind: Float32ArrayConstructor | Float64ArrayConstructor, ...values: number[]): Uint8Array {
  return new Uint8Array(kind.from(values).buffer);
}
const longs = (...values: bigint[]): Uint8Array => new Uint8Array(BigInt64Array.from(values).buffer);

describe('the DICOM JSON model', () => {
  it.each<[VR, number, Uint8Array | string, unknown[] | undefined]>([
    ['AE', 0x00080055, ' ISO  ', ['ISO']],
    ['AS', 0x00101010, '042Y', ['042Y']],
    ['AT', 0x00280009, bytesOf(0x54, 0, 0x10, 0, 0xe0, 0x7f, 0x10, 0), ['00540010', '7FE00010']],
    ['CS', 0x00080008, 'DERIVED \\\\ AXIAL', ['DERIVED', null, 'AXIAL']],
    ['CS', 0x00080008, '  ', undefined],
    ['DA', 0x00080020, '20260131', ['20260131']],
    ['DS', 0x00280030, '0.50\\-1e-3 \\ +7.\\.5', [0.5, -0.001, 7, 0.5]],
    ['DS', 0x00280030, '1.5 mm\\\\2', ['1.5 mm', null, 2]],
    ['IS', 0x00200013, ' 12 ', [12]],
    ['IS', 0x00200013, '1A', ['1A']],
    [
      'FD',
      0x00189073,
      floats(Float64Array, 0.1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
      [0.1, 'NaN', 'Infinity', '-Infinity'],
    ],
    ['FL', 0x00189073, floats(Float32Array, 0.5, -2), [0.5, -2]],
    ['SL', 0x00186020, bytesOf(0xff, 0xff, 0xff, 0xff), [-1]],
    ['SS', 0x00189219, bytesOf(0xfe, 0xff), [-2]],
    ['SV', 0x00720082, longs(-1n, 2n ** 53n), [-1, '9007199254740992']],
    ['UL', 0x00186018, bytesOf(0xff, 0xff, 0xff, 0xff), [4294967295]],
    ['US', 0x00280010, bytesOf(0, 2), [512]],
    ['UV', 0x00720083, longs(-1n), ['18446744073709551615']],
    ['LO', 0x00081030, ' a\\b  ', ['a', 'b']],
    ['LT', 0x00104000, '  a\\b  \n ', ['  a\\b  \n']],
    ['ST', 0x00080081, ' a\\b', [' a\\b']],
    ['UT', 0x00189074, ' a\\b ', [' a\\b']],
    ['UC', 0x00189908, ' a\\b', [' a', 'b']],
    ['UI', 0x00080018, '1.2.3\0', ['1.2.3']],
    ['UR', 0x00081190, 'http://a/b?c\\d  ', ['http://a/b?c\\d']],
    ['PN', 0x00100010, 'A^B==C\\\\D', [{ Alphabetic: 'A^B', Phonetic: 'C' }, null, { Alphabetic: 'D' }]],
    ['TM', 0x00080030, '101112.5', ['101112.5']],
  ])('[ARCH-2] says %s as other readers do (%#)', (vr, tag, value, expected) => {
    expect(jsonOf(tag, vr, value)).toEqual(expected === undefined ? { vr } : { vr, Value: expected });
  });

  it('[ARCH-2] says text in the character set of its data set', () => {
    const yamada = bytesOf('Yamada^Tarou=', 0x1b, '$B;3ED', 0x1b, '(B^', 0x1b, '$BB@O:', 0x1b, '(B');
    expect(jsonOf(0x00100010, 'PN', yamada, '\\ISO 2022 IR 87 ').Value).toEqual([
      { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' },
    ]);
    expect(jsonOf(0x00081030, 'LO', bytesOf(0xc4), 'ISO_IR 100').Value).toEqual(['Ä']);
    expect(jsonOf(0x00180022, 'CS', bytesOf('A\\B '), 'ISO_IR 100').Value).toEqual(['A', 'B']);
  });

  it.each<[VR, number, number]>([
    ['OB', 0x00420011, 1],
    ['OW', 0x00281201, 2],
    ['OF', 0x00640020, 4],
    ['OL', 0x00660129, 4],
    ['OD', 0x00701a07, 8],
    ['OV', 0x00720081, 8],
  ])('[ARCH-2] says %s in little endian whatever it was written in', (vr, tag, unit) => {
    const value = Uint8Array.from({ length: unit * 4 }, (_, i) => i);
    for (const layout of [EXPLICIT, BIG_ENDIAN]) {
      expect(Object.values(toJson(read(element(tag, vr, value, layout), layout)))).toEqual([
        { vr, InlineBinary: base64(value) },
      ]);
    }
  });

  it('[ARCH-2] leaves group lengths out and puts tags in order', () => {
    const bytes = bytesOf(
      element(0x00280010, 'US', uint16(1)),
      element(0x00080000, 'UL', uint16(0)),
      element(0x00080060, 'CS', 'MR'),
    );
    expect(Object.keys(toJson(read(bytes)))).toEqual(['00080060', '00280010']);
  });

  it('[ARCH-2] refers to pixel data always and to other values by their length', () => {
    const bytes = bytesOf(
      header(0x54000100, 'SQ', UNDEFINED),
      marker(ITEM, UNDEFINED),
      element(0x54001010, 'OW', new Uint8Array(20)),
      marker(ITEM_END, 0),
      marker(SEQUENCE_END, 0),
      element(0x7fe00010, 'OW', new Uint8Array(2)),
    );
    const bulkDataUri = (path: string): string => `/bulk/${path}`;
    expect(toJson(read(bytes), { bulkDataUri, inlineLimit: 10 })).toEqual({
      '54000100': { vr: 'SQ', Value: [{ '54001010': { vr: 'OW', BulkDataURI: '/bulk/54000100/0/54001010' } }] },
      '7FE00010': { vr: 'OW', BulkDataURI: '/bulk/7FE00010' },
    });
    expect(toJson(read(bytes), { inlineLimit: 10 })['7FE00010']).toEqual({ vr: 'OW' });
    expect(toJson(read(element(0x00081030, 'LO', 'a'.repeat(20))), { bulkDataUri, inlineLimit: 10 })).toEqual({
      '00081030': { vr: 'LO', Value: ['a'.repeat(20)] },
    });
  });
});

describe('the text of the DICOM JSON model', () => {
  it('[ARCH-2] has attributes in order of their tags at every level', () => {
    const nested: JsonDataSet = { '00100010': { vr: 'PN' }, '60000010': { vr: 'US', Value: [1] } };
    const json: JsonDataSet = {
      '00080060': { vr: 'CS' },
      '30060020': { vr: 'SQ', Value: [nested, {}] },
      '7FE00010': { vr: 'OW' },
    };
    expect(jsonText(json)).toBe(
      '{"00080060":{"vr":"CS"},"30060020":{"vr":"SQ","Value":[' +
        '{"00100010":{"vr":"PN"},"60000010":{"vr":"US","Value":[1]}},{}]},"7FE00010":{"vr":"OW"}}',
    );
  });

  it('[ARCH-2] says the same as the model', () => {
    fc.assert(
      fc.property(arbitraryJson(2), (json) => {
        const text = jsonText(json);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(json));
      }),
    );
  });
});

describe('UN in the DICOM JSON model', () => {
  const item = bytesOf(marker(ITEM, UNDEFINED), element(0x00081155, 'UI', '1.2.3\0', IMPLICIT), marker(ITEM_END, 0));

  it.each([EXPLICIT, BIG_ENDIAN])('[ARCH-2] is said as what the dictionary knows, little endian (%#)', (layout) => {
    const un = (tag: number, value: Uint8Array) => bytesOf(header(tag, 'UN', value.length, layout), value);
    const bytes = bytesOf(
      un(0x00081140, item),
      header(0x00081199, 'UN', UNDEFINED, layout),
      item,
      marker(SEQUENCE_END, 0),
      un(0x00280010, uint16(512)),
      un(0x00281201, bytesOf(1, 2)),
      un(0x00281fff, bytesOf(1, 2)),
    );
    const sequence = { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2.3'] } }] };
    expect(toJson(read(bytes, layout))).toEqual({
      '00081140': sequence,
      '00081199': sequence,
      '00280010': { vr: 'US', Value: [512] },
      '00281201': { vr: 'OW', InlineBinary: base64(bytesOf(1, 2)) },
      '00281FFF': { vr: 'UN', InlineBinary: base64(bytesOf(1, 2)) },
    });
  });

  it('[ARCH-2] is said as what its private creator makes it', () => {
    const csa = (creator: string) =>
      toJson(read(bytesOf(element(0x00290010, 'LO', creator), element(0x00291008, 'UN', 'IMAGE '))))['00291008'];
    expect(csa('SIEMENS CSA HEADER')).toEqual({ vr: 'CS', Value: ['IMAGE'] });
    expect(csa('NOBODY')).toEqual({ vr: 'UN', InlineBinary: base64(bytesOf('IMAGE ')) });
  });

  it.each([
    ['holds no items', bytesOf('neither')],
    ['ends within an item', item.subarray(0, 25)],
    [
      'says more than it holds',
      bytesOf(marker(ITEM, 14), element(0x00081155, 'UI', '1.2.3\0', IMPLICIT).subarray(0, 12)),
    ],
  ])('[ARCH-2] stays UN when it should be a sequence and %s', (_, value) => {
    expect(jsonOf(0x00081140, 'UN', value)).toEqual({ vr: 'UN', InlineBinary: base64(value) });
  });

  it('[ARCH-2] nested without end does not exhaust the stack', () => {
    // A private sequence that is not known as one before its creator comes after it: each is read when it is answered.
    const creator = bytesOf(header(0x00190010, 'LO', 24, IMPLICIT), 'Philips Imaging DD 001  ');
    let value: Uint8Array = new Uint8Array(0);
    for (let depth = 0; depth < 500; depth++) {
      const inner = bytesOf(header(0x001910ff, 'SQ', value.length, IMPLICIT), value, creator);
      value = bytesOf(marker(ITEM, inner.length), inner);
    }
    const json = JSON.stringify(toJson(read(bytesOf(header(0x00081140, 'UN', value.length), value))));
    expect(json.length).toBeLessThan(value.length * 3);
  });
});

describe('JSON of any data set', () => {
  it('[ARCH-2] is the same in every transfer syntax', () => {
    fc.assert(
      fc.property(arbitraryNodes(2), (nodes) => {
        const [explicit, ...others] = [EXPLICIT, BIG_ENDIAN, IMPLICIT].map((layout) =>
          JSON.stringify(toJson(read(encode(nodes, layout), layout))),
        );
        for (const other of others) expect(other).toBe(explicit);
      }),
    );
  });
});
