import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ExplicitVRLittleEndian, firstString, type Part10, readPart10 } from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import { storeAnswer, storeRequest } from '@isocenter/testkit/dicomweb';
import { needs } from '@isocenter/testkit/needs';
import { programsMissing } from '@isocenter/testkit/programs';
import { realFilesFolder, realFilesMissing } from '@isocenter/testkit/real-files';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ran } from './pixel-peers.ts';

const missing = realFilesMissing ?? programsMissing('dcmcjpeg', 'dcmdjpeg');
needs(missing);

const server = testServer();
const folder = mkdtempSync(join(tmpdir(), 'isocenter-jpeg-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string): string => join(realFilesFolder, 'dicom/pydicom-test-files', name);

/** A file with a JPEG frame of 12 bits, and its pixels as dcmtk decodes them. */
interface Picture {
  readonly name: string;
  readonly bytes: Buffer;
  readonly part10: Part10;
  readonly frame: Buffer;
  readonly pixels: Buffer;
}
const pictures: Picture[] = [];

beforeAll(() => {
  if (missing) return;
  const paths = ['JPEG-lossy.dcm', 'JPGExtended.dcm'].map(fileOf);
  // Sequential, spectral selection, full progression; all with 12 bits, to which dcmtk scales what has more.
  for (const process of ['+ee', '+es', '+ep']) {
    for (const name of ['MR_small.dcm', 'CT_small.dcm', 'examples_overlay.dcm']) {
      const path = join(folder, `${process}-${name}`);
      if (ran('dcmcjpeg', process, '+bt', fileOf(name), path)) paths.push(path);
    }
  }
  for (const path of paths) {
    const native = join(folder, 'native.dcm');
    if (!ran('dcmdjpeg', path, native)) throw new Error(`dcmtk doesn't decode ${path}`);
    const bytes = readFileSync(path);
    const part10 = readPart10(bytes);
    const [, { offset, length }] = part10.dataSet.elements.get(0x7fe00010)!.fragments as [unknown, Fragment];
    pictures.push({
      name: basename(path),
      bytes,
      part10,
      frame: bytes.subarray(offset, offset + length),
      pixels: pixelsOf(readFileSync(native)),
    });
  }
});

type Fragment = { readonly offset: number; readonly length: number };

const pixelsOf = (file: Buffer): Buffer => Buffer.from(readPart10(file).dataSet.elements.get(0x7fe00010)!.value!);

/** The precision in the frame's header: that of SOF1 or SOF2, after the marker and its length. */
const precisionOf = (frame: Buffer): number =>
  frame[frame.findIndex((byte, i) => byte === 0xff && /^c[12]$/.test(frame[i + 1]!.toString(16))) + 4]!;

async function bytesAt(path: string, accept: string): Promise<Buffer> {
  const answer = await server.fetch(path, { headers: { accept } });
  expect([path, accept, answer.status]).toEqual([path, accept, 200]);
  return Buffer.from(await answer.arrayBuffer());
}

test('[ARCH-2] JPEG of 12 bits decodes to the pixels of dcmtk, and is served as it is', async () => {
  expect(pictures.map(({ frame }) => precisionOf(frame))).toEqual(pictures.map(() => 12));
  expect(pictures.length).toBe(2 + 3 * 3);
  for (const { name, bytes, part10, frame, pixels } of pictures) {
    const [study, series, instance] = [0x0020000d, 0x0020000e, 0x00080018].map((tag) =>
      firstString(part10.dataSet, tag),
    );
    expect((await storeAnswer(await server.fetch('/dicom-web/studies', storeRequest([bytes])))).failed).toEqual([]);
    const path = `/dicom-web/studies/${study}/series/${series}/instances/${instance}`;
    expect([name, (await bytesAt(`${path}/frames/1`, 'application/octet-stream')).equals(pixels)]).toEqual([
      name,
      true,
    ]);
    const explicit = await bytesAt(path, `application/dicom; transfer-syntax=${ExplicitVRLittleEndian}`);
    expect([name, pixelsOf(explicit).equals(pixels)]).toEqual([name, true]);
    await bytesAt(`${path}/rendered`, 'image/png');
    const asStored = await bytesAt(`${path}/frames/1`, 'image/jpeg');
    expect([name, asStored.equals(frame)]).toEqual([name, true]);
    expect((await bytesAt(path, 'application/dicom; transfer-syntax=*')).equals(bytes)).toBe(true);
    expect((await server.fetch(`/dicom-web/studies/${study}`, { method: 'DELETE' })).status).toBe(204);
  }
});
