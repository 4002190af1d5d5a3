import { testDatabase } from '@isocenter/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp } from '../../platform/http/test/test-app.ts';
import { testTracer } from '../../platform/tracer/test/test-tracer.ts';
import { Sessions, sessionRoutes } from './index.ts';

const db = testDatabase();
const token = 'a-token-of-this-test';
let sessions: Sessions;
let app: FastifyInstance;

beforeAll(async () => {
  sessions = new Sessions({
    database: db.database,
    tracer: testTracer(db.database.pool),
    bootstrapToken: token,
    zones: ['landing'],
  });
  app = await testApp({ authenticators: [sessions.bearer, sessions.cookie], trustProxy: ['127.0.0.1'] });
  sessionRoutes(app, sessions);
});
afterAll(() => app.close());

const from = (address: string) => ({ 'x-forwarded-for': address });

const signIn = (given: string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/api/session',
    payload: { token: given },
    headers: { ...from('192.0.2.1'), ...headers },
  });

test('[OPS-6] a wrong token is refused, and guessing gets slow for that address only', async () => {
  const wrong = await signIn('wrong', from('192.0.2.9'));
  expect(wrong.json()).toMatchObject({ status: 401, code: 'invalid-credentials' });
  expect(wrong.body).not.toContain('wrong');
  for (let at = 0; at < 4; at++) {
    const headers = { ...from('192.0.2.9'), authorization: 'Bearer guess' };
    const guess = await app.inject({ url: '/api/me', headers });
    expect(guess.statusCode).toBe(401);
    expect(guess.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  }
  const blocked = await signIn(token, from('192.0.2.9'));
  expect(blocked.json()).toMatchObject({ status: 429, code: 'too-many-attempts' });
  expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
  expect((await signIn(token, from('192.0.2.10'))).statusCode).toBe(200);
});

test('[OPS-6] another site can neither sign someone in nor out', async () => {
  expect((await signIn(token, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
  const [cookie = ''] = String((await signIn(token)).headers['set-cookie']).split(';');
  const end = (site: string) =>
    app.inject({ method: 'DELETE', url: '/api/session', headers: { cookie, 'sec-fetch-site': site } });
  expect((await end('cross-site')).statusCode).toBe(403);
  expect((await app.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(200);
  expect((await end('same-origin')).statusCode).toBe(204);
});

test('[OPS-6] the cookie stays on TLS where there is TLS', async () => {
  expect((await signIn(token, { 'x-forwarded-proto': 'https' })).headers['set-cookie']).toMatch(/; Secure$/);
});

test('[OPS-6] a session ends with its time', async () => {
  const [cookie = ''] = String((await signIn(token)).headers['set-cookie']).split(';');
  await db.database.pool.query("update session set expires_at = now() - interval '1 second'");
  expect((await app.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(401);
  expect(await sessions.prune()).toBeGreaterThan(0);
});
