import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp } from './test/test-app.ts';

let app: FastifyInstance;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-web-'));
  const root = join(folder, 'dist');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(root, 'index.html'), '<title>Isocenter</title>');
  await writeFile(join(root, 'assets', 'app-1a2b3c.js'), 'export {};');
  await writeFile(join(root, 'icon.svg'), '<svg/>');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  app = await testApp({ webRoot: root });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

test('[OPS-1] hashed files are kept for ever, everything else is asked for again', async () => {
  const asset = await app.inject('/assets/app-1a2b3c.js');
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(asset.headers['content-type']).toContain('javascript');
  expect((await app.inject('/icon.svg')).headers['cache-control']).toBe('no-cache');
  const page = await app.inject('/');
  expect(page).toMatchObject({ statusCode: 200, body: '<title>Isocenter</title>' });
  expect(page.headers['cache-control']).toBe('no-cache');
  const { etag } = page.headers;
  expect((await app.inject({ url: '/', headers: { 'if-none-match': String(etag) } })).statusCode).toBe(304);
});

test('[OPS-1] an address within the pages gets the page, a missing file or a path of the API does not', async () => {
  for (const url of ['/studies', '/studies/1.2.840.1?tab=x', '/datasets/7', '/studies/1.2.3/series']) {
    expect([url, (await app.inject(url)).body]).toEqual([url, '<title>Isocenter</title>']);
  }
  for (const url of ['/assets/gone.js', '/api/x', '/api', '/dicom-web', '/metrics/x', '/assets']) {
    expect([url, (await app.inject(url)).body.includes('<title>')]).toEqual([url, url === '/assets']);
  }
  expect((await app.inject({ method: 'POST', url: '/studies' })).statusCode).toBe(404);
});

test('[OPS-6] nothing outside of the pages is served', async () => {
  for (const url of [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/x%00.js',
    '//etc/passwd',
  ]) {
    const answer = await app.inject(url);
    expect([url, answer.body.includes('secret'), answer.body.includes('root:')]).toEqual([url, false, false]);
  }
});

test('[OPS-1] without a built application the server says so', async () => {
  const bare = await testApp({ webRoot: join(folder, 'nothing') });
  expect((await bare.inject('/')).json()).toMatchObject({ status: 503, code: 'not-ready' });
  await bare.close();
});
