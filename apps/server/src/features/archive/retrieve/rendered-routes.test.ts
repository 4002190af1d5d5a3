import {
  DeflatedExplicitVRLittleEndian,
  ExplicitVRBigEndian,
  JPEG2000Lossless,
  type JsonDataSet,
} from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { counted, partsOf, pathOf, pictureFile, store } from '../pixels/test/picture-file.ts';

const server = testServer();
const get = (path: string, accept = 'image/png', headers: Record<string, string> = {}): Promise<Response> =>
  server.fetch(path, { headers: { accept, ...headers } });

/** What a picture shows: its size, channels and samples. */
async function shown(picture: Response | Uint8Array) {
  const bytes = picture instanceof Response ? await picture.arrayBuffer() : picture;
  if (picture instanceof Response && picture.status !== 200) throw new Error(`answered ${picture.status}`);
  const { channels, width, height } = await sharp(bytes).metadata();
  // Without being told, libvips makes colour of gray.
  const data = await sharp(bytes)
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer();
  return { width, height, channels, data: [...data] };
}

const ds = (...values: number[]): JsonDataSet[string] => ({ vr: 'DS', Value: values });
const window = (center: number, width: number): JsonDataSet => ({ '00281050': ds(center), '00281051': ds(width) });
/** A row of values from 0 to 1000, in 16 bits, of which the window of the data set shows 0 to 500. */
const ramp = Uint16Array.from({ length: 11 * 2 }, (_, i) => (i % 11) * 100);
const rampFile = (more: Parameters<typeof pictureFile>[0] = {}) =>
  pictureFile({
    rows: 2,
    columns: 11,
    bitsAllocated: 16,
    pixels: new Uint8Array(ramp.buffer),
    elements: window(250.5, 501),
    ...more,
  });

test('[ARCH-1] a frame is shown with the window of its data set, or with another one', async () => {
  const file = rampFile();
  await store(server, file);
  const own = await shown(await get(`${pathOf(file)}/frames/1/rendered`));
  expect(own).toMatchObject({ width: 11, height: 2, channels: 1 });
  expect(own.data.slice(0, 11)).toEqual([0, 51, 102, 153, 204, 255, 255, 255, 255, 255, 255]);
  const other = await shown(await get(`${pathOf(file)}/rendered?window=500,1000,linear-exact`));
  expect(other.data.slice(0, 11)).toEqual([0, 26, 51, 77, 102, 128, 153, 179, 204, 230, 255]);
  const sigmoid = await shown(await get(`${pathOf(file)}/rendered?window=500,400,SIGMOID`));
  expect([sigmoid.data[0], sigmoid.data[5], sigmoid.data[10]]).toEqual([2, 128, 253]);
});

for (const transferSyntaxUid of [ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]) {
  test(`[ARCH-1] frames of ${transferSyntaxUid} are shown alike`, async () => {
    const file = rampFile({ transferSyntaxUid });
    await store(server, file);
    expect((await shown(await get(`${pathOf(file)}/rendered`))).data.slice(0, 4)).toEqual([0, 51, 102, 153]);
  });
}

test('[ARCH-1] a viewport cuts, mirrors and scales, and keeps proportions', async () => {
  const file = rampFile({ elements: window(500.5, 1001) });
  await store(server, file);
  const path = `${pathOf(file)}/rendered`;
  expect(await shown(await get(`${path}?viewport=22,22`))).toMatchObject({ width: 22, height: 4 });
  const right = await shown(await get(`${path}?viewport=3,3,8,,3,1`));
  expect(right).toMatchObject({ width: 3, height: 1, data: [204, 230, 255] });
  const mirrored = await shown(await get(`${path}?viewport=3,3,8,0,-3,1`));
  expect(mirrored.data).toEqual([...right.data].reverse());
});

test('[ARCH-1] bad parameters are refused, each by its name', async () => {
  const file = rampFile();
  await store(server, file);
  const fields = async (query: string) => {
    const answer = await get(`${pathOf(file)}/rendered?${query}`);
    const body = (await answer.json()) as { params?: { fields?: { field: string }[] } };
    return [answer.status, ...(body.params?.fields ?? []).map(({ field }) => field)];
  };
  expect(await fields('window=1')).toEqual([400, 'query.window']);
  expect(await fields('window=1,0,linear')).toEqual([400, 'query.window']);
  expect(await fields('window=a,b,linear&quality=0&viewport=0,1&annotation=all&iccprofile=mine')).toEqual([
    400,
    ...['window', 'viewport', 'quality', 'annotation', 'iccprofile'].map((name) => `query.${name}`),
  ]);
  expect(await fields('viewport=10,10,1,1')).toEqual([400, 'query.viewport']);
  expect(await fields('viewport=10,10,11,0,5,5')).toEqual([400, 'query.viewport']);
  expect(await fields('quality=50&quality=60')).toEqual([400, 'query.quality']);
  expect((await get(`${pathOf(file)}/frames/2/rendered`)).status).toBe(404);
  expect((await get(`${pathOf(file)}/frames/x/rendered`)).status).toBe(400);
});

test('[ARCH-1] pictures are JPEG unless PNG is preferred; nothing else is 406', async () => {
  const file = rampFile();
  await store(server, file);
  const type = async (accept: string) => (await get(`${pathOf(file)}/rendered`, accept)).headers.get('content-type');
  for (const accept of [
    '*/*',
    'image/*',
    'image/jpeg',
    'image/avif,image/webp,image/*,*/*;q=0.8',
    'image/png;q=0.1, image/jpeg',
  ]) {
    expect([accept, await type(accept)]).toEqual([accept, 'image/jpeg']);
  }
  expect(await type('image/png, image/jpeg;q=0.5')).toBe('image/png');
  expect((await get(`${pathOf(file)}/rendered`, 'image/gif')).status).toBe(406);
  expect((await get(`${pathOf(file)}/rendered?accept=image/png`, '*/*')).headers.get('content-type')).toBe('image/png');
});

test('[ARCH-1] quality makes JPEG smaller', async () => {
  const file = pictureFile({ rows: 64, columns: 64, pixels: counted(4096).map((v, i) => (v * i) >> 3) });
  await store(server, file);
  const size = async (quality: number) =>
    (await (await get(`${pathOf(file)}/rendered?quality=${quality}`, 'image/jpeg')).arrayBuffer()).byteLength;
  expect(await size(20)).toBeLessThan((await size(95)) / 2);
});

test('[ARCH-1] several frames, a series and a study come as parts, a series also as one picture', async () => {
  const file = pictureFile({ numberOfFrames: 3, pixels: counted(72) });
  const none = pictureFile();
  await store(server, file, none);
  const series = `/dicom-web/studies/${file.study}/series/${file.series}`;
  for (const [path, count] of [
    [`${pathOf(file)}/frames/1,3/rendered`, 2],
    [`${series}/rendered`, 1],
    [`/dicom-web/studies/${file.study}/rendered`, 1],
  ] as const) {
    const parts = await partsOf(await get(path, '*/*'));
    expect([path, parts.length]).toEqual([path, count]);
    expect(parts[0]?.contentType).toBe('image/jpeg');
    expect((await shown(parts[0]!.body)).width).toBe(6);
  }
  expect((await partsOf(await get(`${pathOf(file)}/rendered`, 'multipart/related; type="image/png"'))).length).toBe(3);
  expect((await get(`${series}/rendered`, 'image/jpeg')).headers.get('content-type')).toBe('image/jpeg');
  expect((await get(`${pathOf(file)}/frames/1,3/rendered`, 'image/jpeg')).status).toBe(406);
  expect((await get(`/dicom-web/studies/${none.study}/rendered`, '*/*')).status).toBe(406);
  expect((await get('/dicom-web/studies/1.2.3/rendered', '*/*')).status).toBe(404);
});

test('[ARCH-1] what cannot be shown is 406 with the reason', async () => {
  const broken = pictureFile({ transferSyntaxUid: JPEG2000Lossless, fragments: [counted(100)] });
  await store(server, broken);
  const answer = await get(`${pathOf(broken)}/rendered`);
  expect(await answer.json()).toMatchObject({ status: 406, code: 'not-acceptable' });
});

test("[ARCH-7] patients' data are burnt in from the landing zone only", async () => {
  const black = { rows: 256, columns: 256, pixels: new Uint8Array(65536), elements: window(128, 256) };
  const [landing, repository] = [pictureFile(black), pictureFile(black)];
  for (const [zone, file] of [
    ['landing', landing],
    ['repository', repository],
  ] as const) {
    const stored = await server.fetch(`/zones/${zone}/dicom-web/studies`, {
      method: 'POST',
      headers: { 'content-type': 'application/dicom' },
      body: Buffer.from(file.bytes),
    });
    expect(stored.status).toBe(200);
  }
  const lit = async (file: typeof landing, annotation: string, from: number, to: number) => {
    const { data, width, channels } = await shown(await get(`${pathOf(file)}/rendered?annotation=${annotation}`));
    return data.slice(from * width * channels, to * width * channels).some((value) => value > 128);
  };
  expect(await lit(landing, 'patient', 0, 60)).toBe(true);
  expect(await lit(landing, 'patient', 128, 256)).toBe(false);
  expect(await lit(landing, 'technique', 128, 256)).toBe(true);
  expect(await lit(landing, 'technique', 0, 128)).toBe(false);
  expect(await lit(repository, 'patient,technique', 0, 128)).toBe(false);
  expect(await lit(repository, 'patient,technique', 128, 256)).toBe(true);
});

test('[ARCH-1] pictures are cached by their ETag; those of a series are asked for again', async () => {
  const file = rampFile();
  await store(server, file);
  const path = `${pathOf(file)}/rendered`;
  const answer = await get(path);
  const etag = answer.headers.get('etag') ?? '';
  expect(answer.headers.get('cache-control')).toMatch(/^private, max-age=\d+, immutable$/);
  expect((await get(path, 'image/png', { 'if-none-match': etag })).status).toBe(304);
  expect((await get(`${path}?window=1,2`, 'image/png', { 'if-none-match': etag })).status).toBe(200);
  const series = await get(`/dicom-web/studies/${file.study}/series/${file.series}/rendered`);
  expect(series.headers.get('cache-control')).toBe('private, no-cache');
});
