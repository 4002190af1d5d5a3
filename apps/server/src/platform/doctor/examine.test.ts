import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testServer } from '@isocenter/testkit';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';

const server = testServer();
const root = mkdtempSync(join(tmpdir(), 'isocenter-doctor-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function findings(env: Record<string, string>): Promise<Finding[]> {
  const all: Finding[] = [];
  const free = { ISOCENTER_PORT: '0', ISOCENTER_DATA: join(root, 'data'), ...env };
  for await (const finding of examine(free, join(root, 'web'))) all.push(finding);
  for (const { status, remedy } of all) expect(remedy !== undefined).toBe(status !== 'ok');
  return all;
}

const of = (all: readonly Finding[], check: string): Finding[] => all.filter((finding) => finding.check === check);

test('[OPS-3] the doctor finds nothing wrong with a machine that can run the program, and makes no data folder', async () => {
  const all = await findings({ DATABASE_URL: server.config.databaseUrl ?? '' });
  expect(all.filter(({ status }) => status === 'fail')).toEqual([]);
  expect(of(all, 'database')).toMatchObject([
    { message: expect.stringMatching(/^PostgreSQL \d+\.\d+, of your own, answers in/) },
  ]);
  expect(of(all, 'schema')).toMatchObject([{ status: 'ok', message: 'up to date' }]);
  expect(of(all, 'data folder')).toMatchObject([{ message: expect.stringContaining('made at the first start') }]);
  expect(of(all, 'pages')).toMatchObject([{ status: 'warn' }]);
});

test('[OPS-3] the doctor knows a running server, and tries its object store beside it', async () => {
  const all = await findings({ ISOCENTER_DATA: server.config.dataDir, DATABASE_URL: server.config.databaseUrl ?? '' });
  expect(of(all, 'server')).toMatchObject([
    { status: 'ok', message: `answers at ${server.url} (process ${process.pid})` },
  ]);
  expect(of(all, 'object store')).toMatchObject([
    { status: 'ok', message: expect.stringContaining('files: put, read and deleted') },
  ]);
});

test('[OPS-3] the doctor sees that the embedded database can be run', async () => {
  expect(of(await findings({}), 'database')).toMatchObject([
    { status: 'ok', message: expect.stringMatching(/^embedded PostgreSQL 18\.\d+.*; made at the first start$/) },
  ]);
});

test('[OPS-3] the doctor names what is wrong with the configuration, and stops there', async () => {
  const all = await findings({ ISOCENTER_PORT: 'many' });
  expect(all.map(({ check, status }) => [check, status])).toEqual([
    ['node', 'ok'],
    ['configuration', 'fail'],
  ]);
});

test('[OPS-3] the doctor names a data folder that cannot be written, a port in use, and peers that are away', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  expect(of(await findings({ ISOCENTER_DATA: join(file, 'data') }), 'data folder')).toMatchObject([{ status: 'fail' }]);

  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  onTestFinished(() => void other.close());
  const address = other.address();
  const taken = typeof address === 'object' ? String(address?.port) : '';
  const all = await findings({
    ISOCENTER_PORT: taken,
    ISOCENTER_DIMSE_PORT: '11112',
    ISOCENTER_DIMSE_PEERS: `HERE@127.0.0.1:${taken},AWAY@127.0.0.1:9`,
  });
  expect(of(all, 'port')).toMatchObject([{ status: 'fail', message: expect.stringContaining('EADDRINUSE') }]);
  expect(of(all, 'DICOM peers').map(({ status }) => status)).toEqual(['ok', 'warn']);
});

test('[OPS-3] the doctor names a database and an object store that do not answer, without their secrets', async () => {
  const all = await findings({
    DATABASE_URL: 'postgresql://me:hush@127.0.0.1:9/none',
    ISOCENTER_S3_BUCKET: 'images',
    ISOCENTER_S3_ENDPOINT: 'http://127.0.0.1:9',
    ISOCENTER_S3_ACCESS_KEY_ID: 'hush',
    ISOCENTER_S3_SECRET_ACCESS_KEY: 'hush',
  });
  expect(of(all, 'database')).toMatchObject([{ status: 'fail', message: expect.stringContaining('ECONNREFUSED') }]);
  expect(of(all, 'object store')).toMatchObject([
    { status: 'fail', message: expect.stringContaining('bucket images') },
  ]);
  expect(JSON.stringify(all)).not.toContain('hush');
});

test('[OPS-3] the doctor warns of a token that others can read, and of a server open to the network without TLS', async () => {
  const dataDir = join(root, 'open');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'bootstrap-token'), 'x'.repeat(32));
  chmodSync(join(dataDir, 'bootstrap-token'), 0o644);
  const all = await findings({ ISOCENTER_DATA: dataDir, ISOCENTER_HOST: '0.0.0.0' });
  expect(of(all, 'token')).toMatchObject([{ status: 'warn', remedy: expect.stringContaining('chmod 600') }]);
  expect(of(all, 'network')).toMatchObject([{ status: 'warn' }]);
  const behind = await findings({ ISOCENTER_HOST: '0.0.0.0', ISOCENTER_PUBLIC_URL: 'https://archive.example.org' });
  expect(of(behind, 'network')).toMatchObject([{ status: 'ok' }]);
});
