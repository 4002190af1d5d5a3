import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import {
  DeflatedExplicitVRLittleEndian,
  ExplicitVRBigEndian,
  ExplicitVRLittleEndian,
  firstString,
  HTJ2KLossless,
  ImplicitVRLittleEndian,
  JPEG2000Lossless,
  JPEGLosslessSV1,
  JPEGLSLossless,
  type JsonDataSet,
  numbersOf,
  type Part10,
  RLELossless,
  readPart10,
  toJson,
} from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import { expect, test } from 'vitest';
import { counted, type PictureFile, partsOf, pathOf, pictureFile, store } from '../pixels/test/picture-file.ts';

const server = testServer();

async function retrieved(file: PictureFile, uid: string): Promise<Part10> {
  const answer = await server.fetch(pathOf(file), { headers: { accept: `application/dicom; transfer-syntax=${uid}` } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    `application/dicom; transfer-syntax=${uid}`,
  ]);
  const part10 = readPart10(Buffer.from(await answer.arrayBuffer()));
  expect([part10.transferSyntax.uid, part10.truncated]).toEqual([uid, undefined]);
  return part10;
}

const pixelsOf = (part10: Part10): Buffer => Buffer.from(part10.dataSet.elements.get(0x7fe00010)?.value ?? []);

/** All but the pixels and what describes them. */
function rest(part10: Part10): JsonDataSet {
  const json = toJson(part10.dataSet);
  return Object.fromEntries(Object.entries(json).filter(([tag]) => !tag.startsWith('7FE0') && tag !== '00280004'));
}

/** Nested, private and after the pixels; long values that aren't held in memory. */
const around: JsonDataSet = {
  '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2.4'] } }, {}] },
  '00189087': { vr: 'FD', Value: [800.25] },
  '00281201': { vr: 'OW', InlineBinary: randomBytes(100_000).toString('base64') },
  '00290010': { vr: 'LO', Value: ['ISOCENTER TEST'] },
  '00291001': { vr: 'UN', InlineBinary: 'AQIDBA==' },
  '7FE10010': { vr: 'LO', Value: ['ISOCENTER TEST'] },
  '7FE11001': { vr: 'UN', InlineBinary: randomBytes(70_000).toString('base64') },
};
const native = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian];
const compressed = [RLELossless, JPEGLSLossless, JPEGLosslessSV1, JPEG2000Lossless, HTJ2KLossless];
const shape = { rows: 48, columns: 40, bitsAllocated: 16, bitsStored: 12, numberOfFrames: 3 };
const pixels = new Uint8Array(randomBytes(48 * 40 * 2 * 3).buffer).map((byte, i) => (i % 2 ? byte & 0x0f : byte));

for (const from of native) {
  for (const to of [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ...compressed]) {
    test(`[ARCH-2] an instance stored in ${from} can be had in ${to}, and back`, async () => {
      const file = pictureFile({ ...shape, pixels, transferSyntaxUid: from, elements: around });
      await store(server, file);
      const original = readPart10(file.bytes);
      const there = await retrieved(file, to);
      expect(JSON.stringify(rest(there))).toBe(JSON.stringify(rest(original)));
      expect(firstString(there.meta, 0x00020003)).toBe(file.instance);
      if (!compressed.includes(to)) return expect(pixelsOf(there).equals(pixels)).toBe(true);
      const { fragments = [] } = there.dataSet.elements.get(0x7fe00010) ?? {};
      expect(fragments.map(({ length }) => length % 2)).toEqual([0, 0, 0, 0]);
      // Stored in its turn, under another UID, it gives back what it was made from.
      const answer = await server.fetch(pathOf(file), {
        headers: { accept: `application/dicom; transfer-syntax=${to}` },
      });
      const bytes = Buffer.from((await answer.bytes()).buffer);
      for (let at = bytes.indexOf(file.instance); at >= 0; at = bytes.indexOf(file.instance, at + 1)) bytes[at] = 0x32;
      const copy = { ...file, instance: `2${file.instance.slice(1)}`, bytes };
      await store(server, copy);
      const back = await retrieved(copy, ExplicitVRLittleEndian);
      expect(pixelsOf(back).equals(pixels)).toBe(true);
      const frame = await server.fetch(`${pathOf(copy)}/frames/2`);
      expect((await partsOf(frame))[0]?.body.equals(pixels.subarray(48 * 40 * 2, 48 * 40 * 4))).toBe(true);
    });
  }
}

test('[ARCH-2] the offset table names every frame, whether the frames were held in memory or in the spool', async () => {
  const [rows, columns, numberOfFrames] = [1024, 1024, 12];
  const file = pictureFile({
    rows,
    columns,
    bitsAllocated: 16,
    numberOfFrames,
    pixels: randomBytes(rows * columns * 2 * numberOfFrames),
  });
  await store(server, file);
  const part10 = await retrieved(file, RLELossless);
  const [table, ...frames] = part10.dataSet.elements.get(0x7fe00010)?.fragments ?? [];
  expect(frames.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(16 * 1024 * 1024);
  const answer = Buffer.from(
    await (
      await server.fetch(pathOf(file), { headers: { accept: `application/dicom; transfer-syntax=${RLELossless}` } })
    ).arrayBuffer(),
  );
  const offsets = frames.map((_, i) => answer.readUInt32LE(table!.offset + i * 4));
  expect(offsets).toEqual(frames.map(({ offset }) => offset - frames[0]!.offset));
});

test('[ARCH-2] colour that a codec stores otherwise is described as it is stored', async () => {
  const file = pictureFile({
    rows: 32,
    columns: 32,
    samplesPerPixel: 3,
    planarConfiguration: 1,
    pixels: randomBytes(32 * 32 * 3),
  });
  await store(server, file);
  const jpeg2000 = await retrieved(file, JPEG2000Lossless);
  expect(firstString(jpeg2000.dataSet, 0x00280004)).toBe('YBR_RCT');
  expect(numbersOf(jpeg2000.dataSet, 0x00280006)).toEqual([0]);
  const explicit = await retrieved(file, ExplicitVRLittleEndian);
  expect([firstString(explicit.dataSet, 0x00280004), numbersOf(explicit.dataSet, 0x00280006)]).toEqual(['RGB', [1]]);
});

test('[ARCH-2] an instance without pixels keeps everything', async () => {
  const file = pictureFile({ transferSyntaxUid: ExplicitVRBigEndian, elements: around });
  await store(server, file);
  const part10 = await retrieved(file, ImplicitVRLittleEndian);
  expect(JSON.stringify(toJson(part10.dataSet))).toBe(JSON.stringify(toJson(readPart10(file.bytes).dataSet)));
});

test('[ARCH-2] pixel data of odd length are padded', async () => {
  const file = pictureFile({ rows: 3, columns: 3, transferSyntaxUid: RLELossless, fragments: [rle(counted(9))] });
  await store(server, file);
  expect([...pixelsOf(await retrieved(file, ExplicitVRLittleEndian))]).toEqual([...counted(9), 0]);
});

test('[ARCH-2] one-bit frames that were compressed apart are joined bit by bit', async () => {
  const fragments = [
    [0b0101_0101, 1],
    [0b1111_1110, 1],
    [0b0000_0011, 0],
  ].map((bytes) => deflateRawSync(Uint8Array.from(bytes)));
  const transferSyntaxUid = '1.2.840.10008.1.2.8.1';
  const file = pictureFile({
    rows: 3,
    columns: 3,
    bitsAllocated: 1,
    numberOfFrames: 3,
    transferSyntaxUid,
    fragments: fragments.map((bytes) => Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)])),
  });
  await store(server, file);
  const [first, second, third, last] = pixelsOf(await retrieved(file, ExplicitVRLittleEndian));
  expect([first, second, third, last]).toEqual([0b0101_0101, 0b1111_1101, 0b0000_1111, 0]);
});

/** One segment of one literal run. */
function rle(bytes: Uint8Array): Uint8Array {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(1, 0);
  header.writeUInt32LE(64, 4);
  return Buffer.concat([header, Buffer.of(bytes.length - 1), bytes]);
}

test('[ARCH-1] a transfer syntax that cannot be had is 406', async () => {
  const file = pictureFile({ pixels: counted(24) });
  await store(server, file);
  for (const uid of ['1.2.840.10008.1.2.4.50', ExplicitVRBigEndian, '1.2.840.10008.1.2.4.102', '1.2.3']) {
    const answer = await server.fetch(pathOf(file), {
      headers: { accept: `application/dicom; transfer-syntax=${uid}` },
    });
    expect([uid, answer.status]).toEqual([uid, 406]);
  }
});

test('[ARCH-1] pixels that turn out not to be readable come as stored, and are 406 where their transfer syntax was asked for', async () => {
  const good = pictureFile({ transferSyntaxUid: RLELossless, rows: 3, columns: 3, fragments: [rle(counted(9))] });
  const broken = pictureFile({ transferSyntaxUid: JPEG2000Lossless, fragments: [counted(100)] });
  await store(server, good, broken);
  const get = (file: PictureFile, accept: string): Promise<Response> =>
    server.fetch(pathOf(file), { headers: { accept } });
  const [part] = await partsOf(await get(broken, 'multipart/related; type="application/dicom"'));
  expect(part?.contentType).toBe(`application/dicom; transfer-syntax=${JPEG2000Lossless}`);
  expect(part?.body.equals(broken.bytes)).toBe(true);
  const [other] = await partsOf(await get(good, 'multipart/related; type="application/dicom"'));
  expect(other?.contentType).toBe(`application/dicom; transfer-syntax=${ExplicitVRLittleEndian}`);
  const refused = await get(broken, `application/dicom; transfer-syntax=${ExplicitVRLittleEndian}`);
  expect(await refused.json()).toMatchObject({ status: 406, code: 'not-acceptable' });
});

test('[ARCH-1] the length of a transcoded instance is stated before it is sent', async () => {
  const file = pictureFile({ ...shape, pixels, elements: around });
  await store(server, file);
  for (const uid of [ImplicitVRLittleEndian, JPEGLSLossless]) {
    const answer = await server.fetch(pathOf(file), {
      headers: { accept: `application/dicom; transfer-syntax=${uid}` },
    });
    expect(Number(answer.headers.get('content-length'))).toBe((await answer.arrayBuffer()).byteLength);
  }
});
