import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogEntry, type LogObject, objectKey, permissions, tracerActions, tracingOf } from '@isocenter/contract';
import { readPart10 } from '@isocenter/dicom';
import { testDatabase } from '@isocenter/testkit';
import { relatedBody } from '@isocenter/testkit/dicomweb';
import { freePort } from '@isocenter/testkit/programs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Composed, compose } from '../../compose.ts';
import { loadConfig } from '../../platform/config.ts';
import { routeTable } from '../../platform/http/index.ts';
import { asAdministrator, asCurator, asNobody, byName } from '../../platform/http/test/test-app.ts';
import { silentLog } from '../../platform/log.ts';
import type { OutgoingInstance } from '../archive/index.ts';
import { element, type InstanceFile, instanceFile, newUid, SECONDARY_CAPTURE } from '../archive/test/instance-file.ts';
import { store as storeOverDimse } from '../dimse/index.ts';
import { administration } from './test/administration.ts';
import { readOf } from './traced-routes.ts';

const db = testDatabase();
const bootstrapToken = 'the-bootstrap-token-of-this-test';
const asBootstrap = { authorization: `Bearer ${bootstrapToken}` };
let folder: string;
let server: Composed;
let url: string;

const start = (env: Record<string, string> = {}) =>
  compose(loadConfig({ ISOCENTER_DATA: folder, DATABASE_URL: db.url, ISOCENTER_DRAIN_SECONDS: '5', ...env }), {
    log: silentLog(),
    database: db.database,
    bootstrapToken,
    version: '1.2.3',
    role: 'server',
    webRoot: join(folder, 'no-pages'),
    authenticators: [byName],
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-trace-'));
  server = await start();
  await server.start();
  await server.app.listen({ port: 0 });
  url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Every entry so far, in the order in which it was recorded. */
async function entries(): Promise<LogEntry[]> {
  const { rows } = await db.database.pool.query<{ body: string }>(
    `select body from (select 0 as waits, leaf as place, body from log_entry union all select 1, seq, body from log_pending)
     as entry order by waits, place`,
  );
  return rows.map(({ body }) => LogEntry.parse(JSON.parse(body)));
}

async function newest(since: number): Promise<LogEntry[]> {
  return (await entries()).slice(since);
}

/** Until so many were recorded since; what is recorded after an answer comes a little later. */
async function grown(since: number, by: number): Promise<void> {
  await vi.waitFor(async () => expect(await newest(since)).toHaveLength(by), { timeout: 20_000 });
}

const named = (object: LogObject): LogObject => server.services.tracer.objectOf(object);
const studyOf = ({ study }: InstanceFile): LogObject => named({ kind: 'study', id: study });
const instanceOf = ({ instance, bytes }: InstanceFile): LogObject =>
  named({
    kind: 'instance',
    id: instance,
    hash: createHash('sha256').update(bytes).digest('hex') as LogObject['hash'],
  });

const get = (path: string, headers: Record<string, string> = asBootstrap) => fetch(url + path, { headers });

function store(files: readonly InstanceFile[], root = '/dicom-web/studies'): Promise<Response> {
  const { headers, body } = relatedBody(
    'application/dicom',
    files.map(({ bytes }) => ({ body: bytes })),
  );
  return fetch(url + root, { method: 'POST', headers: { ...asBootstrap, ...headers }, body });
}

const path = ({ study, series, instance }: InstanceFile) => ({
  study: `/dicom-web/studies/${study}`,
  series: `/dicom-web/studies/${study}/series/${series}`,
  instance: `/dicom-web/studies/${study}/series/${series}/instances/${instance}`,
});

describe('[TRACE-3] the catalogue', () => {
  test('has, for every permission, what is recorded or why nothing is', () => {
    expect(Object.keys(tracingOf).sort()).toEqual(Object.keys(permissions).sort());
    for (const [permission, tracing] of Object.entries(tracingOf)) {
      if ('nothing' in tracing) expect([permission, tracing.nothing.length > 10]).toEqual([permission, true]);
      else expect([permission, tracing.every((action) => action in tracerActions)]).toEqual([permission, true]);
    }
  });

  test('has every route that reads what is recorded, under the name that its permission allows', () => {
    const problems = routeTable(server.app)
      .filter(({ method }) => method === 'GET')
      .flatMap(({ url: address, action }) => {
        const tracing = tracingOf[action];
        const read = readOf(address);
        if ('nothing' in tracing) return typeof read === 'string' ? [`${address} is recorded, ${action} says not`] : [];
        if (read === undefined) return [`${address} reads data and is not in traced-routes.ts`];
        if (typeof read === 'string' && !tracing.includes(read))
          return [`${address} is recorded as ${read}, ${action} does not say so`];
        return [];
      });
    expect(problems).toEqual([]);
  });

  test('has a command for every route that changes data, and this file shows each', () => {
    const changing = routeTable(server.app)
      .filter(({ method, action }) => !['GET', 'HEAD', 'OPTIONS'].includes(method) && !('nothing' in tracingOf[action]))
      .map(({ method, url: address }) => `${method} ${address.replace(/^\/(zones\/:zone|areas\/:area)/, '')}`);
    // What people and projects are about is shown by trace-administration.test.ts.
    expect([...new Set(changing)].filter((route) => !administration.includes(route)).sort()).toEqual([
      'DELETE /api/session',
      'DELETE /dicom-web/studies/:study',
      'DELETE /dicom-web/studies/:study/series/:series',
      'DELETE /dicom-web/studies/:study/series/:series/instances/:instance',
      'POST /api/jobs/:id/cancel',
      'POST /api/jobs/:id/retry',
      'POST /api/session',
      'POST /dicom-web/studies',
      'POST /dicom-web/studies/:study',
    ]);
  });
});

describe('[TRACE-3.1] data', () => {
  const bootstrap = { kind: 'user', id: 'bootstrap' };

  test('stored: one entry for a study, with the hash of every instance that is new, and none for what was there', async () => {
    const study = newUid();
    const files = [instanceFile({ study }), instanceFile({ study }), instanceFile({ study })];
    const other = instanceFile();
    expect((await store([files[0]!])).status).toBe(200);
    const before = (await entries()).length;
    expect((await store([...files, other])).status).toBe(200);
    const found = (await newest(before)).filter(({ action }) => action === 'instance.store');
    const objects = found.flatMap((entry) => entry.objects.slice(1));
    expect(objects.toSorted(byKey)).toEqual([...files.slice(1), other].map(instanceOf).toSorted(byKey));
    for (const entry of found) expect(entry).toMatchObject({ actor: bootstrap, zone: 'landing', outcome: 'done' });
    expect(new Set(found.map((entry) => objectKey(entry.objects[0]!)))).toEqual(
      new Set([objectKey(studyOf(files[0]!)), objectKey(studyOf(other))]),
    );
    const after = (await entries()).length;
    expect((await store(files)).status).toBe(200);
    expect(await newest(after)).toEqual([]);
  });

  test('looked at: one entry for a person and a study, however many requests', async () => {
    const file = instanceFile();
    await store([file]);
    const before = (await entries()).length;
    const { study, series, instance } = path(file);
    for (const address of [
      `${study}/metadata`,
      `${series}/metadata`,
      `${instance}/metadata`,
      `${study}/series`,
      `/api/studies/${file.study}`,
    ])
      expect([address, (await get(address)).status]).toEqual([address, 200]);
    expect(await newest(before)).toMatchObject([
      { action: 'study.view', actor: bootstrap, objects: [studyOf(file)], outcome: 'done' },
    ]);
    await get(`${study}/metadata`, asAdministrator);
    expect((await entries()).at(-1)).toMatchObject({ action: 'study.view', actor: { kind: 'user', id: 'ada' } });
  });

  test('not found, not looked at', async () => {
    const before = (await entries()).length;
    expect((await get(`/dicom-web/studies/${newUid()}/metadata`)).status).toBe(404);
    expect(await newest(before)).toEqual([]);
  });

  test('searched: one entry for a person and a while', async () => {
    const before = (await entries()).length;
    for (const address of ['/dicom-web/studies', '/api/studies?patientName=doe', '/zones/landing/dicom-web/series'])
      expect((await get(address, asAdministrator)).ok).toBe(true);
    const found = await newest(before);
    expect(found).toMatchObject([{ action: 'study.search', objects: [] }]);
    expect(JSON.stringify(found)).not.toContain('doe');
  });

  test('taken away: an entry when it begins and one when it has ended, also when it was cut off', async () => {
    const files = Array.from({ length: 3 }, () => instanceFile({ study: '1.2.3.4.77', series: '1.2.3.4.77.1' }));
    const large = instanceFile({
      elements: { '00204000': { vr: 'OB', InlineBinary: Buffer.alloc(30_000_000).toString('base64') } },
    });
    await store([...files, large]);
    const before = (await entries()).length;
    await (await get(path(files[0]!).study)).arrayBuffer();
    await grown(before, 2);
    const [began, ended] = (await newest(before)) as [LogEntry, LogEntry];
    expect(began).toMatchObject({ action: 'study.export', objects: [studyOf(files[0]!)], outcome: 'done' });
    expect(ended).toMatchObject({
      action: 'study.export-end',
      objects: [studyOf(files[0]!)],
      began: began.id,
      outcome: 'done',
    });

    const cut = await get(path(large).series);
    await cut.body?.cancel();
    await grown(before, 4);
    expect((await entries()).at(-1)).toMatchObject({ action: 'study.export-end', outcome: 'failed' });

    const etag = (await get(path(files[0]!).study)).headers.get('etag') ?? '';
    await grown(before, 6);
    expect((await get(path(files[0]!).study, { ...asBootstrap, 'if-none-match': etag })).status).toBe(304);
    expect((await newest(before)).length).toBe(6);
  });

  test('retrieved one by one: one entry for a study', async () => {
    const series = newUid();
    const files = Array.from({ length: 3 }, () => instanceFile({ study: '1.2.3.4.78', series }));
    await store(files);
    const before = (await entries()).length;
    for (const file of files) expect((await get(path(file).instance)).status).toBe(200);
    const [file] = files as [InstanceFile];
    const wado = `/wado?requestType=WADO&studyUID=${file.study}&seriesUID=${series}&objectUID=${file.instance}`;
    expect((await get(`${wado}&contentType=application/dicom`)).status).toBe(200);
    expect(await newest(before)).toMatchObject([{ action: 'instance.retrieve', objects: [studyOf(file)] }]);
  });

  test('deleted: with the hash of all that went, in the transaction in which it went', async () => {
    const study = newUid();
    const files = Array.from({ length: 3 }, () => instanceFile({ study }));
    await store(files);
    const before = (await entries()).length;
    const { status } = await fetch(url + path(files[0]!).study, { method: 'DELETE', headers: asBootstrap });
    expect(status).toBe(204);
    const [entry, ...more] = await newest(before);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ action: 'study.delete', actor: bootstrap, zone: 'landing' });
    expect(entry!.objects.slice(1).toSorted(byKey)).toEqual(files.map(instanceOf).toSorted(byKey));
    expect((await fetch(url + path(files[0]!).study, { method: 'DELETE', headers: asBootstrap })).status).toBe(404);
    expect(await newest(before)).toHaveLength(1);
  });

  test('[TRACE-1.4] that can’t be recorded is neither stored, given out nor deleted', async () => {
    const file = instanceFile();
    await store([file]);
    const { pool } = db.database;
    await pool.query(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
      create trigger refused before insert on log_pending for each row execute function refuse()`);
    try {
      const { study, instance } = path(file);
      for (const address of [study, `${study}/metadata`, instance]) {
        const answer = await get(address, asAdministrator);
        expect(answer.status).toBe(500);
        expect(await answer.text()).not.toContain('Doe');
      }
      expect((await fetch(url + study, { method: 'DELETE', headers: asBootstrap })).status).toBe(500);
      expect((await store([instanceFile()])).status).toBe(409);
    } finally {
      await pool.query('drop trigger refused on log_pending');
    }
    expect((await get(`${path(file).study}/metadata`, asAdministrator)).status).toBe(200);
  });
});

const byKey = (a: LogObject, b: LogObject): number => (objectKey(a) < objectKey(b) ? -1 : 1);

describe('[TRACE-3.2] people and the server', () => {
  test('signing in, out, and failing to, which is told once a minute', async () => {
    const before = (await entries()).length;
    const { app } = server;
    const signIn = await app.inject({ method: 'POST', url: '/api/session', payload: { token: bootstrapToken } });
    const cookie = String(signIn.headers['set-cookie']).split(';')[0]!;
    await app.inject({ method: 'DELETE', url: '/api/session', headers: { cookie } });
    for (let i = 0; i < 3; i++)
      await app.inject({ method: 'POST', url: '/api/session', payload: { token: 'wrong-token' } });
    const found = await newest(before);
    expect(found).toMatchObject([
      { action: 'session.begin', actor: { kind: 'user', id: 'bootstrap' } },
      { action: 'session.end', actor: { kind: 'user', id: 'bootstrap' } },
      {
        action: 'session.fail',
        actor: { kind: 'user', id: 'unknown' },
        outcome: 'denied',
        objects: [{ kind: 'address' }],
      },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/127\.0\.0\.1|wrong-token/);
  });

  test('jobs that are cancelled and begun again', async () => {
    const { jobs } = server.services;
    const kind = { kind: 'archive.clean', title: '', input: { parse: () => ({}) } as never };
    const id = await jobs.enqueue(kind, {}, { startAfter: new Date(Date.now() + 3_600_000), singletonKey: 'a test' });
    const before = (await entries()).length;
    for (const [command, status] of [
      ['cancel', 200],
      ['cancel', 409],
      ['retry', 200],
    ] as const) {
      const answer = await server.app.inject({
        method: 'POST',
        url: `/api/jobs/${id}/${command}`,
        headers: asBootstrap,
      });
      expect(answer.statusCode).toBe(status);
    }
    expect(await newest(before)).toMatchObject([
      { action: 'job.cancel', objects: [{ kind: 'job', id }] },
      { action: 'job.retry', objects: [{ kind: 'job', id }] },
    ]);
  });

  test('configuration, at the first start and when it has changed, without its secrets', async () => {
    const configured = async () => (await entries()).filter(({ action }) => action === 'configuration.change');
    const first = await configured();
    expect(first).toHaveLength(1);
    expect(first[0]!.changes).toContainEqual({ field: 'storeZone', new: 'landing' });
    for (const [env, times] of [
      [{}, 1],
      [{ ISOCENTER_STORE_ZONE: 'staging', ISOCENTER_BOOTSTRAP_TOKEN: 'a-secret-of-sixteen' }, 2],
    ] as const) {
      const other = await start(env);
      await other.start();
      await other.stop();
      expect(await configured()).toHaveLength(times);
    }
    const [, second] = await configured();
    expect(second!.changes).toEqual([
      { field: 'bootstrapToken', new: 'set' },
      { field: 'storeZone', old: 'landing', new: 'staging' },
    ]);
    expect(JSON.stringify(await configured())).not.toMatch(/a-secret|postgres(ql)?:\/\//);
  });
});

describe('[TRACE-3.3] what was denied', () => {
  test('for want of a right, once for a person and right', async () => {
    const before = (await entries()).length;
    for (let i = 0; i < 3; i++) expect((await get('/dicom-web/studies', asNobody)).status).toBe(403);
    expect((await get('/api/jobs', asNobody)).status).toBe(403);
    await grown(before, 2);
    const found = await newest(before);
    for (const entry of found)
      expect(entry).toMatchObject({ action: 'access.deny', actor: { id: 'nemo' }, outcome: 'denied' });
    expect(found.flatMap(({ objects }) => objects.map(objectKey)).sort()).toEqual([
      'permission:job.read',
      'permission:study.read',
    ]);
  });

  test('because one may not know of it: the answer is as if it weren’t there, the log says that it is', async () => {
    const file = instanceFile();
    await store([file], '/zones/repository/dicom-web/studies');
    const before = (await entries()).length;
    const hidden = await get(`${path(file).study}/metadata`, asCurator);
    const absent = await get(`/dicom-web/studies/${newUid()}/metadata`, asCurator);
    const shape = async (answer: Response) => ({ ...((await answer.json()) as object), instance: '', requestId: '' });
    expect([hidden.status, await shape(hidden)]).toEqual([absent.status, await shape(absent)]);
    await grown(before, 1);
    expect(await newest(before)).toMatchObject([
      {
        action: 'access.deny',
        objects: [{ kind: 'permission', id: 'instance.read' }, studyOf(file)],
        outcome: 'denied',
      },
    ]);
  });
});

test('[TRACE-2] nothing of a patient is in the log, whatever was done', async () => {
  const file = instanceFile({
    elements: {
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Planted^Penelope' }] },
      '00100020': element('LO', 'PLANTED-4711'),
      '00080050': element('SH', 'PLANTED-ACC'),
    },
  });
  await store([file]);
  const { study, series, instance } = path(file);
  for (const address of [
    study,
    series,
    instance,
    `${study}/metadata`,
    '/dicom-web/studies?PatientName=Planted*',
    '/api/studies?q=PLANTED-4711',
  ])
    await (await get(address)).arrayBuffer();
  await fetch(url + study, { method: 'DELETE', headers: asBootstrap });
  const all = JSON.stringify(await entries());
  expect(all).toContain(studyOf(file).id);
  for (const planted of ['lanted', 'PLANTED', 'Doe', 'P-77', file.study, file.series, file.instance])
    expect(all).not.toContain(planted);
});

describe('[TRACE-3.1, TRACE-3.3] over DIMSE', () => {
  const files = [instanceFile(), instanceFile()];

  test('instances are stored by the peer that sent them, and a stranger is denied', async () => {
    const port = await freePort();
    const other = await start({ ISOCENTER_DIMSE_PORT: String(port), ISOCENTER_DIMSE_PEERS: 'MR1@127.0.0.1:104' });
    await other.start();
    const before = (await entries()).length;
    const send = async (callingAeTitle: string): Promise<(number | undefined)[]> => {
      const peer = { aeTitle: 'ISOCENTER', host: '127.0.0.1', port };
      const statuses: (number | undefined)[] = [];
      for await (const { status } of storeOverDimse(peer, files.map(outgoing), { callingAeTitle }))
        statuses.push(status);
      return statuses;
    };
    expect(await send('MR1')).toEqual([0, 0]);
    for (let i = 0; i < 3; i++) await expect(send('STRANGER')).rejects.toThrow();
    await other.stop();
    const found = await newest(before);
    const stored = found.filter(({ action }) => action === 'instance.store');
    expect(stored.flatMap(({ objects }) => objects.slice(1).map(({ id }) => id)).sort()).toEqual(
      files.map((file) => instanceOf(file).id).sort(),
    );
    for (const entry of stored) expect(entry.actor).toEqual({ kind: 'service', id: 'dimse:MR1' });
    const denied = found.filter(({ action }) => action === 'access.deny');
    expect(denied).toMatchObject([
      { actor: { kind: 'service', id: 'dimse:STRANGER' }, objects: [{ kind: 'address' }], outcome: 'denied' },
    ]);
  });
});

function outgoing({ bytes, instance }: InstanceFile): OutgoingInstance {
  const { dataSetOffset, transferSyntax } = readPart10(bytes);
  return {
    sopClassUid: SECONDARY_CAPTURE,
    sopInstanceUid: instance,
    transferSyntaxUid: transferSyntax.uid,
    async *dataSet() {
      yield bytes.subarray(dataSetOffset);
    },
  };
}
