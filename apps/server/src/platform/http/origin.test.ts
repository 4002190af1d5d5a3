import { once } from 'node:events';
import { request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { originOf } from './origin.ts';
import { asAdministrator, testApp } from './test/test-app.ts';

let app: FastifyInstance;
let port: number;

beforeAll(async () => {
  app = await testApp({ trustProxy: ['127.0.0.1'] });
  app.get('/origin', { config: { action: 'study.read' } }, async (request) => originOf(request));
  await app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = app.server.address() as AddressInfo);
});
afterAll(() => app.close());

async function origin(headers: Readonly<Record<string, string>>): Promise<string> {
  const sent = ask({ host: '127.0.0.1', port, path: '/origin', headers: { ...asAdministrator, ...headers } }).end();
  const [answer] = await once(sent, 'response');
  return await text(answer);
}

test('[ARCH-6] addresses in answers have the port of the connection where Host leaves it out', async () => {
  expect(await origin({ host: 'archive.test' })).toBe(`http://archive.test:${port}`);
  expect(await origin({ host: '[::1]' })).toBe(`http://[::1]:${port}`);
  expect(await origin({ host: 'archive.test:81' })).toBe('http://archive.test:81');
});

test('[ARCH-6] addresses in answers are those that a relay says', async () => {
  const host = 'archive.test';
  expect(await origin({ host, 'x-forwarded-proto': 'https' })).toBe('https://archive.test');
  expect(await origin({ host: 'inner', 'x-forwarded-host': host })).toBe('http://archive.test');
  for (const name of ['via', 'forwarded', 'x-real-ip', 'x-forwarded-for']) {
    expect(await origin({ host, [name]: '192.0.2.1' })).toBe('http://archive.test');
  }
});
