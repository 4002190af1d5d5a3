import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import {
  DeflatedExplicitVRLittleEndian,
  ExplicitVRBigEndian,
  ExplicitVRLittleEndian,
  HTJ2KLossless,
  ImplicitVRLittleEndian,
  JPEG2000Lossless,
  JPEGLosslessSV1,
  JPEGLSLossless,
  RLELossless,
} from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import { expect, test, vi } from 'vitest';
import { counted, partsOf, pathOf, pictureFile, store } from '../pixels/test/picture-file.ts';

const server = testServer();
const OCTETS = 'multipart/related; type="application/octet-stream"';
const AS_STORED = `${OCTETS}; transfer-syntax=*`;

const get = (path: string, accept?: string, headers: Record<string, string> = {}): Promise<Response> =>
  server.fetch(path, { headers: { ...headers, ...(accept !== undefined && { accept }) } });

test('[ARCH-1] frames need a caller who may read, and an instance that is there', async () => {
  const file = pictureFile({ pixels: counted(24) });
  await store(server, file);
  const path = `${pathOf(file)}/frames/1`;
  expect((await fetch(new URL(path, server.url))).status).toBe(401);
  expect((await get(path.replace(file.study, '1.2.3'))).status).toBe(404);
  expect((await get(path.replace(file.series, '1.2.3'))).status).toBe(404);
  expect((await get(path.replace('/dicom-web', '/zones/nowhere/dicom-web'))).status).toBe(404);
});

test('[ARCH-6] a native frame comes as it is stored, each part with its type and place', async () => {
  const pixels = counted(72);
  const file = pictureFile({ pixels, numberOfFrames: 3 });
  await store(server, file);
  for (const accept of [undefined, '*/*', OCTETS, AS_STORED, 'multipart/related; type="*/*"', 'multipart/related']) {
    const answer = await get(`${pathOf(file)}/frames/3,1`, accept);
    expect([accept, answer.status]).toEqual([accept, 200]);
    const parts = await partsOf(answer);
    expect(parts.map(({ body }) => [...body])).toEqual([[...pixels.subarray(48)], [...pixels.subarray(0, 24)]]);
    expect(parts[0]).toMatchObject({
      contentType: `application/octet-stream; transfer-syntax=${ExplicitVRLittleEndian}`,
      location: `${server.url}${pathOf(file)}/frames/3`,
    });
  }
});

test('[ARCH-1] one frame comes alone where that is asked for, several never', async () => {
  const file = pictureFile({ pixels: counted(48), numberOfFrames: 2 });
  await store(server, file);
  const answer = await get(`${pathOf(file)}/frames/2`, 'application/octet-stream');
  expect(answer.headers.get('content-type')).toBe(
    `application/octet-stream; transfer-syntax=${ExplicitVRLittleEndian}`,
  );
  expect([...Buffer.from(await answer.arrayBuffer())]).toEqual([...counted(48).subarray(24)]);
  expect((await get(`${pathOf(file)}/frames/1,2`, 'application/octet-stream')).status).toBe(406);
  expect((await get(`${pathOf(file)}/frames/1?accept=application/octet-stream`, 'image/jpeg')).status).toBe(200);
});

test('[ARCH-1] a frame that is not there is 404 with the number of those that are; a bad list is 400', async () => {
  const file = pictureFile({ pixels: counted(48), numberOfFrames: 2 });
  const none = pictureFile();
  await store(server, file, none);
  expect(await (await get(`${pathOf(file)}/frames/1,3`)).json()).toMatchObject({
    status: 404,
    code: 'no-such-frame',
    params: { frame: 3, frames: 2 },
  });
  expect(await (await get(`${pathOf(none)}/frames/1`)).json()).toMatchObject({
    code: 'no-such-frame',
    params: { frames: 0 },
  });
  for (const list of ['0', '1,', 'a', '-1', '1.5']) {
    expect([list, (await get(`${pathOf(file)}/frames/${list}`)).status]).toEqual([list, 400]);
  }
});

test('[ARCH-1] a list of a thousand frames is one request', async () => {
  const file = pictureFile({ rows: 1, columns: 2, pixels: counted(2000), numberOfFrames: 1000 });
  await store(server, file);
  const list = Array.from({ length: 1000 }, (_, i) => i + 1).join(',');
  const parts = await partsOf(await get(`${pathOf(file)}/frames/${list}`));
  expect(Buffer.concat(parts.map(({ body }) => body)).equals(counted(2000))).toBe(true);
});

for (const transferSyntaxUid of [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]) {
  test(`[ARCH-2] native frames of ${transferSyntaxUid} are sent in little endian`, async () => {
    const pixels = counted(96);
    const file = pictureFile({ pixels, bitsAllocated: 16, numberOfFrames: 2, transferSyntaxUid });
    await store(server, file);
    for (const accept of [OCTETS, AS_STORED]) {
      const parts = await partsOf(await get(`${pathOf(file)}/frames/1,2`, accept));
      expect(Buffer.concat(parts.map(({ body }) => body)).equals(pixels)).toBe(true);
      expect(parts[0]?.contentType).toContain(ExplicitVRLittleEndian);
    }
  });
}

test('[ARCH-2] one-bit frames that share a byte come apart, each from its first bit', async () => {
  const file = pictureFile({
    rows: 3,
    columns: 3,
    bitsAllocated: 1,
    numberOfFrames: 2,
    pixels: Uint8Array.of(0b0101_0101, 0b1111_1101, 0b11, 0),
  });
  await store(server, file);
  const parts = await partsOf(await get(`${pathOf(file)}/frames/1,2`));
  expect(parts.map(({ body }) => [...body])).toEqual([
    [0b0101_0101, 1],
    [0b1111_1110, 1],
  ]);
});

test.each([
  ['image/dicom-rle', RLELossless],
  ['image/jls', JPEGLSLossless],
  ['image/jp2', JPEG2000Lossless],
  ['image/jphc', HTJ2KLossless],
  ['image/jpeg', JPEGLosslessSV1],
])('[ARCH-2] a native frame can be had as %s, which decodes to the same pixels', async (mediaType, uid) => {
  const pixels = new Uint8Array(randomBytes(64 * 64 * 2).buffer).map((byte, i) => (i % 2 ? byte & 0x0f : byte));
  const native = pictureFile({ rows: 64, columns: 64, bitsAllocated: 16, bitsStored: 12, pixels });
  await store(server, native);
  const [part] = await partsOf(await get(`${pathOf(native)}/frames/1`, `multipart/related; type="${mediaType}"`));
  expect(part?.contentType).toBe(`${mediaType}; transfer-syntax=${uid}`);
  const compressed = pictureFile({
    rows: 64,
    columns: 64,
    bitsAllocated: 16,
    bitsStored: 12,
    transferSyntaxUid: uid,
    fragments: [part!.body],
  });
  await store(server, compressed);
  const path = `${pathOf(compressed)}/frames/1`;
  for (const accept of ['*/*', OCTETS, `${OCTETS}; transfer-syntax=${ExplicitVRLittleEndian}`]) {
    const [decoded] = await partsOf(await get(path, accept));
    expect([accept, decoded?.contentType]).toEqual([
      accept,
      `application/octet-stream; transfer-syntax=${ExplicitVRLittleEndian}`,
    ]);
    expect([accept, decoded?.body.equals(pixels)]).toEqual([accept, true]);
  }
  for (const accept of [
    AS_STORED,
    `${OCTETS}; transfer-syntax=${uid}`,
    `multipart/related; type="${mediaType}"`,
    `multipart/related; type="${mediaType}"; transfer-syntax=${uid}`,
    `multipart/related; type="${mediaType}"; transfer-syntax=*`,
    'multipart/related; type="image/*"',
  ]) {
    const [stored] = await partsOf(await get(path, accept));
    expect([accept, stored?.contentType]).toEqual([accept, `${mediaType}; transfer-syntax=${uid}`]);
    expect([accept, stored?.body.equals(part!.body)]).toEqual([accept, true]);
  }
  const alone = await get(path, mediaType);
  expect(Buffer.from(await alone.arrayBuffer()).equals(part!.body)).toBe(true);
});

test('[ARCH-1] quality values decide, and what is impossible gives way to what comes after it', async () => {
  const file = pictureFile({ pixels: counted(24) });
  await store(server, file);
  const path = `${pathOf(file)}/frames/1`;
  const first = async (accept: string) => (await partsOf(await get(path, accept)))[0]?.contentType;
  expect(await first(`${OCTETS};q=0.5, multipart/related; type="image/jls"`)).toContain('image/jls');
  expect(await first(`${OCTETS}, multipart/related; type="image/jls"; q=0.9`)).toContain('octet-stream');
  expect(
    await first(`multipart/related; type="image/jpeg"; transfer-syntax=1.2.840.10008.1.2.4.50, ${OCTETS}`),
  ).toContain('octet-stream');
});

test('[ARCH-1] what no codec can give is 406 with the reason, and served as it is with transfer-syntax=*', async () => {
  const video = pictureFile({ transferSyntaxUid: '1.2.840.10008.1.2.4.102', fragments: [counted(100)] });
  const broken = pictureFile({ transferSyntaxUid: JPEG2000Lossless, fragments: [counted(100)] });
  await store(server, video, broken);
  const refused = await (await get(`${pathOf(video)}/frames/1`, OCTETS)).json();
  expect(refused).toMatchObject({ status: 406, code: 'not-acceptable' });
  expect(refused.params.reason).toContain('H.264');
  expect(refused.params.available).toContain(
    'multipart/related; type="video/mp4"; transfer-syntax=1.2.840.10008.1.2.4.102',
  );
  const damaged = await (await get(`${pathOf(broken)}/frames/1`, OCTETS)).json();
  expect(damaged).toMatchObject({ status: 406, code: 'not-acceptable' });
  for (const file of [video, broken]) {
    const [part] = await partsOf(await get(`${pathOf(file)}/frames/1`, AS_STORED));
    expect(part?.body.equals(counted(100))).toBe(true);
    // Nothing better is possible, and anything is accepted.
    expect((await partsOf(await get(`${pathOf(file)}/frames/1`, '*/*')))[0]?.body.equals(counted(100))).toBe(true);
  }
});

test('[ARCH-1] pixel data that end early are refused with the reason', async () => {
  const file = pictureFile({ pixels: counted(30), numberOfFrames: 2 });
  await store(server, file);
  expect((await get(`${pathOf(file)}/frames/1`)).status).toBe(200);
  expect(await (await get(`${pathOf(file)}/frames/2`)).json()).toMatchObject({ status: 406, code: 'not-acceptable' });
});

test('[ARCH-1] frames are cached by their ETag and never shared', async () => {
  const file = pictureFile({ pixels: counted(24) });
  await store(server, file);
  const path = `${pathOf(file)}/frames/1`;
  const answer = await get(path, OCTETS);
  const etag = answer.headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[\w-]+"$/);
  expect(answer.headers.get('cache-control')).toMatch(/^private, max-age=\d+, immutable$/);
  expect(answer.headers.get('vary')).toContain('Accept');
  const again = await get(path, OCTETS, { 'if-none-match': etag });
  expect([again.status, await again.text()]).toEqual([304, '']);
  expect((await get(path, 'application/octet-stream', { 'if-none-match': etag })).status).toBe(200);
  const same = await get(path, OCTETS);
  expect(await same.text()).toBe(await answer.text());
});

test('[ARCH-2] a frame of deflated pixel data that are too large to be kept comes all the same', async () => {
  const pixels = new Uint8Array(2 * 6000 * 6000).fill(7, 6000 * 6000);
  const file = pictureFile({
    transferSyntaxUid: DeflatedExplicitVRLittleEndian,
    rows: 6000,
    columns: 6000,
    numberOfFrames: 2,
    pixels,
  });
  await store(server, file);
  const answer = await get(`${pathOf(file)}/frames/2`, 'application/octet-stream');
  expect(Buffer.from(await answer.arrayBuffer()).equals(pixels.subarray(6000 * 6000))).toBe(true);
});

test('[ARCH-6] a client that goes away ends the work for it', async () => {
  const pixels = randomBytes(6000 * 6000 * 2);
  const file = pictureFile({ rows: 6000, columns: 6000, bitsAllocated: 16, pixels });
  await store(server, file);
  const call = request(new URL(`${pathOf(file)}/frames/1`, server.url), {
    headers: { authorization: `Bearer ${server.token}`, accept: 'multipart/related; type="image/jp2"' },
  });
  const ended = new Promise((resolve) => call.once('error', resolve));
  call.end();
  const running = async (): Promise<string | undefined> =>
    /isocenter_threads\{[^}]*state="running"[^}]*\} (\d+)/.exec(await (await get('/metrics')).text())?.[1];
  await vi.waitFor(async () => expect(await running()).toBe('1'), { timeout: 10_000 });
  call.destroy();
  await ended;
  // Encoding such noise takes far longer.
  await vi.waitFor(async () => expect(await running()).toBe('0'), { timeout: 3_000, interval: 100 });
});
