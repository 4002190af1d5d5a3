import { readPart10 } from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import { answeredParts, storeRequest } from '@isocenter/testkit/dicomweb';
import { beforeAll, describe, expect, test } from 'vitest';
import { element, type Instance, type InstanceFile, instanceFile, newUid } from '../test/instance-file.ts';

const server = testServer();
const ROOT = '/dicom-web/studies';
const AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*';

/** One study: a series of three instances, sent in another order than their numbers, and one of one. */
let files: InstanceFile[];
let study: string;

beforeAll(async () => {
  study = newUid();
  const [first, second] = [newUid(), newUid()];
  const one = (series: string, seriesNumber: number, number: number) =>
    instanceFile({
      study,
      series,
      elements: { '00200011': element('IS', seriesNumber), '00200013': element('IS', number) },
    });
  files = [one(second, 2, 1), one(first, 1, 3), one(first, 1, 1), one(first, 1, 2)];
  await store(files);
});

async function store(some: readonly InstanceFile[], root = ROOT): Promise<void> {
  const answer = await server.fetch(root, { method: 'POST', ...storeRequest(some.map(({ bytes }) => bytes)) });
  expect(answer.status).toBe(200);
}
const get = (path: string, accept?: string, headers: Record<string, string> = {}): Promise<Response> =>
  server.fetch(path, { headers: { ...headers, ...(accept && { accept }) } });
const pathOf = ({ study, series, instance }: Instance, root = ROOT): string =>
  `${root}/${study}/series/${series}/instances/${instance}`;

describe('an instance, series or study', () => {
  test('[ARCH-1] comes as a part for each instance, in order of the numbers, saying what and where it is', async () => {
    const inOrder = [2, 3, 1, 0].map((i) => files[i]!);
    const parts = await answeredParts(await get(`${ROOT}/${study}`, AS_STORED));
    expect(parts.map(({ body }) => inOrder.findIndex(({ bytes }) => bytes.equals(body)))).toEqual([0, 1, 2, 3]);
    expect(parts.map(({ headers }) => headers.get('content-location'))).toEqual(
      inOrder.map((file) => `${server.url}${pathOf(file)}`),
    );
    for (const { headers } of parts)
      expect(headers.get('content-type')).toBe('application/dicom; transfer-syntax=1.2.840.10008.1.2.1');
    const series = await answeredParts(await get(`${ROOT}/${study}/series/${files[1]!.series}`, AS_STORED));
    expect(series).toHaveLength(3);
    const [one, ...none] = await answeredParts(await get(pathOf(files[0]!)));
    expect([one?.body.equals(files[0]!.bytes), none]).toEqual([true, []]);
  });

  test('[ARCH-1] alone is one instance only; of more, application/dicom is a part each', async () => {
    const alone = await get(pathOf(files[0]!), 'application/dicom');
    expect(alone.headers.get('content-type')).toBe('application/dicom; transfer-syntax=1.2.840.10008.1.2.1');
    expect(alone.headers.get('content-length')).toBe(String(files[0]!.bytes.length));
    expect(Buffer.from(await alone.arrayBuffer()).equals(files[0]!.bytes)).toBe(true);
    expect(await answeredParts(await get(`${ROOT}/${study}`, 'application/dicom'))).toHaveLength(4);
  });

  test('[ARCH-1] is the one thing with the best quality of what is accepted', async () => {
    const typeOf = async (accept: string) => (await get(pathOf(files[0]!), accept)).headers.get('content-type');
    expect(await typeOf('text/html, application/zip;q=0.5, application/dicom;q=0.9')).toMatch(/^application\/dicom;/);
    expect(await typeOf('application/dicom;q=0.4, application/zip')).toBe('application/zip');
    expect(await typeOf('*/*')).toMatch(/^multipart\/related; type="application\/dicom"/);
    const byParameter = await get(`${pathOf(files[0]!)}?accept=application/zip`, 'application/dicom');
    expect(byParameter.headers.get('content-type')).toBe('application/zip');
  });

  test('[ARCH-1] that can only be had otherwise is 406, with what there is', async () => {
    for (const accept of [
      'image/png',
      'multipart/related; type="image/jpeg"',
      'application/dicom; transfer-syntax=1.2.3',
    ]) {
      const answer = await get(pathOf(files[0]!), accept);
      expect(await answer.json()).toMatchObject({
        status: 406,
        code: 'not-acceptable',
        params: {
          available: expect.arrayContaining(['multipart/related; type="application/dicom"; transfer-syntax=*']),
        },
      });
    }
  });

  test('[ARCH-1] that is not there is 404', async () => {
    const [{ series, instance }] = files as [InstanceFile];
    for (const path of [
      `${ROOT}/1.2.3`,
      `${ROOT}/${study}/series/1.2.3`,
      `${ROOT}/1.2.3/series/${series}`,
      `${ROOT}/${study}/series/${files[1]!.series}/instances/${instance}`,
      `/zones/repository/dicom-web/studies/${study}`,
      `/zones/nowhere/dicom-web/studies/${study}`,
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
      expect([path, (await get(`${path}/metadata`)).status]).toEqual([path, 404]);
    }
  });
});

describe('what a client keeps', () => {
  const paths = () => [
    pathOf(files[0]!),
    `${ROOT}/${study}`,
    `${pathOf(files[0]!)}/metadata`,
    `${ROOT}/${study}/metadata`,
  ];

  test('[ARCH-1] is confirmed by its ETag, weak or among others', async () => {
    for (const path of paths()) {
      const first = await get(path);
      const tag = first.headers.get('etag')!;
      await first.arrayBuffer();
      expect(tag).toMatch(/^"[\w-]{20,}"$/);
      for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const again = await get(path, undefined, { 'if-none-match': known });
        expect([path, again.status, await again.text()]).toEqual([path, 304, '']);
        for (const name of ['etag', 'cache-control']) expect(again.headers.get(name)).toBe(first.headers.get(name));
      }
      expect((await get(path, undefined, { 'if-none-match': '"other"' })).status).toBe(200);
    }
  });

  test('[ARCH-1] differs by form, and by address', async () => {
    const tagOf = async (path: string, accept?: string) => (await get(path, accept)).headers.get('etag');
    const [file] = files as [InstanceFile];
    const tags = [
      await tagOf(pathOf(file), 'application/dicom'),
      await tagOf(pathOf(file), 'application/zip'),
      await tagOf(pathOf(file), 'application/dicom; transfer-syntax=1.2.840.10008.1.2'),
      await tagOf(`${pathOf(file)}/metadata`),
      await tagOf(`${pathOf(file)}/metadata`, 'multipart/related; type="application/dicom+xml"'),
      await tagOf(`${pathOf(file, '/zones/landing/dicom-web/studies')}/metadata`),
    ];
    expect(new Set(tags).size).toBe(tags.length);
  });

  test('[ARCH-1] is asked for again when it may grow, and not when it never changes', async () => {
    const lasting = async (path: string) => (await get(path)).headers.get('cache-control');
    expect(await lasting(pathOf(files[0]!))).toBe('private, max-age=86400, immutable');
    for (const path of [`${ROOT}/${study}`, `${ROOT}/${study}/series/${files[0]!.series}`, `${ROOT}/${study}/metadata`])
      expect(await lasting(path)).toBe('private, no-cache');
    expect((await get('/dicom-web/studies/1.2.3')).headers.get('cache-control')).toBe('no-store');
  });

  test('[ARCH-1] of a study is another once an instance came or went', async () => {
    const file = instanceFile();
    await store([file]);
    const tags = new Set<string | null>();
    const see = async () => {
      for (const path of ['', '/metadata']) tags.add((await get(`${ROOT}/${file.study}${path}`)).headers.get('etag'));
    };
    await see();
    const second = instanceFile({ study: file.study, series: file.series });
    await store([second]);
    await see();
    expect((await server.fetch(pathOf(second), { method: 'DELETE' })).status).toBe(204);
    await see();
    // The first again: the study holds what it held, but its metadata was made anew.
    expect(tags.size).toBe(5);
  });
});

describe('a ZIP', () => {
  /** Names and contents of a ZIP's entries that are stored and not deflated (APPNOTE 4.3), by its central directory. */
  function entriesOf(zip: Buffer): Map<string, Buffer> {
    const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
    const entries = new Map<string, Buffer>();
    let at = zip.readUInt32LE(end + 16);
    for (let i = 0; i < zip.readUInt16LE(end + 10); i++) {
      const [method, size, name, extra, comment, place] = [
        zip.readUInt16LE(at + 10),
        zip.readUInt32LE(at + 24),
        zip.readUInt16LE(at + 28),
        zip.readUInt16LE(at + 30),
        zip.readUInt16LE(at + 32),
        zip.readUInt32LE(at + 42),
      ] as const;
      expect(method).toBe(0);
      const data = place + 30 + zip.readUInt16LE(place + 26) + zip.readUInt16LE(place + 28);
      entries.set(zip.toString('utf8', at + 46, at + 46 + name), zip.subarray(data, data + size));
      at += 46 + name + extra + comment;
    }
    return entries;
  }

  test('[ARCH-1] holds every instance of a study as it was received, in a folder for each series', async () => {
    const answer = await get(`${ROOT}/${study}`, 'application/zip');
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${study}.zip"`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const entries = entriesOf(bytes);
    expect([...entries.keys()].sort()).toEqual(files.map(({ series, instance }) => `${series}/${instance}.dcm`).sort());
    for (const file of files) expect(entries.get(`${file.series}/${file.instance}.dcm`)?.equals(file.bytes)).toBe(true);
    const again = Buffer.from(await (await get(`${ROOT}/${study}`, 'application/zip')).arrayBuffer());
    expect(again.equals(bytes)).toBe(true);
  });

  test('[ARCH-1] has file meta information also for what came without', async () => {
    const file = instanceFile();
    const bare = file.bytes.subarray(readPart10(file.bytes).dataSetOffset);
    await store([{ ...file, bytes: bare }]);
    const entries = entriesOf(Buffer.from(await (await get(pathOf(file), 'application/zip')).arrayBuffer()));
    const [entry] = [...entries.values()];
    expect(readPart10(entry!)).toMatchObject({ preamble: true });
    expect(entry!.subarray(-bare.length).equals(bare)).toBe(true);
  });
});

describe('zones', () => {
  const zoned = (zone: string): string => `/zones/${zone}/dicom-web/studies`;

  test('[ARCH-7] an instance that stands in several comes once, from the one furthest along', async () => {
    const file = instanceFile();
    const curated = instanceFile({ ...file, elements: { '00081030': element('LO', 'curated') } });
    await store([file], zoned('landing'));
    await store([curated], zoned('repository'));
    const bodies = async (path: string) => (await answeredParts(await get(path, AS_STORED))).map(({ body }) => body);
    for (const path of [`${ROOT}/${file.study}`, pathOf(file)]) {
      const [only, ...none] = await bodies(path);
      expect([path, only?.equals(curated.bytes), none]).toEqual([path, true, []]);
    }
    const [original] = await bodies(pathOf(file, zoned('landing')));
    expect(original?.equals(file.bytes)).toBe(true);
  });

  test('[ARCH-7] a series of which only some instances went on is whole, in instances and metadata alike', async () => {
    const [first, second] = [instanceFile(), instanceFile()] as const;
    const [a, b] = [first, instanceFile({ study: first.study, series: first.series, instance: second.instance })];
    const curated = instanceFile({ ...a, elements: { '00081030': element('LO', 'curated') } });
    await store([a, b], zoned('landing'));
    await store([curated], zoned('staging'));
    expect(await answeredParts(await get(`${ROOT}/${a.study}`, AS_STORED))).toHaveLength(2);
    const described = async (path: string): Promise<unknown[]> =>
      ((await (await get(path)).json()) as Record<string, { Value?: unknown[] }>[])
        .map((json) => [json['00080018']?.Value?.[0], json['00081030']?.Value?.[0]])
        .sort();
    const expected = [
      [a.instance, 'curated'],
      [b.instance, undefined],
    ].sort();
    for (const path of [`${ROOT}/${a.study}/metadata`, `${ROOT}/${a.study}/series/${a.series}/metadata`]) {
      expect([path, await described(path)]).toEqual([path, expected]);
      expect([path, await described(path)]).toEqual([path, expected]);
    }
    expect(await described(`${zoned('landing')}/${a.study}/metadata`)).toEqual(
      [
        [a.instance, undefined],
        [b.instance, undefined],
      ].sort(),
    );
  });
});
