import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServerProcess } from '@isocenter/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { loadConfig } from '../config.ts';
import { silentLog } from '../log.ts';
import { send } from './cluster-processes.ts';
import { clusterDirOf, openDatabase } from './database.ts';
import { endLeftovers, processesIn } from './leftovers.ts';

const folders: string[] = [];

/** A data folder whose path is longer than a socket's address can be (107 bytes), and has spaces. */
function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'isocenter cluster '));
  folders.push(folder);
  const data = join(folder, 'a long path '.repeat(10), 'data');
  mkdirSync(data, { recursive: true });
  return data;
}

/** Each test starts processes that load the whole program: on a busy machine that takes its time. */
vi.setConfig({ testTimeout: 120_000 });

afterEach(async () => {
  for (const folder of folders.splice(0)) {
    await endLeftovers(clusterDirOf(join(folder, 'a long path '.repeat(10), 'data')), silentLog()).catch(
      () => undefined,
    );
    rmSync(folder, { recursive: true, force: true });
  }
});

const clusterProcesses = (dataDir: string) => processesIn(clusterDirOf(dataDir));

/** Uses the running server's database from here, as a worker would. */
async function query(dataDir: string, sql: string): Promise<unknown[]> {
  const config = { ...loadConfig({}), dataDir };
  const database = await openDatabase(config, silentLog(), { embedded: 'join' });
  try {
    return (await database.pool.query(sql)).rows;
  } finally {
    await database.close();
  }
}

test('[ARCH-4] the embedded database is made, ends with the server, and has its data at the next start', async () => {
  const dataDir = dataFolder();
  const first = await startServerProcess({ ISOCENTER_DATA: dataDir });
  await query(dataDir, 'create table kept as select 42 as answer');
  expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(await clusterProcesses(dataDir)).toEqual([]);

  const second = await startServerProcess({ ISOCENTER_DATA: dataDir });
  expect(await query(dataDir, 'select answer from kept')).toEqual([{ answer: 42 }]);
  await second.end('SIGINT');
});

test('[ARCH-4] after kill -9 of the server the next start ends the database left behind and loses nothing', async () => {
  const dataDir = dataFolder();
  const first = await startServerProcess({ ISOCENTER_DATA: dataDir });
  await query(dataDir, 'create table kept as select 42 as answer');
  await first.end('SIGKILL');
  const left = await clusterProcesses(dataDir);
  expect(left.length).toBeGreaterThan(0);

  const second = await startServerProcess({ ISOCENTER_DATA: dataDir });
  expect(second.output.join('\n')).toContain('stopping the PostgreSQL that an earlier run left behind');
  const now = await clusterProcesses(dataDir);
  expect(now.filter((pid) => left.includes(pid))).toEqual([]);
  expect(await query(dataDir, 'select answer from kept')).toEqual([{ answer: 42 }]);
  await second.end('SIGTERM');
});

test('[ARCH-4] after kill -9 of server and database the next start recovers', async () => {
  const dataDir = dataFolder();
  const first = await startServerProcess({ ISOCENTER_DATA: dataDir });
  await query(dataDir, 'create table kept as select 42 as answer');
  const ended = first.end('SIGKILL');
  for (const pid of await clusterProcesses(dataDir)) send(pid, 'SIGKILL');
  await ended;
  expect(readFileSync(join(clusterDirOf(dataDir), 'postmaster.pid'), 'utf8')).toMatch(/^\d+/);

  const second = await startServerProcess({ ISOCENTER_DATA: dataDir });
  expect(await query(dataDir, 'select answer from kept')).toEqual([{ answer: 42 }]);
  await second.end('SIGTERM');
});

test("[ARCH-4] a mark that names another program's process id keeps nothing from starting", async () => {
  const dataDir = dataFolder();
  const first = await startServerProcess({ ISOCENTER_DATA: dataDir });
  const mark = join(clusterDirOf(dataDir), 'postmaster.pid');
  const written = readFileSync(mark, 'utf8');
  await first.end('SIGTERM');
  writeFileSync(mark, written.replace(/^\d+/, String(process.pid)));
  const second = await startServerProcess({ ISOCENTER_DATA: dataDir });
  await second.end('SIGTERM');
});

test('[ARCH-4] a database that is killed while the server runs comes back by itself', async () => {
  const dataDir = dataFolder();
  const server = await startServerProcess({ ISOCENTER_DATA: dataDir });
  await query(dataDir, 'create table kept as select 42 as answer');
  const mark = join(clusterDirOf(dataDir), 'postmaster.pid');
  const postmaster = Number.parseInt(readFileSync(mark, 'utf8'), 10);
  process.kill(postmaster, 'SIGKILL');
  await expect
    .poll(() => query(dataDir, 'select answer from kept').catch(() => []), { timeout: 60_000 })
    .toEqual([{ answer: 42 }]);
  expect(Number.parseInt(readFileSync(mark, 'utf8'), 10)).not.toBe(postmaster);
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('[OPS-1] a second signal ends the server and its database at once', async () => {
  const dataDir = dataFolder();
  const server = await startServerProcess({ ISOCENTER_DATA: dataDir });
  // A request that never ends keeps the first signal waiting.
  const hanging = await fetch(new URL('/api/events', server.url), {
    headers: { authorization: `Bearer ${server.token}` },
  });
  void server.end('SIGINT');
  const exit = await server.end('SIGINT');
  expect([0, 130]).toContain(exit.code);
  await hanging.body?.cancel().catch(() => undefined);
  await expect.poll(() => clusterProcesses(dataDir), { timeout: 60_000 }).toEqual([]);
});

test('[OPS-1] a signal while it is still starting ends the server in order, and the next start works', async () => {
  const dataDir = dataFolder();
  const onLine = (line: string, pid: number): void => {
    if (line.includes('making the embedded database')) process.kill(pid, 'SIGTERM');
  };
  await expect(startServerProcess({ ISOCENTER_DATA: dataDir }, { onLine })).rejects.toThrow('ended at its start (0)');
  expect(await clusterProcesses(dataDir).catch(() => [])).toEqual([]);
  const second = await startServerProcess({ ISOCENTER_DATA: dataDir });
  expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('[ARCH-4] a kill while the database is being made leaves nothing that the next start trips over', async () => {
  const dataDir = dataFolder();
  const onLine = (line: string, pid: number): void => {
    if (line.includes('making the embedded database')) process.kill(pid, 'SIGKILL');
  };
  await expect(startServerProcess({ ISOCENTER_DATA: dataDir }, { onLine })).rejects.toThrow('SIGKILL');
  const second = await startServerProcess({ ISOCENTER_DATA: dataDir });
  expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

/** As root only: an ordinary user may not become another. */
const asRoot = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534 };

test.runIf(asRoot)(
  '[ARCH-4] started by root, the database belongs to another user and still works below a closed folder',
  async () => {
    const dataDir = dataFolder();
    chmodSync(join(dataDir, '..'), 0o700);
    const server = await startServerProcess({ ISOCENTER_DATA: dataDir });
    for (const pid of await clusterProcesses(dataDir)) {
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).not.toMatch(/^Uid:\t0/m);
    }
    await server.end('SIGTERM');
  },
);

test.runIf(asRoot && isReadableByAll())(
  '[ARCH-4] started by an ordinary user, the database runs as that user',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'isocenter-user-'));
    folders.push(folder);
    chmodSync(folder, 0o777);
    const dataDir = join(folder, 'data');
    const first = await startServerProcess({ ISOCENTER_DATA: dataDir }, { user: nobody });
    for (const pid of await clusterProcesses(dataDir)) {
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\t65534\t65534/m);
    }
    await query(dataDir, 'create table kept as select 42 as answer');
    await first.end('SIGKILL');
    const second = await startServerProcess({ ISOCENTER_DATA: dataDir }, { user: nobody });
    expect(await query(dataDir, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.end('SIGTERM');
  },
);

/** Whether a user without rights of its own may read this checkout. */
function isReadableByAll(): boolean {
  for (let path = fileURLToPath(new URL('.', import.meta.url)); path !== '/'; path = join(path, '..')) {
    if ((statSync(path).mode & 0o005) !== 0o005) return false;
  }
  return true;
}
