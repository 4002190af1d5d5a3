import { JPEG2000Lossless, type JsonDataSet } from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { counted, pathOf, pictureFile, store } from '../pixels/test/picture-file.ts';

const server = testServer();
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => server.fetch(path, { headers });

async function picture(answer: Response) {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  const { data, info } = await sharp(await answer.arrayBuffer())
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

test('[ARCH-1] a thumbnail fits into 256 pixels, or into the viewport asked for', async () => {
  const file = pictureFile({ rows: 40, columns: 60, pixels: counted(2400) });
  await store(server, file);
  for (const path of [
    `/dicom-web/studies/${file.study}`,
    `/dicom-web/studies/${file.study}/series/${file.series}`,
    pathOf(file),
    `${pathOf(file)}/frames/1`,
    `/zones/repository/dicom-web/studies/${file.study}`,
  ]) {
    const answer = await get(`${path}/thumbnail`);
    if (path.includes('/zones/')) expect([200, 404]).toContain(answer.status);
    else expect(await picture(answer)).toMatchObject({ width: 256, height: 171 });
  }
  expect(await picture(await get(`${pathOf(file)}/thumbnail?viewport=30,30`))).toMatchObject({ width: 30, height: 20 });
  expect((await get(`${pathOf(file)}/thumbnail?viewport=x`)).status).toBe(400);
  expect((await get(`${pathOf(file)}/frames/2/thumbnail`)).status).toBe(404);
  expect((await get(`${pathOf(file)}/frames/1,2/thumbnail`)).status).toBe(400);
  expect((await get('/dicom-web/studies/1.2.3/thumbnail')).status).toBe(404);
  expect((await get(`${pathOf(file)}/thumbnail`, { accept: 'text/html' })).status).toBe(406);
});

const showsAll: JsonDataSet = {
  '00281050': { vr: 'DS', Value: [128] },
  '00281051': { vr: 'DS', Value: [256] },
};

test('[ARCH-1] a series shows its middle instance, a study the series that was imaged', async () => {
  const study = '1.2.826.0.9';
  const of = (series: number, number: number, modality: string, level: number) => {
    const names = { study, series: `${study}.${series}` };
    const file = pictureFile({
      rows: 8,
      columns: 8,
      pixels: new Uint8Array(64).fill(level),
      elements: {
        ...showsAll,
        '00080060': { vr: 'CS', Value: [modality] },
        '0020000D': { vr: 'UI', Value: [study] },
        '0020000E': { vr: 'UI', Value: [names.series] },
        '00200011': { vr: 'IS', Value: [series] },
        '00200013': { vr: 'IS', Value: [number] },
      },
    });
    return { ...file, ...names };
  };
  // Sent in no order.
  await store(server, of(1, 1, 'SEG', 0), of(2, 3, 'CT', 250), of(2, 1, 'CT', 10), of(2, 2, 'CT', 128));
  const level = async (path: string) =>
    (await picture(await get(`/dicom-web/studies/${study}${path}/thumbnail`))).data[0];
  expect(await level('/series/1.2.826.0.9.2')).toBeCloseTo(128, -1);
  expect(await level('')).toBeCloseTo(128, -1);
  expect(await level('/series/1.2.826.0.9.1')).toBeLessThan(5);
});

test('[ARCH-1] a multi-frame instance shows its middle frame', async () => {
  const frames = pictureFile({
    rows: 8,
    columns: 8,
    numberOfFrames: 3,
    pixels: Uint8Array.from({ length: 192 }, (_, i) => (i >> 6 === 1 ? 255 : 0)),
    elements: showsAll,
  });
  await store(server, frames);
  const { data } = await picture(await get(`${pathOf(frames)}/thumbnail`));
  expect(Math.min(...data.subarray(0, 1000))).toBeGreaterThan(250);
  const first = await picture(await get(`${pathOf(frames)}/frames/1/thumbnail`));
  expect(Math.max(...first.data.subarray(0, 1000))).toBeLessThan(5);
});

test('[ARCH-1] what has no pixels, or none that can be read, gets a picture that says so', async () => {
  const report = pictureFile({ elements: { '00080060': { vr: 'CS', Value: ['SR'] } } });
  const broken = pictureFile({ transferSyntaxUid: JPEG2000Lossless, fragments: [counted(100)] });
  await store(server, report, broken);
  const [one, two] = await Promise.all(
    [report, broken].map(async (file) => picture(await get(`${pathOf(file)}/thumbnail`))),
  );
  expect(one).toMatchObject({ width: 256, height: 256 });
  expect(two?.data.equals(one!.data)).toBe(false);
  expect(new Set(one!.data).size).toBeGreaterThan(10);
});

test('[ARCH-1] thumbnails are cached by their ETag', async () => {
  const file = pictureFile({ pixels: counted(24) });
  await store(server, file);
  const answer = await get(`${pathOf(file)}/thumbnail`);
  expect(answer.headers.get('cache-control')).toMatch(/^private, max-age=\d+, immutable$/);
  const etag = answer.headers.get('etag') ?? '';
  expect((await get(`${pathOf(file)}/thumbnail`, { 'if-none-match': etag })).status).toBe(304);
  const series = await get(`/dicom-web/studies/${file.study}/series/${file.series}/thumbnail`);
  expect(series.headers.get('cache-control')).toBe('private, no-cache');
  expect((await fetch(new URL(`${pathOf(file)}/thumbnail`, server.url))).status).toBe(401);
});
