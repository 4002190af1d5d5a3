import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DicomError } from './dicom-error.ts';
import { toJson } from './json.ts';
import type { DataSet, Element, Part10 } from './model.ts';
import { Part10Reader, type ReadOptions, readPart10 } from './part10.ts';
import { arbitraryNodes, chunksOf, uncompressed } from './testing/arbitrary.ts';
import {
  BIG_ENDIAN,
  bytesOf,
  EXPLICIT,
  element,
  encode,
  file,
  header,
  IMPLICIT,
  type Node,
} from './testing/encoded.ts';
import { firstNumber, firstString } from './value.ts';

const IMPLICIT_UID = '1.2.840.10008.1.2';
const EXPLICIT_UID = '1.2.840.10008.1.2.1';
const DEFLATED_UID = '1.2.840.10008.1.2.1.99';
const BIG_ENDIAN_UID = '1.2.840.10008.1.2.2';

const sop = (layout = EXPLICIT) => element(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7\0', layout);
const rows = (layout = EXPLICIT) => element(0x00280010, 'US', bytesOf(2, 1), layout);
const small = (layout = EXPLICIT) => bytesOf(sop(layout), rows(layout));
/** What every form of the small data set says. */
const SMALL = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00280010': { vr: 'US', Value: [258] },
};

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DicomError) return error.code;
    throw error;
  }
  return 'no error';
}

function streamed(chunks: readonly Uint8Array[], options: ReadOptions): Part10 {
  const reader = new Part10Reader(options);
  for (const chunk of chunks) reader.push(chunk);
  return reader.end();
}

/** All of a data set but the chain to its parent, in a form to be compared. */
function plain(dataSet: DataSet): unknown {
  const { offset, end, truncated, characterSet } = dataSet;
  const one = ({ items, value, ...rest }: Element): unknown => ({
    ...rest,
    value: value && Buffer.from(value).toString('hex'),
    items: items?.map(({ dataSet: inner, ...item }) => ({ ...item, inner: plain(inner) })),
  });
  const elements = [...dataSet.elements.values()].map(one);
  return { offset, end, truncated, characterSet, elements, shadowed: dataSet.shadowed.map(one) };
}
const comparable = ({ meta, dataSet, ...rest }: Part10): string =>
  JSON.stringify({ ...rest, meta: plain(meta), dataSet: plain(dataSet) });

const pixelData: Node = { kind: 'plain', tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(3000).map((_, i) => i) };

describe('reading a file', () => {
  it.each(uncompressed)('[ARCH-2] in chunks of any size as in one piece, $uid', ({ uid, layout, deflated }) => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 400 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(arbitraryNodes(2), sizes, fc.constantFrom(10, 100, Number.POSITIVE_INFINITY), (nodes, cuts, keep) => {
        const dataSet = encode([...nodes, pixelData], layout);
        const bytes = file(uid, deflated ? deflateRawSync(dataSet) : dataSet);
        const whole = readPart10(bytes, { keep });
        expect(whole).toMatchObject({ preamble: true, transferSyntax: { uid } });
        expect(whole.truncated).toBeUndefined();
        expect(comparable(streamed(chunksOf(bytes, cuts), { keep }))).toBe(comparable(whole));
        expect(whole.dataSet.end).toBe(deflated ? dataSet.length : bytes.length);
      }),
    );
  });

  it('[ARCH-2] cut at any byte, says that it is cut short or that it is no DICOM file', () => {
    fc.assert(
      fc.property(
        arbitraryNodes(2),
        fc.constantFrom(...uncompressed),
        fc.integer({ min: 20, max: 90 }),
        (nodes, syntax, size) => {
          const dataSet = encode(nodes, syntax.layout);
          fc.pre(dataSet.length > 0);
          const bytes = file(syntax.uid, syntax.deflated ? deflateRawSync(dataSet) : dataSet);
          const step = Math.ceil(bytes.length / 100);
          for (let length = size % step; length < bytes.length; length += step) {
            const cut = bytes.subarray(0, length);
            const code = codeOf(() => expectCut(readPart10(cut), () => streamed(chunksOf(cut, [size]), {})));
            expect(['no error', 'truncated', 'not-dicom']).toContain(code);
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  function expectCut(whole: Part10, stream: () => Part10): void {
    expect(comparable(stream())).toBe(comparable(whole));
    expect(whole.dataSet.truncated).toBe(whole.truncated !== undefined);
  }

  it('[ARCH-2] stops where it is told to and needs no more', () => {
    const reader = new Part10Reader({ stopBefore: 0x00280000 });
    reader.push(file(EXPLICIT_UID, small()));
    expect(reader.done).toBe(true);
    expect([...reader.end().dataSet.elements.keys()]).toEqual([0x00080016]);
    expect(readPart10(file(EXPLICIT_UID, rows()), { stopBefore: 0x00080000 }).dataSet.elements.size).toBe(0);
  });

  it('[ARCH-2] holds no chunk for the sake of a small value', () => {
    const chunk = new Uint8Array(1 << 16);
    chunk.set(file(EXPLICIT_UID, bytesOf(sop(), header(0x7fe00010, 'OW', 1 << 20))));
    const reader = new Part10Reader({ keep: 1000 });
    reader.push(chunk);
    reader.push(new Uint8Array(1 << 20));
    const value = reader.end().dataSet.elements.get(0x00080016)!.value!;
    expect(value.buffer.byteLength).toBeLessThan(1000);
  });

  it('[ARCH-2] inflates no more at a time than it lets go', () => {
    const dataSet = bytesOf(small(), element(0x7fe00010, 'OW', new Uint8Array(160 << 20)));
    const bytes = file(DEFLATED_UID, deflateRawSync(dataSet));
    const before = process.memoryUsage().arrayBuffers;
    const reader = new Part10Reader({ keep: 1000 });
    reader.push(bytes);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(dataSet.length);
    expect(reader.end().length).toBe(dataSet.length);
    const kept = { keepTotal: 1 << 20 };
    expect(codeOf(() => readPart10(bytes, kept))).toBe('header-too-large');
  });

  it('[ARCH-2] reads a deflated data set that was padded to an even length', () => {
    const deflated = deflateRawSync(small());
    const part10 = readPart10(file(DEFLATED_UID, bytesOf(deflated, 0)));
    expect(toJson(part10.dataSet)).toMatchObject(SMALL);
    expect(part10.truncated).toBeUndefined();
  });

  it('[ARCH-2] refuses a deflated data set that is damaged', () => {
    const deflated = bytesOf(deflateRawSync(small()));
    deflated[0] = 0xff;
    expect(codeOf(() => readPart10(file(DEFLATED_UID, deflated)))).toBe('malformed');
  });
});

describe('reading a file that is not as it says', () => {
  it.each([
    ['explicit, but implicit', EXPLICIT_UID, IMPLICIT],
    ['implicit, but explicit', IMPLICIT_UID, EXPLICIT],
    ['implicit, but explicit big endian', IMPLICIT_UID, BIG_ENDIAN],
    ['explicit, but big endian', EXPLICIT_UID, BIG_ENDIAN],
    ['big endian, but little endian', BIG_ENDIAN_UID, EXPLICIT],
    ['big endian, but implicit', BIG_ENDIAN_UID, IMPLICIT],
  ])('[ARCH-2] %s: reads what is there and keeps the name', (_, uid, layout) => {
    const part10 = readPart10(file(uid, small(layout)));
    expect(part10.transferSyntax).toMatchObject({
      uid,
      littleEndian: layout.littleEndian,
      explicitVR: layout.explicitVR,
    });
    expect(toJson(part10.dataSet)).toEqual(SMALL);
  });

  it.each([EXPLICIT, IMPLICIT, BIG_ENDIAN])(
    '[ARCH-2] without transfer syntax, meta information or preamble: %o',
    (layout) => {
      const dataSet = small(layout);
      const forms = [
        file(undefined, dataSet),
        bytesOf(new Uint8Array(128), 'DICM', dataSet),
        dataSet,
        file(undefined, dataSet).subarray(132),
      ];
      for (const bytes of forms) expect(toJson(readPart10(bytes).dataSet)).toEqual(SMALL);
    },
  );

  it('[ARCH-2] without meta information: takes the transfer syntax that it is told', () => {
    const part10 = readPart10(rows(BIG_ENDIAN), { transferSyntaxUid: BIG_ENDIAN_UID });
    expect(firstNumber(part10.dataSet, 0x00280010)).toBe(258);
    expect(part10).toMatchObject({ preamble: false, dataSetOffset: 0, transferSyntax: { uid: BIG_ENDIAN_UID } });
  });

  it('[ARCH-2] with meta information in implicit VR or without a group length', () => {
    const meta = [
      element(0x00020010, 'UI', `${EXPLICIT_UID}\0`, IMPLICIT),
      element(0x00020010, 'UI', `${EXPLICIT_UID}\0`, EXPLICIT),
    ];
    for (const syntax of meta) {
      const part10 = readPart10(bytesOf(new Uint8Array(128), 'DICM', syntax, small()));
      expect(firstString(part10.meta, 0x00020010)).toBe(EXPLICIT_UID);
      expect(toJson(part10.dataSet)).toEqual(SMALL);
    }
  });

  it('[ARCH-2] with a transfer syntax that nobody knows: explicit little endian', () => {
    const part10 = readPart10(file('1.2.3.4', small()));
    expect(part10.transferSyntax).toMatchObject({ uid: '1.2.3.4', encapsulated: true });
    expect(toJson(part10.dataSet)).toEqual(SMALL);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['zeros', new Uint8Array(1000)],
    ['text', bytesOf('The quick brown fox jumps over the lazy dog. '.repeat(10))],
    ['a PNG', bytesOf(0x89, 'PNG\r\n', 0x1a, 0x0a, 0, 0, 0, 13, 'IHDR', new Uint8Array(200))],
  ])('[ARCH-2] refuses %s', (_, bytes) => {
    expect(codeOf(() => readPart10(bytes))).toBe('not-dicom');
  });

  it('[ARCH-2] refuses a file without a data set', () => {
    expect(codeOf(() => readPart10(file(EXPLICIT_UID, new Uint8Array(0))))).toBe('truncated');
  });
});
