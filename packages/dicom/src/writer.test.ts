import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { needs } from '@isocenter/testkit';
import { realFiles, realFilesFolder, realFilesMissing } from '@isocenter/testkit/real-files';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DicomError } from './dicom-error.ts';
import { jsonText, toJson } from './json.ts';
import type { JsonDataSet, JsonElement } from './model.ts';
import { readDataSet, readPart10 } from './part10.ts';
import { arbitraryJson, arbitraryNodes, uncompressed } from './testing/arbitrary.ts';
import { bytesOf, encode, file } from './testing/encoded.ts';
import { transferSyntaxOf } from './transfer-syntax.ts';
import { firstString } from './value.ts';
import { writeDataSet, writeFileMeta, writePart10 } from './writer.ts';

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DicomError) return error.code;
    throw error;
  }
  return 'no error';
}

const rewritten = (json: JsonDataSet, uid: string): JsonDataSet => {
  const bytes = writeDataSet(json, { transferSyntaxUid: uid });
  return toJson(readPart10(file(uid, bytes)).dataSet);
};

describe('writing', () => {
  it.each(uncompressed)('[ARCH-2] what was read gives the same bytes, $uid', ({ uid, layout, deflated }) => {
    fc.assert(
      fc.property(arbitraryNodes(3, { definedLengths: true }), (nodes) => {
        const bytes = encode(nodes, layout);
        const dataSet = readDataSet(bytes, { ...transferSyntaxOf(uid), deflated: false });
        const written = writeDataSet(toJson(dataSet), { transferSyntaxUid: uid });
        expect(written.length % 2).toBe(0);
        expect(Buffer.compare(deflated ? inflateRawSync(written) : written, bytes)).toBe(0);
      }),
    );
  });

  it.each(uncompressed)('[ARCH-2] and reading gives the same JSON, $uid', ({ uid }) => {
    fc.assert(
      fc.property(arbitraryJson(2), (json) => {
        expect(JSON.stringify(rewritten(json, uid))).toBe(JSON.stringify(json));
      }),
    );
  });

  it('[ARCH-2] puts elements in order, leaves group lengths out', () => {
    const json: JsonDataSet = {
      '00280010': { vr: 'US', Value: [1] },
      '0008000a': { vr: 'UN' },
      '0008000B': { vr: 'UN' },
      '00080000': { vr: 'UL', Value: [99] },
    };
    expect(Object.keys(rewritten(json, '1.2.840.10008.1.2.1'))).toEqual(['0008000A', '0008000B', '00280010']);
  });

  it('[ARCH-2] writes a value that is too long for its VR’s header as UN', () => {
    const Value = ['a'.repeat(70_000)];
    const long = readDataSet(
      writeDataSet({ '00080008': { vr: 'CS', Value } }),
      transferSyntaxOf('1.2.840.10008.1.2.1'),
    );
    expect(long.elements.get(0x00080008)).toMatchObject({ vr: 'UN', length: 70_000 });
    expect(rewritten({ '00080008': { vr: 'CS', Value } }, '1.2.840.10008.1.2')['00080008']).toEqual({
      vr: 'CS',
      Value,
    });
  });

  it('[ARCH-2] writes fragments of pixel data and bulk data by reference', () => {
    const json: JsonDataSet = {
      '00660023': { vr: 'OW', BulkDataURI: 'a' },
      '7FE00010': { vr: 'OB', BulkDataURI: 'b' },
    };
    const bulkData = (uri: string) => (uri === 'a' ? bytesOf(1, 2) : undefined);
    const fragments = [bytesOf(1, 2, 3)];
    const uid = '1.2.840.10008.1.2.4.50';
    const bytes = writeDataSet(json, { transferSyntaxUid: uid, bulkData, fragments });
    const { elements } = readDataSet(bytes, transferSyntaxOf(uid));
    expect([...elements.get(0x00660023)!.value!]).toEqual([1, 2]);
    expect(elements.get(0x7fe00010)!.fragments!.map(({ length }) => length)).toEqual([0, 4]);
    expect(codeOf(() => writeDataSet(json, { bulkData }))).toBe('not-encodable');
  });

  it.each<[string, JsonElement]>([
    ['a number beyond its VR', { vr: 'US', Value: [65536] }],
    ['no integer', { vr: 'SL', Value: [1.5] }],
    ['a 64-bit number beyond its VR', { vr: 'UV', Value: ['18446744073709551616'] }],
    ['no number', { vr: 'FD', Value: ['much'] }],
    ['null for a number', { vr: 'US', Value: [null] }],
    ['an empty text for a number', { vr: 'FL', Value: [''] }],
    ['no tag', { vr: 'AT', Value: ['0010'] }],
    ['text outside of the character set', { vr: 'LO', Value: ['山'] }],
    ['text outside of the default repertoire', { vr: 'CS', Value: ['山'] }],
    ['a backslash within a value', { vr: 'LO', Value: ['a\\b'] }],
    ['two values where one may be', { vr: 'LT', Value: ['a', 'b'] }],
    ['an equals sign within a name', { vr: 'PN', Value: [{ Alphabetic: 'a=b' }] }],
    ['a name for other text', { vr: 'LO', Value: [{ Alphabetic: 'a' }] }],
    ['a value for bytes', { vr: 'OB', Value: [1] }],
    ['what is no base64', { vr: 'OB', InlineBinary: '%' }],
    ['what is no item', { vr: 'SQ', Value: ['a'] }],
    ['a VR that is none', JSON.parse('{ "vr": "ZZ", "Value": ["a"] }') as JsonElement],
  ])('[ARCH-2] refuses %s', (_, json) => {
    expect(codeOf(() => writeDataSet({ '00100020': json }))).toBe('not-encodable');
  });

  it('[ARCH-2] refuses what is no tag, and items and delimiters as elements', () => {
    for (const tag of ['PatientID', '0010', 'FFFEE000', 'FFFEE0DD']) {
      expect(
        codeOf(() => writeDataSet({ [tag]: { vr: 'LO' } })),
        tag,
      ).toBe('not-encodable');
    }
  });

  it('[ARCH-2] names tags in its errors and never values', () => {
    expect(() => writeDataSet({ '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Sécret' }] } })).toThrow(
      /^\(0010,0010\) (?!.*cret)/,
    );
  });
});

describe('writing a file', () => {
  const json: JsonDataSet = {
    '00020010': { vr: 'UI', Value: ['1.2.3.4'] },
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
    '00080018': { vr: 'UI', Value: ['1.2.3'] },
  };

  it.each(uncompressed)('[ARCH-2] names what is in it, $uid', ({ uid }) => {
    const part10 = readPart10(writePart10(json, { transferSyntaxUid: uid }));
    expect(part10).toMatchObject({ preamble: true, transferSyntax: { uid } });
    expect(firstString(part10.meta, 0x00020002)).toBe('1.2.840.10008.5.1.4.1.1.7');
    expect(firstString(part10.meta, 0x00020003)).toBe('1.2.3');
    expect(Object.keys(toJson(part10.dataSet))).toEqual(['00080016', '00080018']);
  });

  it('[ARCH-2] needs the SOP Class and Instance UID', () => {
    expect(codeOf(() => writePart10({ '00080016': json['00080016']! }))).toBe('not-encodable');
  });

  it('[ARCH-2] has meta information of which the group length is right', () => {
    const meta = writeFileMeta({
      sopClassUid: '1.2',
      sopInstanceUid: '1.2.3',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      sourceApplicationEntityTitle: 'MR1',
    });
    expect(new DataView(meta.buffer, meta.byteOffset).getUint32(140, true)).toBe(meta.length - 144);
  });
});

describe('real files', () => {
  needs(realFilesMissing);

  it('[ARCH-2] say the same after their JSON was written and read', () => {
    const bulkDataUri = (path: string): string => path;
    const refused: string[] = [];
    for (const path of realFiles.filter((_, i) => i % 6 === 0)) {
      const { dataSet } = readPart10(readFileSync(`${realFilesFolder}/${path}`), { keep: 1 << 16 });
      const json = toJson(dataSet, { bulkDataUri });
      const options = { bulkData: () => new Uint8Array(0) };
      const code = codeOf(() => {
        const written = writeDataSet(JSON.parse(jsonText(json)) as JsonDataSet, options);
        const again = toJson(readDataSet(written, transferSyntaxOf('1.2.840.10008.1.2.1')));
        expect(jsonText(withoutReferences(again, json)), path).toBe(jsonText(withoutReferences(json, json)));
      });
      if (code !== 'no error') refused.push(path);
    }
    expect(refused).toEqual([]);
  });
});

const evenBinary = (base64: string): string => {
  const bytes = Buffer.from(base64, 'base64');
  return Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]).toString('base64');
};

/** Bulk data was written empty, odd lengths were made even. */
function withoutReferences(json: JsonDataSet, like: JsonDataSet): JsonDataSet {
  const kept = Object.entries(json).filter(([tag]) => like[tag]?.BulkDataURI === undefined);
  return Object.fromEntries(
    kept.map(([tag, element]) => {
      if (element.InlineBinary) return [tag, { ...element, InlineBinary: evenBinary(element.InlineBinary) }];
      if (element.vr !== 'SQ' || !element.Value) return [tag, element];
      const items = (like[tag]?.Value ?? []) as JsonDataSet[];
      const Value = (element.Value as JsonDataSet[]).map((item, i) => withoutReferences(item, items[i] ?? {}));
      return [tag, { vr: 'SQ', Value }];
    }),
  );
}
