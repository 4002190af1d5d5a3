import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase } from '@isocenter/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Composed, compose } from './compose.ts';
import { loadConfig } from './platform/config.ts';
import { routeTable } from './platform/http/index.ts';
import { byName } from './platform/http/test/test-app.ts';
import { silentLog } from './platform/log.ts';

const db = testDatabase();
const bootstrapToken = 'the-bootstrap-token-of-this-test';
let folder: string;
let server: Composed;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-compose-'));
  const config = loadConfig({ ISOCENTER_DATA: folder, DATABASE_URL: db.url, ISOCENTER_DRAIN_SECONDS: '1' });
  server = await compose(config, {
    log: silentLog(),
    database: db.database,
    bootstrapToken,
    version: '1.2.3',
    role: 'server',
    webRoot: join(folder, 'no-pages'),
    authenticators: [byName],
  });
  await server.start();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

test('[OPS-6] the bootstrap token is the administrator, also as a session that outlives the process', async () => {
  const { app } = server;
  const signIn = await app.inject({ method: 'POST', url: '/api/session', payload: { token: bootstrapToken } });
  expect(signIn.json()).toMatchObject({ roles: ['administrator'], zones: ['landing', 'staging', 'repository'] });
  const { 'set-cookie': cookie } = signIn.headers;
  expect(cookie).toMatch(/^isocenter_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  const [pair = ''] = String(cookie).split(';');
  expect((await app.inject({ url: '/api/me', headers: { cookie: pair } })).statusCode).toBe(200);

  const { rows } = await db.database.pool.query("select encode(key_hash, 'hex') as hash from session");
  expect(JSON.stringify(rows)).not.toContain(pair.split('=')[1]);
  expect(rows).toHaveLength(1);

  // Another process, or the same one after a restart; and one whose token was replaced.
  const config = loadConfig({ ISOCENTER_DATA: folder, DATABASE_URL: db.url });
  for (const [token, status] of [
    [bootstrapToken, 200],
    ['another-bootstrap-token', 401],
  ] as const) {
    const other = await compose(config, {
      log: silentLog(),
      database: db.database,
      bootstrapToken: token,
      version: '1.2.3',
      role: 'worker',
      webRoot: folder,
    });
    expect((await other.app.inject({ url: '/api/me', headers: { cookie: pair } })).statusCode).toBe(status);
    await other.stop();
  }

  const end = await app.inject({ method: 'DELETE', url: '/api/session', headers: { cookie: pair } });
  expect(end.json()).toEqual({ next: null });
  expect(end.headers['set-cookie']).toContain('Max-Age=0');
  expect((await app.inject({ url: '/api/me', headers: { cookie: pair } })).statusCode).toBe(401);
});

test('[OPS-4] readiness names every check, and the status page tells what the server stands on', async () => {
  const ready = await server.app.inject('/health/ready');
  expect(ready.json()).toMatchObject({ ready: true });
  expect(
    ready
      .json()
      .checks.map(({ name }: { name: string }) => name)
      .sort(),
  ).toEqual(['database', 'serving', 'storage']);
  const status = await server.app.inject({
    url: '/api/status',
    headers: { authorization: `Bearer ${bootstrapToken}` },
  });
  expect(status.json()).toMatchObject({
    version: '1.2.3',
    ready: true,
    zones: ['landing', 'staging', 'repository'],
    jobs: { failed: 0, cancelled: 0 },
    counts: { studies: 0, instances: 0 },
  });
  expect(status.json().workers).toMatchObject([{ pid: process.pid }]);
  expect(status.json().disk.freeBytes).toBeGreaterThan(0);
});

test('[OPS-4] metrics tell of requests by route, jobs, threads, the event loop, memory and disk', async () => {
  await server.app.inject({
    url: '/dicom-web/studies/1.2.840.99/metadata?PatientName=DOE',
    headers: { authorization: `Bearer ${bootstrapToken}` },
  });
  const { body, headers } = await server.app.inject({
    url: '/metrics',
    headers: { authorization: `Bearer ${bootstrapToken}` },
  });
  expect(headers['content-type']).toMatch(/^text\/plain; version=0.0.4/);
  for (const line of [
    /^isocenter_http_request_duration_seconds_count\{method="GET",route="\/dicom-web\/studies\/:\w+\/metadata",status="\d+"\} 1$/m,
    /^isocenter_http_requests_in_flight \d+$/m,
    /^isocenter_jobs\{state="queued"\} \d+$/m,
    /^isocenter_tracer_entries\{state="placed"\} \d+$/m,
    /^isocenter_tracer_entries\{state="waiting"\} \d+$/m,
    /^isocenter_threads\{state="size"\} \d+$/m,
    /^isocenter_event_loop_delay_seconds\{quantile="0.99"\} [\d.e-]+$/m,
    /^isocenter_process_memory_bytes\{kind="rss"\} \d+$/m,
    /^isocenter_disk_bytes\{kind="free"\} \d+$/m,
  ]) {
    expect(body).toMatch(line);
  }
  expect(body).not.toContain('1.2.840.99');
  expect(body).not.toContain('DOE');
});

test('[ARCH-1] the OpenAPI document describes every route of the API and refers to nothing that is missing', async () => {
  const document = (await server.app.inject('/api/openapi.json')).json();
  expect(document.openapi).toBe('3.1.0');
  const described = Object.entries<Record<string, { 'x-action': string }>>(document.paths).flatMap(
    ([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = routeTable(server.app)
    .filter(({ method, schema }) => method !== 'HEAD' && method !== 'OPTIONS' && !schema?.hide)
    .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
  expect(described.sort()).toEqual([...new Set(served)].sort());
  expect(document.paths['/api/studies'].get).toMatchObject({ operationId: 'listStudies', 'x-action': 'study.read' });
  expect(document.paths['/api/session'].post.security).toEqual([]);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(references.length).toBeGreaterThan(10);
  for (const name of references) expect(document.components.schemas).toHaveProperty([name ?? '']);
  expect(JSON.stringify(document)).not.toContain('$defs');
});

test('[ARCH-1] the documentation page is served, with nothing that its policy forbids', async () => {
  const page = await server.app.inject('/api/docs');
  expect(page.statusCode).toBe(200);
  expect((await server.app.inject('/api/docs/json')).json()).toEqual(
    (await server.app.inject('/api/openapi.json')).json(),
  );
  // An inline script would be refused by the policy.
  expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)/);
  for (const [, source] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect([source, (await server.app.inject(source ?? '')).statusCode]).toEqual([source, 200]);
  }
});

test('[OPS-4] jobs and notifications are there for the pages', async () => {
  const headers = { authorization: `Bearer ${bootstrapToken}` };
  const { services, app } = server;
  await services.notifications.notify({ role: 'administrator' }, 'job.failed', {
    jobId: randomUUID(),
    title: 'Tidy up',
    detail: 'It broke.',
  });
  const list = await app.inject({ url: '/api/notifications?unread=true', headers });
  expect(list.json()).toMatchObject({
    unread: 1,
    items: [{ kind: 'job.failed', level: 'error', text: 'Tidy up: failed. It broke.', readAt: null }],
  });
  const { id } = list.json().items[0];
  expect((await app.inject({ method: 'POST', url: `/api/notifications/${id}/read`, headers })).statusCode).toBe(204);
  expect((await app.inject({ url: '/api/notifications', headers })).json()).toMatchObject({
    unread: 0,
    items: [{ id }],
  });
  expect(
    (await app.inject({ method: 'POST', url: `/api/notifications/${randomUUID()}/read`, headers })).statusCode,
  ).toBe(404);
  expect(
    (await app.inject({ url: '/api/notifications', headers: { authorization: 'Bearer nobody' } })).json().items,
  ).toEqual([]);
  expect((await app.inject({ url: '/api/jobs?state=failed&state=done&kind=test.none', headers })).json()).toMatchObject(
    {
      items: [],
      total: 0,
    },
  );
  expect((await app.inject({ url: `/api/jobs/${randomUUID()}`, headers })).json()).toMatchObject({
    status: 404,
    code: 'not-found',
  });
  expect((await app.inject({ url: '/api/jobs/7', headers })).json()).toMatchObject({
    status: 400,
    code: 'invalid-request',
  });
});
