import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createProxy } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { writePart10 } from '@isocenter/dicom';
import { startTestServer, testServer } from '@isocenter/testkit';
import { freePort } from '@isocenter/testkit/programs';
import { Agent } from 'undici';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import type { SendOptions } from '../program.ts';
import { send } from './command.ts';
import { inspect } from './instance-file.ts';
import { Sender } from './sender.ts';
import type { FileOutcome } from './store-request.ts';

const server = testServer();
const root = mkdtempSync(join(tmpdir(), 'isocenter-send-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** 2.25 and a UUID as a decimal number (PS3.5 B.2). */
const uid = (): string => `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;

interface Made {
  readonly path: string;
  readonly instance: string;
}

/** A folder of instances of one series. */
function makeSeries(number: number, bytes = 2000): { folder: string; study: string; files: Made[] } {
  const folder = mkdtempSync(join(root, 'series-'));
  const study = uid();
  const series = uid();
  const files = Array.from({ length: number }, (_, i): Made => {
    const instance = uid();
    const path = join(folder, `Doe^Jane ${i}.dcm`);
    writeFileSync(path, instanceBytes({ study, series, instance, bytes }));
    return { path, instance };
  });
  return { folder, study, files };
}

function instanceBytes({
  study,
  series,
  instance,
  bytes,
}: {
  study: string;
  series: string;
  instance: string;
  bytes: number;
}) {
  return writePart10(
    {
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
      '00080018': { vr: 'UI', Value: [instance] },
      '00080060': { vr: 'CS', Value: ['OT'] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
      '00100020': { vr: 'LO', Value: ['4711'] },
      '0020000D': { vr: 'UI', Value: [study] },
      '0020000E': { vr: 'UI', Value: [series] },
      '00420011': { vr: 'OB', InlineBinary: Buffer.alloc(bytes, 7).toString('base64') },
    },
    { transferSyntaxUid: '1.2.840.10008.1.2.1' },
  );
}

/** Runs the command and collects what it says; without a cache, it remembers nothing of other runs. */
async function run(paths: string[], more: Partial<SendOptions> = {}, cache = join(root, randomUUID())) {
  const written = { out: '', err: '' };
  const collect = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const options = { url: server.url, token: server.token, jobs: 2, ...more };
  const err = Object.assign(collect('err'), { isTTY: false }) as Writable as NodeJS.WriteStream;
  const code = await send(paths, options, { XDG_CACHE_HOME: cache }, { out: collect('out'), err });
  return { code, ...written };
}

async function countStored(study: string): Promise<number> {
  const response = await server.fetch(`/dicom-web/studies/${study}/instances?limit=1000`);
  return response.status === 204 ? 0 : ((await response.json()) as unknown[]).length;
}

test('[OPS-8] a folder is stored, and what is no instance is counted with the reason', async () => {
  const { folder, study } = makeSeries(120);
  mkdirSync(join(folder, 'more'));
  writeFileSync(join(folder, 'more', 'notes.txt'), 'not an image');
  writeFileSync(join(folder, 'more', 'nothing.dcm'), '');
  const { code, out } = await run([folder]);
  expect(code).toBe(0);
  expect(await countStored(study)).toBe(120);
  expect(out).toContain('120 stored');
  expect(out).toContain('1 skipped: not a DICOM file');
  expect(out).toContain('1 skipped: empty');
});

test('[OPS-8] a second run sends only what was not acknowledged; the journal holds no names', async () => {
  const { folder, files } = makeSeries(10);
  const journal = join(root, 'kept.journal');
  await run([folder], { journal });
  expect(readFileSync(journal, 'utf8')).not.toMatch(/Doe|Jane|dcm/);
  const again = await run([folder], { journal });
  expect(again.out).toContain('0 stored');
  expect(again.out).toContain('10 acknowledged in an earlier run, not sent again');

  // A file that changed is another file; half a line, left by a killed run, spoils no other.
  utimesSync(files[0]?.path ?? '', new Date(), new Date(Date.now() + 5000));
  appendFileSync(journal, 'half a li');
  const third = await run([folder], { journal });
  expect(third.out).toContain('1 were there already');
  expect(third.out).toContain('9 acknowledged in an earlier run');
  expect((await run([folder], { journal })).out).toContain('10 acknowledged in an earlier run');
});

test('[OPS-8] an emptied server at the same address gets everything again', async () => {
  const { folder } = makeSeries(3);
  const port = await freePort();
  const toNewServer = async (times: number): Promise<string[]> => {
    const fresh = await startTestServer({ ISOCENTER_PORT: String(port) });
    try {
      const said: string[] = [];
      for (let i = 0; i < times; i++)
        said.push((await run([folder], { url: fresh.url, token: fresh.token }, root)).out);
      return said;
    } finally {
      await fresh.stop();
    }
  };
  const [first, again] = await toNewServer(2);
  expect(first).toContain('3 stored');
  expect(again).toContain('3 acknowledged in an earlier run');
  expect((await toNewServer(1))[0]).toContain('3 stored');
});

test('[OPS-8] what the server refuses is named with its reason, and the exit code says so', async () => {
  const { folder, files, study } = makeSeries(3);
  const path = files[1]?.path ?? '';
  writeFileSync(path, instanceBytes({ study: '', series: uid(), instance: uid(), bytes: 100 }));
  const { code, out } = await run([folder]);
  expect(code).toBe(1);
  expect(out).toContain('2 stored');
  expect(out).toMatch(/1 failed:\n {2}.*Doe\^Jane 1\.dcm: .+/);
  expect(await countStored(study)).toBe(2);
});

test('[OPS-8] one file twice under one UID is sent in two requests', async () => {
  const { folder, files, study } = makeSeries(2);
  writeFileSync(join(folder, 'z-copy.dcm'), readFileSync(files[0]?.path ?? ''));
  const { code, out } = await run([folder], { jobs: 1 });
  expect(code).toBe(0);
  expect(out).toContain('1 were there already');
  expect(await countStored(study)).toBe(2);
});

test('[OPS-8] a wrong token, a wrong zone and a server that is not there end at once', async () => {
  const { folder } = makeSeries(1);
  expect(await run([folder], { token: 'wrong' })).toMatchObject({
    code: 1,
    err: expect.stringContaining('does not accept the token'),
  });
  expect(await run([folder], { zone: 'attic' })).toMatchObject({ code: 1, out: expect.stringContaining('404') });
  expect(await run([folder], { url: 'http://127.0.0.1:9' })).toMatchObject({
    code: 1,
    err: expect.stringContaining('does not answer'),
  });
});

test('[OPS-8] a path that is not there is a failure', async () => {
  expect(await run([join(root, 'nowhere')])).toMatchObject({
    code: 1,
    out: expect.stringContaining("can't be read (ENOENT)"),
  });
});

/** A server between sender and archive, which may cut connections. */
async function proxyTo(url: string, cutAfter: (connection: number) => number): Promise<string> {
  const { port } = new URL(url);
  let connections = 0;
  const proxy = createProxy((from) => {
    let left = cutAfter(++connections);
    const to = connect(Number(port), '127.0.0.1');
    from.on('data', (chunk) => {
      left -= chunk.length;
      if (left > 0) to.write(chunk);
      else {
        from.destroy();
        to.destroy();
      }
    });
    to.pipe(from);
    for (const each of [from, to]) {
      each.on('error', () => undefined);
      each.on('close', () => [from, to].map((end) => end.destroy()));
    }
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  onTestFinished(() => void proxy.close());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

test('[OPS-8] connections that break are tried again until everything is there', async () => {
  const { folder, study } = makeSeries(60, 50_000);
  const url = await proxyTo(server.url, (connection) => (connection <= 4 ? 700_000 : Number.POSITIVE_INFINITY));
  const { code, out, err } = await run([folder], { url });
  expect(err).toContain('the connection broke');
  expect(out).toMatch(/^\d+ stored/);
  expect(code).toBe(0);
  expect(await countStored(study)).toBe(60);
});

/** A server that answers what the test says. */
async function answering(answers: readonly { status: number; body?: unknown; headers?: Record<string, string> }[]) {
  const seen: number[] = [];
  const http: Server = createServer(async (request, response) => {
    let parts = 0;
    try {
      for await (const chunk of request) parts += String(chunk).split('Content-Type: application/dicom').length - 1;
    } catch {
      return; // the sender broke off
    }
    seen.push(parts);
    const answer = answers[seen.length - 1] ?? answers.at(-1);
    response.writeHead(answer?.status ?? 500, { 'content-type': 'application/dicom+json', ...answer?.headers });
    response.end(JSON.stringify(answer?.body ?? {}));
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  onTestFinished(() => void http.close());
  return { address: `http://127.0.0.1:${(http.address() as AddressInfo).port}/dicom-web/studies`, seen };
}

/** Sends files without waiting between tries; the outcomes by the file's number. */
async function sendTo(address: string, files: readonly Made[]) {
  const outcomes = new Map<string, FileOutcome>();
  const dispatcher = new Agent();
  const sender = new Sender(
    { address, token: undefined, dispatcher },
    { jobs: 1, signal: new AbortController().signal, patience: (attempt) => (attempt > 4 ? undefined : 1) },
    {
      bytes: () => undefined,
      present: () => undefined,
      waiting: () => undefined,
      done: (file, outcome) => outcomes.set(file.path, outcome),
    },
  );
  const inspected = async function* () {
    for (const { path } of files) {
      const found = await inspect({ path, size: readFileSync(path).length, modifiedMs: 0 });
      if (typeof found !== 'string') yield found;
    }
  };
  await sender.send(inspected()).finally(() => dispatcher.destroy());
  return files.map(({ path }) => outcomes.get(path));
}

const referenced = (...made: (Made | undefined)[]) => ({
  '00081199': { vr: 'SQ', Value: made.map((each) => ({ '00081155': { vr: 'UI', Value: [each?.instance] } })) },
});
const refused = (code: number, ...made: (Made | undefined)[]) => ({
  '00081198': {
    vr: 'SQ',
    Value: made.map((each) => ({
      '00081155': { vr: 'UI', Value: [each?.instance] },
      '00081197': { vr: 'US', Value: [code] },
    })),
  },
});

test('[OPS-8] of a request, only what the server had no room for is sent again', async () => {
  const { files } = makeSeries(3);
  const { address, seen } = await answering([
    { status: 503 },
    { status: 202, body: { ...referenced(files[0]), ...refused(0xa700, files[1]) } },
    { status: 202, body: { ...referenced(files[1]), ...refused(0xc000, files[2]) } },
  ]);
  expect(await sendTo(address, files)).toEqual([
    { kind: 'stored' },
    { kind: 'stored' },
    { kind: 'failed', reason: 'reason C000' },
  ]);
  expect(seen).toEqual([3, 3, 2]);
});

test('[OPS-8] a request that is refused as a whole is divided until the culprit is alone', async () => {
  const { files } = makeSeries(4);
  const { address, seen } = await answering([
    { status: 413 },
    { status: 200, body: referenced(files[0], files[1]) },
    { status: 413 },
    { status: 413, body: { detail: 'Too large.' } },
    { status: 200, body: referenced(files[3]) },
  ]);
  expect(await sendTo(address, files)).toEqual([
    { kind: 'stored' },
    { kind: 'stored' },
    { kind: 'failed', reason: 'the server answered 413: Too large.' },
    { kind: 'stored' },
  ]);
  expect(seen).toEqual([4, 2, 2, 1, 1]);
});

test('[OPS-8] a server that stays busy is given up after a while, without losing track of any file', async () => {
  const { files } = makeSeries(2);
  const { address, seen } = await answering([{ status: 503 }]);
  expect(await sendTo(address, files)).toEqual([
    { kind: 'failed', reason: 'the server answered 503' },
    { kind: 'failed', reason: 'the server answered 503' },
  ]);
  expect(seen).toHaveLength(5);
});

test('[OPS-8] a file that shrank since it was found fails alone', async () => {
  const { files } = makeSeries(3);
  const { address } = await answering([{ status: 200, body: referenced(files[0], files[2]) }]);
  const dispatcher = new Agent();
  const outcomes = new Map<string, FileOutcome>();
  const sender = new Sender(
    { address, token: undefined, dispatcher },
    { jobs: 1, signal: new AbortController().signal, patience: () => 1 },
    {
      bytes: () => undefined,
      present: () => undefined,
      waiting: () => undefined,
      done: (file, outcome) => outcomes.set(file.path, outcome),
    },
  );
  const inspected = async function* () {
    for (const { path } of files) {
      const found = await inspect({
        path,
        size: readFileSync(path).length + (path === files[1]?.path ? 100 : 0),
        modifiedMs: 0,
      });
      if (typeof found !== 'string') yield found;
    }
  };
  await sender.send(inspected()).finally(() => dispatcher.destroy());
  expect(files.map(({ path }) => outcomes.get(path))).toEqual([
    { kind: 'stored' },
    { kind: 'failed', reason: 'it changed while it was sent' },
    { kind: 'stored' },
  ]);
});

const shared = new URL('../../../../../shared/data/dicom/pydicom-test-files/', import.meta.url);

test.runIf(existsSync(shared))(
  '[OPS-8] of real files, each is stored, refused with a reason, or skipped with a reason',
  async () => {
    const { out } = await run([shared.pathname]);
    const number = (pattern: RegExp): number =>
      [...out.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);
    const total = readdirSync(shared, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    ).length;
    expect(number(/^(\d+) (?:stored|were there already|failed|skipped)/gm)).toBe(total);
    expect(number(/^(\d+) stored/gm)).toBeGreaterThan(50);
  },
);
