import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { drain, Problem, routeTable } from './index.ts';
import { asAdministrator, asNobody, testApp } from './test/test-app.ts';

let app: FastifyInstance;
afterEach(async () => {
  await app?.close();
});

const study = { config: { action: 'study.read' } } as const;

test('[OPS-6] a route that names no action keeps the app from starting', async () => {
  app = await testApp();
  app.get('/api/forgotten', async () => 'secret');
  await expect(app.ready()).rejects.toThrow('GET /api/forgotten names no action');
});

test('[OPS-6] a route that names an unknown action keeps the app from starting', async () => {
  app = await testApp();
  app.get('/api/misspelt', { config: { action: 'study.raed' as 'study.read' } }, async () => 'secret');
  await expect(app.ready()).rejects.toThrow('names no action');
});

test('[OPS-6] who is not known gets 401 with a challenge, who has no right 403, who has one the answer', async () => {
  app = await testApp();
  app.get('/api/thing', study, async ({ caller }) => ({ caller: caller.id }));
  const unknown = await app.inject('/api/thing');
  expect(unknown.statusCode).toBe(401);
  expect(unknown.headers['www-authenticate']).toBe('Bearer');
  expect(unknown.json()).toMatchObject({ code: 'not-authenticated', status: 401 });
  const forbidden = await app.inject({ url: '/api/thing', headers: asNobody });
  expect(forbidden.statusCode).toBe(403);
  expect(forbidden.json()).toMatchObject({ code: 'not-allowed', params: { action: 'study.read' } });
  const allowed = await app.inject({ url: '/api/thing', headers: asAdministrator });
  expect(allowed.json()).toEqual({ caller: 'ada' });
});

test('[OPS-6] HEAD answers like GET without a body, and needs the same right', async () => {
  app = await testApp();
  app.get('/api/thing', study, async () => ({ all: 'well' }));
  expect((await app.inject({ method: 'HEAD', url: '/api/thing' })).statusCode).toBe(401);
  const head = await app.inject({ method: 'HEAD', url: '/api/thing', headers: asAdministrator });
  expect(head).toMatchObject({ statusCode: 200, body: '' });
  expect(head.headers['content-length']).toBe('14');
  expect(routeTable(app).find(({ method, url }) => method === 'HEAD' && url === '/api/thing')?.action).toBe(
    'study.read',
  );
});

test('[OPS-6] a change made with a cookie must come from the own site, one made with a bearer token need not', async () => {
  app = await testApp();
  app.post('/api/thing', study, async () => ({}));
  const post = async (headers: Record<string, string>): Promise<number> =>
    (await app.inject({ method: 'POST', url: '/api/thing', headers: { host: 'iso.example', ...headers } })).statusCode;
  const cookie = 'administrator';
  expect(await post({ cookie, 'sec-fetch-site': 'same-origin' })).toBe(200);
  expect(await post({ cookie, 'sec-fetch-site': 'none' })).toBe(200);
  expect(await post({ cookie, 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await post({ cookie, 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await post({ cookie, origin: 'http://iso.example' })).toBe(200);
  expect(await post({ cookie, origin: 'http://evil.example' })).toBe(403);
  expect(await post({ cookie, origin: 'null' })).toBe(403);
  expect(await post({ cookie })).toBe(200);
  expect(await post({ ...asAdministrator, 'sec-fetch-site': 'cross-site' })).toBe(200);
});

test('[OPS-4] a well-formed request id is kept, any other is replaced, and problems quote it', async () => {
  app = await testApp();
  const kept = await app.inject({ url: '/api/nothing', headers: { 'x-request-id': 'from-proxy.1234' } });
  expect(kept.headers['x-request-id']).toBe('from-proxy.1234');
  expect(kept.json().requestId).toBe('from-proxy.1234');
  for (const bad of ['short', 'has spaces in it', 'a'.repeat(65), 'new\\line-injected"']) {
    const { headers } = await app.inject({ url: '/api/nothing', headers: { 'x-request-id': bad } });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('[OPS-6] unknown addresses and methods are problems', async () => {
  app = await testApp({ webRoot: '/nonexistent' });
  app.get('/api/things/:id', study, async () => ({}));
  app.delete('/api/things/:id', study, async () => ({}));
  for (const url of [
    '/api/unknown',
    '/dicom-web/unknown',
    '/health/unknown',
    '/zones/landing/x',
    '/datasets/1/dicom-web/x',
  ]) {
    const { statusCode, headers, json } = await app.inject(url);
    expect(statusCode).toBe(404);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(json().code).toBe('not-found');
  }
  const wrong = await app.inject({ method: 'PUT', url: '/api/things/7?patient=x' });
  expect(wrong.statusCode).toBe(405);
  expect(wrong.headers.allow).toBe('DELETE, GET, HEAD, OPTIONS');
  expect(wrong.json()).toMatchObject({ code: 'method-not-allowed', params: { method: 'PUT' } });
  const options = await app.inject({ method: 'OPTIONS', url: '/api/things/7' });
  expect(options).toMatchObject({ statusCode: 204, headers: { allow: 'DELETE, GET, HEAD, OPTIONS' } });
});

test('[OPS-6] what can not be read is a problem that says why', async () => {
  app = await testApp();
  app.post('/api/thing', { ...study, bodyLimit: 100 }, async () => ({}));
  const post = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/api/thing', payload, headers: { ...asAdministrator, 'content-type': type } });
  expect((await post('{"broken')).json()).toMatchObject({ status: 400, code: 'malformed-request' });
  expect((await post(JSON.stringify('x'.repeat(200)))).json()).toMatchObject({
    status: 413,
    code: 'payload-too-large',
  });
  expect((await post('x', 'application/x-unheard-of')).json()).toMatchObject({
    status: 415,
    code: 'unsupported-media-type',
  });
  expect((await app.inject('/api/%zz')).json()).toMatchObject({ status: 400, code: 'malformed-request' });
});

test('[OPS-6] a JSON Schema of a raw route that refuses a value names the field and not the value', async () => {
  app = await testApp();
  const schema = { querystring: { type: 'object', properties: { limit: { type: 'integer', minimum: 1 } } } };
  app.get('/dicom-web/things', { ...study, schema }, async () => ({}));
  const refused = await app.inject({ url: '/dicom-web/things?limit=DOE', headers: asAdministrator });
  expect(refused.json()).toMatchObject({
    status: 400,
    code: 'invalid-request',
    params: { fields: [{ field: 'query.limit' }] },
  });
  expect(refused.body).not.toContain('DOE');
  expect((await app.inject('/dicom-web/things?limit=DOE')).statusCode).toBe(401);
});

test('[OPS-6] an unexpected error tells the caller nothing, and the log no values', async () => {
  const lines: string[] = [];
  app = await testApp({ log: pino({ level: 'trace' }, { write: (line) => lines.push(line) }) });
  app.get('/api/thing', study, async () => {
    throw Object.assign(new Error('duplicate key (patient_name)=(DOE^JANE)'), {
      code: '23505',
      detail: 'DOE^JANE',
      table: 'patient',
    });
  });
  const failed = await app.inject({ url: '/api/thing?name=DOE^JANE', headers: asAdministrator });
  expect(failed.json()).toMatchObject({ status: 500, code: 'internal', params: {} });
  expect(failed.body).not.toContain('DOE');
  expect(lines.join('')).toContain('"table":"patient"');
  expect(lines.join('')).toContain('"route":"/api/thing"');
  expect(lines.join('')).not.toContain('DOE');
});

test('[OPS-4] a sender that goes away amid its body is no failure of the server', async () => {
  const lines: { level: number; msg: string }[] = [];
  app = await testApp({ log: pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line)) }) });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.post('/api/thing', study, async ({ body }) => ({ said: await text(body as Readable) }));
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  app.addHook('onSend', async (_request, reply) => end(reply.statusCode));
  await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  const head = ['POST /api/thing HTTP/1.1', 'Host: x', 'Content-Length: 100', 'Content-Type: text/plain'];
  socket.write(`${[...head, `Authorization: ${asAdministrator.authorization}`].join('\r\n')}\r\n\r\nhalf`);
  socket.end();
  expect(await ended).toBe(400);
  expect(lines.map(({ msg }) => msg)).toContain('the client went away');
  expect(lines.filter(({ level }) => level > 30)).toEqual([]);
});

test('[OPS-6] every answer carries the security headers and is kept by nobody', async () => {
  app = await testApp();
  app.get('/api/thing', study, async () => ({}));
  for (const headers of [{}, asAdministrator]) {
    const answer = await app.inject({ url: '/api/thing', headers });
    expect(answer.headers['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(answer.headers['content-security-policy']).toContain("worker-src 'self' blob:");
    expect(answer.headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe-inline/);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(answer.headers).not.toHaveProperty('strict-transport-security');
  }
});

test('[OPS-6] behind a trusted proxy with TLS, browsers are told to stay with it', async () => {
  app = await testApp({ trustProxy: ['127.0.0.1'] });
  const secure = await app.inject({ url: '/api/nothing', headers: { 'x-forwarded-proto': 'https' } });
  expect(secure.headers['strict-transport-security']).toBe('max-age=31536000');
});

test('[ARCH-1] only configured origins may call from a browser, and never with cookies', async () => {
  app = await testApp({ corsOrigins: ['https://viewer.example'] });
  app.get('/dicom-web/studies', study, async () => ({}));
  const preflight = (origin: string) =>
    app.inject({
      method: 'OPTIONS',
      url: '/dicom-web/studies',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization, range',
      },
    });
  const allowed = await preflight('https://viewer.example');
  expect(allowed.statusCode).toBe(204);
  expect(allowed.headers['access-control-allow-origin']).toBe('https://viewer.example');
  for (const header of ['Range', 'Accept', 'Authorization', 'Content-Type']) {
    expect(allowed.headers['access-control-allow-headers']).toContain(header);
  }
  expect(allowed.headers).not.toHaveProperty('access-control-allow-credentials');
  expect((await preflight('https://evil.example')).headers).not.toHaveProperty('access-control-allow-origin');
  const refused = await app.inject({ url: '/dicom-web/studies', headers: { origin: 'https://viewer.example' } });
  expect(refused.statusCode).toBe(401);
  expect(refused.headers['access-control-allow-origin']).toBe('https://viewer.example');
  expect(refused.headers['access-control-expose-headers']).toContain('Content-Range');
});

test('[ARCH-1] JSON and text are compressed for who accepts it, pictures, multipart and DICOM never', async () => {
  app = await testApp();
  const body = 'isocenter '.repeat(1000);
  app.get<{ Querystring: { type: string } }>('/dicom-web/thing', study, async ({ query }, reply) =>
    reply.type(query.type).send(Buffer.from(body)),
  );
  const get = (type: string, encoding = 'gzip') =>
    app.inject({
      url: `/dicom-web/thing?type=${encodeURIComponent(type)}`,
      headers: { ...asAdministrator, 'accept-encoding': encoding },
    });
  for (const type of [
    'application/dicom+json',
    'application/json; charset=utf-8',
    'text/css',
    'application/dicom+xml',
    'image/svg+xml',
  ]) {
    const answer = await get(type);
    expect([type, answer.headers['content-encoding']]).toEqual([type, 'gzip']);
    expect(gunzipSync(answer.rawPayload).toString()).toBe(body);
    expect((await get(type, 'identity')).headers).not.toHaveProperty('content-encoding');
  }
  for (const type of [
    'multipart/related; type="application/dicom"',
    'image/jpeg',
    'application/dicom',
    'application/octet-stream',
    'text/event-stream',
  ]) {
    const answer = await get(type);
    expect([type, answer.headers['content-encoding']]).toEqual([type, undefined]);
    expect(answer.body).toBe(body);
  }
});

test('[OPS-2] draining lets requests in flight end and sends new ones elsewhere', async () => {
  app = await testApp();
  const begun = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  app.get('/api/slow', study, async () => {
    begun.resolve();
    await finish.promise;
    return { done: true };
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const slow = fetch(`http://127.0.0.1:${port}/api/slow`, { headers: asAdministrator });
  // A connection that was open before the draining may still send a request.
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\n');
  await begun.promise;
  const drained = drain(app, 10_000);
  socket.write('\r\n');
  const refused = await text(socket);
  expect(refused).toMatch(/^HTTP\/1.1 503 /);
  expect(refused.toLowerCase()).toContain('connection: close');
  expect(refused).toContain('"code":"draining"');
  finish.resolve();
  expect(await (await slow).json()).toEqual({ done: true });
  await drained;
});

test('[OPS-2] what takes longer than the limit of a drain is cut off', async () => {
  app = await testApp();
  const begun = Promise.withResolvers<void>();
  app.get('/api/endless', study, async () => {
    begun.resolve();
    await new Promise(() => {});
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const endless = fetch(`http://127.0.0.1:${port}/api/endless`, { headers: asAdministrator });
  const cut = expect(endless).rejects.toThrow();
  await begun.promise;
  await drain(app, 50);
  await cut;
});

test('[OPS-6] what is no HTTP, or too much of it, is answered with a problem', async () => {
  app = await testApp();
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write('this is no HTTP\r\n\r\n');
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer).toContain('"code":"malformed-request"');
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, host: '127.0.0.1', headers: { 'x-large': 'x'.repeat(100_000) } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    request.on('error', reject);
    request.end();
  });
  expect(status).toBe(431);
});

test('[OPS-6] a problem refuses parameters that its catalogue entry does not know', () => {
  const leak = { what: 'study', patientName: 'DOE^JANE' };
  expect(() => new Problem('not-found', leak).document()).toThrow('Unrecognized key');
});
