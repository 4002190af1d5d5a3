import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  fromXml,
  type JsonDataSet,
  type JsonElement,
  readPart10,
  toXml,
  type VR,
  writeDataSet,
} from '@isocenter/dicom';
import { createTestDatabase, startTestServer, type TestServer, testServer } from '@isocenter/testkit';
import { answeredParts, relatedBody, type StoreAnswer, storeAnswer, storeRequest } from '@isocenter/testkit/dicomweb';
import { describe, expect, test, vi } from 'vitest';
import { element, type Instance, instanceFile, newUid, SECONDARY_CAPTURE } from '../test/instance-file.ts';

const server = testServer({ ISOCENTER_MAX_BODY_BYTES: '2M' });

const STUDIES = '/dicom-web/studies';
const pathOf = ({ study, series, instance }: Instance, root = STUDIES): string =>
  `${root}/${study}/series/${series}/instances/${instance}`;

const post = (init: RequestInit, path = STUDIES, headers: Record<string, string> = {}): Promise<Response> =>
  server.fetch(path, { method: 'POST', ...init, headers: { ...(init.headers as Record<string, string>), ...headers } });
const send = async (...files: readonly Uint8Array[]): Promise<StoreAnswer> =>
  storeAnswer(await post(storeRequest(files)));

async function bytesOf(instance: Instance): Promise<Buffer> {
  const answer = await server.fetch(pathOf(instance), { headers: { accept: 'application/dicom; transfer-syntax=*' } });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

async function metadataOf(instance: Instance): Promise<JsonDataSet> {
  const answer = await server.fetch(`${pathOf(instance)}/metadata`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as JsonDataSet[])[0]!;
}

const binary = (vr: VR, text: string): JsonElement => ({ vr, InlineBinary: Buffer.from(text).toString('base64') });
const name = (text: string): JsonElement => ({ vr: 'PN', Value: [{ Alphabetic: text }] });

const codeOf = async (answer: Response): Promise<unknown> => [
  answer.status,
  ((await answer.json()) as { code: string }).code,
];

describe('a request of DICOM files', () => {
  test('[ARCH-1] alone in the body is stored, and said where it is', async () => {
    const file = instanceFile();
    const answer = await post({ headers: { 'content-type': 'application/dicom' }, body: new Uint8Array(file.bytes) });
    expect(answer.status).toBe(200);
    // No charset: clients compare the whole of it.
    expect(answer.headers.get('content-type')).toBe('application/dicom+json');
    expect(await answer.json()).toEqual({
      '00081190': { vr: 'UR', Value: [`${server.url}${STUDIES}/${file.study}`] },
      '00081199': {
        vr: 'SQ',
        Value: [
          {
            '00081150': { vr: 'UI', Value: [SECONDARY_CAPTURE] },
            '00081155': { vr: 'UI', Value: [file.instance] },
            '00081190': { vr: 'UR', Value: [`${server.url}${pathOf(file)}`] },
          },
        ],
      },
    });
    expect((await bytesOf(file)).equals(file.bytes)).toBe(true);
  });

  test('[ARCH-1] of many studies names each instance and no study', async () => {
    const files = Array.from({ length: 70 }, () => instanceFile());
    const answer = await post(storeRequest(files.map(({ bytes }) => bytes)));
    expect(answer.status).toBe(200);
    const json = (await answer.clone().json()) as JsonDataSet;
    expect(json['00081190']).toEqual({ vr: 'UR' });
    expect((await storeAnswer(answer)).stored.map(({ instance }) => instance)).toEqual(
      files.map(({ instance }) => instance),
    );
  });

  test('[ARCH-1] is answered in XML where that is preferred', async () => {
    const ask = (accept: string) => post(storeRequest([instanceFile().bytes]), STUDIES, { accept });
    const xml = await ask('application/dicom+xml');
    expect(xml.headers.get('content-type')).toBe('application/dicom+xml');
    expect(fromXml(await xml.text())['00081199']?.Value).toHaveLength(1);
    for (const accept of ['application/dicom+json', 'application/json', '*/*', 'application/dicom+xml;q=0.1, */*']) {
      expect((await ask(accept)).headers.get('content-type')).toMatch(/dicom\+json/);
    }
  });

  test('[ARCH-1] is answered 202 when some are stored, with a reason for each of the others', async () => {
    const [good, nameless, unreadable] = [
      instanceFile(),
      instanceFile({ elements: { '0020000D': { vr: 'UI' } } }),
      Buffer.from('this is no DICOM file, whatever else it may be'),
    ];
    const { status, stored, failed } = await send(good.bytes, nameless.bytes, unreadable);
    expect([status, stored.map(({ instance }) => instance)]).toEqual([202, [good.instance]]);
    expect(failed).toEqual([
      {
        instance: nameless.instance,
        reason: 0xa900,
        comment: expect.stringContaining('(0020,000D) Study Instance UID'),
      },
      { instance: undefined, reason: 0xc000, comment: expect.stringContaining('could not be read') },
    ]);
  });

  test('[ARCH-1] is answered 409 when none is stored', async () => {
    const answer = await post(storeRequest([Buffer.from('nothing'), Buffer.alloc(0)]));
    const json = (await answer.clone().json()) as JsonDataSet;
    expect(Object.keys(json)).toEqual(['00081190', '0008119A']);
    expect(await storeAnswer(answer)).toMatchObject({ status: 409, failed: [{ reason: 0xc000 }, { reason: 0xc000 }] });
  });

  test.each<[string, JsonDataSet, string]>([
    ['no SOP Class UID', { '00080016': { vr: 'UI' } }, 'SOP Class UID is missing'],
    ['no SOP Instance UID', { '00080018': { vr: 'UI' } }, 'SOP Instance UID is missing'],
    ['a Series Instance UID that is none', { '0020000E': element('UI', 'a/b') }, 'Series Instance UID is no UID'],
    [
      'a Study Instance UID that is too long',
      { '0020000D': element('UI', '1'.repeat(66)) },
      'Study Instance UID is no UID',
    ],
    // Its bytes are those of a UID, but whoever reads the metadata finds floats or a name.
    ['a SOP Instance UID as floats', { '00080018': binary('OD', '1.2.3.4.5.6.7.8\0') }, 'SOP Instance UID is no UID'],
    ['a Study Instance UID as a name', { '0020000D': name('1.2.3') }, 'Study Instance UID is no UID'],
  ])('[ARCH-1] with %s is refused', async (_, elements, words) => {
    const uids = ['00080016', '00080018', '0020000D', '0020000E'].map((tag) => [tag, element('UI', newUid())]);
    const file = Buffer.from(writeDataSet({ ...Object.fromEntries(uids), ...elements }));
    const { status, failed } = await send(file);
    expect([status, failed.length, failed[0]?.reason]).toEqual([409, 1, 0xa900]);
    expect(failed[0]?.comment).toMatch(words);
  });

  test('[ARCH-2] that ends within its pixel data is stored as it came, with a warning', async () => {
    const whole = instanceFile({
      elements: { '7FE00010': { vr: 'OB', BulkDataURI: 'pixels' } },
      write: { bulkData: () => new Uint8Array(1000) },
    });
    const cut = whole.bytes.subarray(0, -300);
    const { status, stored, failed } = await send(cut);
    expect([status, failed, stored[0]?.warning]).toEqual([202, [], 0xb007]);
    expect((await bytesOf(whole)).equals(cut)).toBe(true);
  });

  test('[ARCH-2] without file meta information is stored, and comes back as a file', async () => {
    const file = instanceFile();
    const bare = file.bytes.subarray(readPart10(file.bytes).dataSetOffset);
    expect(await send(bare)).toMatchObject({ status: 200, stored: [{ instance: file.instance }] });
    const back = await bytesOf(file);
    const { preamble, meta, dataSetOffset } = readPart10(back);
    expect([preamble, meta.elements.size > 4]).toEqual([true, true]);
    expect(back.subarray(dataSetOffset).equals(bare)).toBe(true);
  });

  test('[ARCH-1] sent to one study takes no other study’s instances', async () => {
    const [mine, others] = [instanceFile(), instanceFile()];
    const answer = await storeAnswer(await post(storeRequest([mine.bytes, others.bytes]), `${STUDIES}/${mine.study}`));
    expect(answer).toMatchObject({
      status: 202,
      stored: [{ instance: mine.instance }],
      failed: [{ instance: others.instance, reason: 0xa900, comment: expect.stringContaining('another study') }],
    });
    expect((await server.fetch(`${STUDIES}/${others.study}/metadata`)).status).toBe(404);
  });

  test('[ARCH-2] again is the same instance, also in other file meta information, and twice in one request', async () => {
    const file = instanceFile();
    const { dataSetOffset } = readPart10(file.bytes);
    const renamed = Buffer.from(file.bytes);
    renamed.write('SOMEBODY', dataSetOffset - 12, 'latin1');
    const answer = await post(storeRequest([file.bytes, file.bytes]));
    expect(answer.headers.get('isocenter-already-there')).toBe('1');
    expect((await storeAnswer(answer)).stored).toHaveLength(2);
    const again = await post(storeRequest([renamed]));
    expect([again.status, again.headers.get('isocenter-already-there')]).toEqual([200, '1']);
    expect((await bytesOf(file)).equals(file.bytes)).toBe(true);
    const bare = await post(storeRequest([file.bytes.subarray(dataSetOffset)]));
    expect([bare.status, bare.headers.get('isocenter-already-there')]).toEqual([200, '1']);
  });

  test('[ARCH-2] with another data set under a known UID is refused, and the first is kept', async () => {
    const file = instanceFile();
    const others = [
      instanceFile({ ...file, elements: { '00100020': element('LO', 'another') } }),
      instanceFile({ ...file, study: newUid(), series: newUid() }),
    ];
    await send(file.bytes);
    const { status, failed } = await send(...others.map(({ bytes }) => bytes));
    expect([status, failed.map(({ instance, reason }) => [instance, reason])]).toEqual([
      409,
      others.map(() => [file.instance, 0x0111]),
    ]);
    expect((await bytesOf(file)).equals(file.bytes)).toBe(true);
    expect((await server.fetch(`${STUDIES}/${others[1]!.study}/metadata`)).status).toBe(404);
    expect((await server.fetch(`${STUDIES}?StudyInstanceUID=${others[1]!.study}`)).status).toBe(204);
  });

  test('[ARCH-4] keeps what the index cannot find by, and does not fail for it', async () => {
    const odd = instanceFile({
      elements: {
        '00080005': element('CS', 'ISO_IR 192'),
        '00080020': element('DA', '20261399'),
        '00080030': element('TM', '99'),
        '00081030': element('LO', `ﷺ${'ﷺ'.repeat(2_000)}`),
        '00100010': { vr: 'PN', Value: [{ Alphabetic: '한'.repeat(5_000) }] },
        '00100020': element('LO', 'x'.repeat(50_000)),
        '00100030': element('DA', '00000000'),
        // The cut may fall into the middle of a character.
        '00080050': element('SH', `${'x'.repeat(599)}😀`),
        '00200010': element('SH', `${'x'.repeat(598)}😀`),
        '00200011': element('IS', 99_999_999_999),
        '00280008': element('IS', '-5'),
        '00280100': element('US', 65_535),
      },
    });
    const ordinary = instanceFile();
    expect(await send(odd.bytes, ordinary.bytes)).toMatchObject({ status: 200, failed: [] });
    const json = await metadataOf(odd);
    expect(String(json['00100020']?.Value?.[0])).toHaveLength(50_000);
    expect(json['00080020']?.Value).toEqual(['20261399']);
  });

  test('[ARCH-4] with NUL within values is stored and found', async () => {
    const file = instanceFile({ elements: { '00100020': element('LO', 'P-0077'), '00081030': element('LO', 'a-b') } });
    const bytes = Buffer.from(
      file.bytes.toString('latin1').replace('P-0077', 'P-\0\x3077').replace('a-b', 'a\0b'),
      'latin1',
    );
    expect(await send(bytes)).toMatchObject({ status: 200 });
    const found = await server.fetch(`${STUDIES}?PatientID=P-077&StudyInstanceUID=${file.study}`);
    expect(found.status).toBe(200);
  });

  test('[ARCH-1] in a transfer syntax that is no UID is refused', async () => {
    const file = instanceFile();
    const bytes = Buffer.from(file.bytes);
    bytes.write('1.2\r\n', bytes.indexOf('1.2.840.10008.1.2.1'), 'latin1');
    expect(await send(bytes)).toMatchObject({ status: 409, failed: [{ instance: file.instance, reason: 0xc122 }] });
  });
});

describe('a request that is none', () => {
  test.each([
    ['of another media type', { 'content-type': 'text/plain' }, 'x'],
    ['of JSON alone', { 'content-type': 'application/json' }, '{}'],
    ['of parts of another media type', { 'content-type': 'multipart/related; type="text/plain"; boundary=b' }, '--b--'],
    ['of a form', { 'content-type': 'multipart/form-data; boundary=b' }, '--b--'],
    ['that is compressed', { 'content-type': 'application/dicom', 'content-encoding': 'gzip' }, 'x'],
  ])('[ARCH-1] %s is 415, with what could be sent', async (_, headers, body) => {
    const answer = await post({ headers, body });
    expect(await answer.json()).toMatchObject({
      status: 415,
      code: 'unsupported-media-type',
      params: { supported: expect.arrayContaining(['application/dicom']) },
    });
  });

  const related = 'multipart/related; type="application/dicom"';
  test.each([
    ['has no boundary', related, 'x'],
    ['has an empty boundary', `${related}; boundary=""`, 'x'],
    ['is no multipart body', `${related}; boundary=b`, 'x'],
    ['holds nothing', `${related}; boundary=b`, '--b--\r\n'],
    ['is empty', `${related}; boundary=b`, ''],
    ['ends before its last boundary', `${related}; boundary=b`, '--b\r\n\r\nsomething'],
  ])('[ARCH-1] that %s is 400', async (_, type, body) => {
    expect(await codeOf(await post({ headers: { 'content-type': type }, body }))).toEqual([400, 'malformed-request']);
  });

  test('[ARCH-1] may write its media type in capitals and without quotes', async () => {
    const { body, headers } = relatedBody('application/dicom', [{ body: instanceFile().bytes }], 'Aa');
    const type = headers['content-type'].replace('multipart/related', 'Multipart/Related').replaceAll('"', '');
    expect((await post({ headers: { 'content-type': type }, body })).status).toBe(200);
    const untyped = relatedBody('application/dicom', [{ body: instanceFile().bytes }], 'Aa');
    const answer = await post({ headers: { 'content-type': 'multipart/related; boundary=Aa' }, body: untyped.body });
    expect(answer.status).toBe(200);
  });

  test('[ARCH-1] that is too large is 413, whether it says so or not', async () => {
    const limit = 2 * 1024 * 1024;
    const request = storeRequest([instanceFile().bytes, new Uint8Array(limit)]);
    const refused = [413, 'payload-too-large'];
    expect(await codeOf(await post(request))).toEqual(refused);
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(request.body as Buffer);
        controller.close();
      },
    });
    const streamed = { ...request, body, duplex: 'half' as const };
    expect(await codeOf(await post(streamed))).toEqual(refused);
  });

  test('[ARCH-1] of a sender who goes away leaves nothing, and the next one is served', async () => {
    const [kept, cut] = [instanceFile(), instanceFile()];
    const { body, headers } = relatedBody('application/dicom', [{ body: kept.bytes }, { body: cut.bytes }]);
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST ${STUDIES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.token}\r\nContent-Type: ${headers['content-type']}\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body.subarray(0, -300));
    // The first instance is stored although its sender will never hear of it.
    await vi.waitFor(async () => expect((await server.fetch(pathOf(kept))).status).toBe(200), { timeout: 10_000 });
    socket.destroy();
    await vi.waitFor(() => expect(spooled(server)).toEqual([]), { timeout: 10_000 });
    expect((await server.fetch(pathOf(cut))).status).toBe(404);
    expect(await send(kept.bytes, cut.bytes)).toMatchObject({ status: 200, failed: [] });
  });

  test('[ARCH-7] to a zone that is not there is 404, and to nobody known 401', async () => {
    expect((await post(storeRequest([instanceFile().bytes]), '/zones/nowhere/dicom-web/studies')).status).toBe(404);
    const answer = await post(storeRequest([instanceFile().bytes]), STUDIES, { authorization: 'Bearer wrong-token-x' });
    expect(answer.status).toBe(401);
  });
});

/** What lies in the spool beside the signs of life of its owner. */
const spooled = ({ config }: Pick<TestServer, 'config'>): string[] =>
  readdirSync(join(config.dataDir, 'spool'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.includes('/') && !/owner\.json|heartbeat/.test(name),
  );

describe('metadata and bulk data', () => {
  const META = 'application/dicom+json';

  const described = (more: JsonDataSet): Instance & { json: JsonDataSet } => {
    const [study, series, instance] = [newUid(), newUid(), newUid()];
    const json: JsonDataSet = {
      '00080016': element('UI', SECONDARY_CAPTURE),
      '00080018': element('UI', instance),
      '0020000D': element('UI', study),
      '0020000E': element('UI', series),
      '00280010': element('US', 2),
      '00280011': element('US', 3),
      '00280100': element('US', 8),
      ...more,
    };
    return { study, series, instance, json };
  };

  test('[ARCH-1] in JSON are put together, with sequences and text of any script', async () => {
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const { json, ...instance } = described({
      '00080060': element('CS', 'OT'),
      '00081140': { vr: 'SQ', Value: [{ '00081155': element('UI', '1.2.3') }, {}] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' }] },
      '00420011': { vr: 'OB', BulkDataURI: 'https://elsewhere/document' },
      '7FE00010': { vr: 'OB', BulkDataURI: 'pixels' },
    });
    const request = relatedBody(META, [
      { contentType: `${META}; charset=utf-8`, body: JSON.stringify([json]) },
      { contentType: 'application/octet-stream', contentLocation: 'pixels', body: pixels },
      { contentType: 'application/pdf', contentLocation: 'https://elsewhere/document', body: '%PDF' },
    ]);
    expect(await storeAnswer(await post({ ...request }))).toMatchObject({ status: 200, failed: [] });
    const back = await metadataOf(instance);
    expect(back).toMatchObject({
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00081140': json['00081140'],
      '00100010': json['00100010'],
      '00420011': { vr: 'OB', InlineBinary: Buffer.from('%PDF').toString('base64') },
    });
    const { dataSet, transferSyntax } = readPart10(await bytesOf(instance));
    expect([...dataSet.elements.get(0x7fe00010)!.value!]).toEqual([...pixels]);
    expect(transferSyntax.uid).toBe('1.2.840.10008.1.2.1');
  });

  test('[ARCH-1] in XML are put together', async () => {
    const { json, ...instance } = described({ '7FE00010': { vr: 'OB', BulkDataURI: 'a b' } });
    const request = relatedBody('application/dicom+xml', [
      { body: toXml(json) },
      { contentType: 'application/octet-stream', contentLocation: 'a b', body: Uint8Array.of(6, 5, 4, 3, 2, 1) },
    ]);
    expect(await storeAnswer(await post({ ...request }))).toMatchObject({ status: 200 });
    expect([...readPart10(await bytesOf(instance)).dataSet.elements.get(0x7fe00010)!.value!]).toEqual([
      6, 5, 4, 3, 2, 1,
    ]);
  });

  test.each([
    ['image/dicom-rle', '1.2.840.10008.1.2.5'],
    ['image/jpeg', '1.2.840.10008.1.2.4.50'],
    ['image/jls; transfer-syntax=1.2.840.10008.1.2.4.81', '1.2.840.10008.1.2.4.81'],
    ['application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.4.90'],
  ])('[ARCH-1] with frames as %s become encapsulated pixel data, a fragment each', async (contentType, uid) => {
    const frames = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6), Uint8Array.of(7, 8, 9, 10)];
    const { json, ...instance } = described({
      '00280008': element('IS', 3),
      '7FE00010': { vr: 'OB', BulkDataURI: 'frames' },
    });
    const request = relatedBody(META, [
      { body: JSON.stringify(json) },
      ...frames.map((body) => ({ contentType, contentLocation: 'frames', body })),
    ]);
    expect(await storeAnswer(await post({ ...request }))).toMatchObject({ status: 200, failed: [] });
    const bytes = await bytesOf(instance);
    const { transferSyntax, dataSet } = readPart10(bytes);
    expect(transferSyntax.uid).toBe(uid);
    const fragments = dataSet.elements.get(0x7fe00010)!.fragments!.slice(1);
    expect(fragments.map(({ offset, length }) => [...bytes.subarray(offset, offset + length)])).toEqual(
      frames.map((frame) => [...frame]),
    );
  });

  test('[ARCH-1] of several instances are stored one by one, each with its own outcome', async () => {
    const [good, incomplete, wrong] = [
      described({}),
      described({ '7FE00010': { vr: 'OB', BulkDataURI: 'never sent' } }),
      described({ '00280010': element('US', 'two') }),
    ];
    const request = relatedBody(META, [{ body: JSON.stringify([good.json, incomplete.json, wrong.json]) }]);
    const answer = await storeAnswer(await post({ ...request }));
    expect(answer).toMatchObject({ status: 202, stored: [{ instance: good.instance }] });
    expect(answer.failed.map(({ instance, reason }) => [instance, reason])).toEqual([
      [incomplete.instance, 0xc000],
      [wrong.instance, 0xc000],
    ]);
  });

  const part = (json: unknown) => ({ body: typeof json === 'string' ? json : JSON.stringify(json) });
  const deep = (depth: number): string => `${'{"00081140":{"vr":"SQ","Value":['.repeat(depth)}{}${']}}'.repeat(depth)}`;
  test.each([
    ['no JSON', [part('{"0008')]],
    ['JSON of another kind', [part([1])]],
    ['tags that are none', [part({ patient: { vr: 'PN' } })]],
    ['elements that are none', [part({ '00100010': 'Doe' })]],
    ['a VR that is none', [part({ '00100010': { vr: 'XX' } })]],
    ['no list of values', [part({ '00100020': { vr: 'LO', Value: 'P' } })]],
    ['values that are none', [part({ '00100020': { vr: 'LO', Value: [['P']] } })]],
    ['items that are none', [part({ '00081140': { vr: 'SQ', Value: ['P'] } })]],
    ['an address that is none', [part({ '7FE00010': { vr: 'OB', BulkDataURI: 5 } })]],
    ['sequences without end', [part(deep(10_000))]],
    ['bulk data without a place', [part(described({}).json), { contentType: 'application/octet-stream', body: 'x' }]],
  ])('[ARCH-1] with %s are 400', async (_, parts) => {
    expect(await codeOf(await post({ ...relatedBody(META, parts) }))).toEqual([400, 'malformed-request']);
  });

  test('[ARCH-1] with XML that is no Native DICOM Model are 400', async () => {
    for (const body of ['<a/>', 'no xml', '']) {
      const answer = await post({ ...relatedBody('application/dicom+xml', [{ body }]) });
      expect(await codeOf(answer)).toEqual([400, 'malformed-request']);
    }
  });

  test('[ARCH-2] come back as what was put together, and again are the same instance', async () => {
    const { json, ...instance } = described({});
    const request = () => post({ ...relatedBody(META, [{ body: JSON.stringify(json) }]) });
    expect((await request()).status).toBe(200);
    expect((await request()).headers.get('isocenter-already-there')).toBe('1');
    const { dataSetOffset } = readPart10(await bytesOf(instance));
    expect((await bytesOf(instance)).subarray(dataSetOffset).equals(Buffer.from(writeDataSet(json)))).toBe(true);
  });
});

test('[ARCH-7] a zone’s own address stores into that zone, the common one into the configured zone', async () => {
  const file = instanceFile();
  const answer = await storeAnswer(await post(storeRequest([file.bytes]), '/zones/repository/dicom-web/studies'));
  expect(answer.stored[0]?.url).toBe(`${server.url}${pathOf(file, '/zones/repository/dicom-web/studies')}`);
  const statuses = async () =>
    Promise.all(
      ['landing', 'staging', 'repository'].map(
        async (zone) => (await server.fetch(pathOf(file, `/zones/${zone}/dicom-web/studies`))).status,
      ),
    );
  expect(await statuses()).toEqual([404, 404, 200]);
  await send(file.bytes);
  expect(await statuses()).toEqual([200, 404, 200]);
  const parts = await answeredParts(await server.fetch(`${STUDIES}/${file.study}`));
  expect(parts).toHaveLength(1);
});

test('[ARCH-3] a full storage is 503 with a reason for each, until there is room', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'isocenter-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    rmSync(folder, { recursive: true });
    context.skip('no small file system can be mounted here: that needs root');
  }
  try {
    const full = await startTestServer({ ISOCENTER_DATA: join(folder, 'data') });
    try {
      const large = (size: number) =>
        instanceFile({
          elements: { '7FE00010': { vr: 'OB', BulkDataURI: 'pixels' } },
          write: { bulkData: () => new Uint8Array(size) },
        });
      const store = (...files: { bytes: Uint8Array }[]) =>
        full.fetch(STUDIES, { method: 'POST', ...storeRequest(files.map(({ bytes }) => bytes)) });
      const [first, second, small] = [large(6e6), large(7e6), large(1e5)];
      expect((await store(first)).status).toBe(200);
      const refused = await store(second);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
      expect((await storeAnswer(refused)).failed).toMatchObject([{ instance: second.instance, reason: 0xa700 }]);
      // Both are written at the same time: the large one may take the last room from the small one for a moment.
      let partly = await storeAnswer(await store(small, second));
      for (let tries = 1; partly.status === 503 && tries < 20; tries++)
        partly = await storeAnswer(await store(small, second));
      expect(partly).toMatchObject({
        status: 202,
        stored: [{ instance: small.instance }],
        failed: [{ reason: 0xa700 }],
      });
      expect((await full.fetch(pathOf(first))).status).toBe(200);
      expect(spooled(full)).toEqual([]);
    } finally {
      await full.stop();
    }
  } finally {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  }
});

/** A way to the database that can be cut. */
async function cuttable(url: string): Promise<{ url: string; cut(): void; mend(): Promise<void> }> {
  const { username, password, pathname, searchParams } = new URL(url.replace('@/', '@localhost/'));
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(join(searchParams.get('host') ?? '', '.s.PGSQL.5432'));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
    client.pipe(upstream).pipe(client);
  });
  const listen = (port: number): Promise<void> => new Promise((done) => proxy.listen(port, '127.0.0.1', done));
  await listen(0);
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `postgresql://${username}:${password}@127.0.0.1:${port}${pathname}`,
    cut: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
    mend: () => listen(port),
  };
}

test('[ARCH-4] while the database is away the answer is 503, and the server goes on when it is back', async () => {
  const database = await createTestDatabase();
  const way = await cuttable(database.url);
  const away = await startTestServer({ DATABASE_URL: way.url });
  try {
    const file = instanceFile();
    const store = () => away.fetch(STUDIES, { method: 'POST', ...storeRequest([file.bytes]) });
    expect((await store()).status).toBe(200);
    way.cut();
    const refused = await store();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    expect((await storeAnswer(refused)).failed).toMatchObject([{ instance: file.instance, reason: 0xa700 }]);
    expect((await away.fetch(`${STUDIES}?limit=1`)).status).toBe(503);
    expect((await away.fetch('/health/live')).status).toBe(200);
    await way.mend();
    await vi.waitFor(async () => expect((await store()).status).toBe(200), { timeout: 10_000 });
    // Nobody could know whether it was entered: it is left to the cleaner.
    expect(spooled(away)).toEqual([expect.stringMatching(/\.left$/)]);
  } finally {
    await away.stop();
    way.cut();
    await database.drop();
  }
});
