import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { bootstrapToken } from './bootstrap-token.ts';
import { holderOf, lockDataFolder } from './data-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'isocenter-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const fresh = (): string => join(root, String(++count), 'data');

/** Another process that holds a folder until it is killed. */
async function holdElsewhere(path: string) {
  const module = new URL('./data-folder.ts', import.meta.url).href;
  const program = `
    const { lockDataFolder } = await import(${JSON.stringify(module)});
    lockDataFolder(${JSON.stringify(path)}).announce('http://127.0.0.1:8080');
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test('[OPS-1] the data folder is made, for this user alone', () => {
  const path = fresh();
  const folder = lockDataFolder(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  folder.release();
});

test('[OPS-1] one process at a time holds a data folder; the next is told who, and gets it when that one is killed', async () => {
  const path = fresh();
  const other = await holdElsewhere(path);
  expect(() => lockDataFolder(path)).toThrow(
    new RegExp(
      `Another Isocenter is using the data folder .* \\(process ${other.pid}, since .*, at http://127.0.0.1:8080\\)`,
    ),
  );
  expect(holderOf(path)).toMatchObject({ pid: other.pid, url: 'http://127.0.0.1:8080' });
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(holderOf(path)).toBeUndefined();
  const mine = lockDataFolder(path);
  mine.release();
  expect(existsSync(join(path, 'server.json'))).toBe(false);
  lockDataFolder(path).release();
});

test('[OPS-3] a data folder that cannot be used is named, with what to do', () => {
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  expect(() => lockDataFolder(join(file, 'data'))).toThrow(/can't be used \(ENOTDIR\).*ISOCENTER_DATA/s);
});

test('[OPS-1] without a token in the configuration one is made at the first start, kept, and readable by its owner alone', () => {
  const dataDir = fresh();
  lockDataFolder(dataDir).release();
  const first = bootstrapToken({ dataDir });
  expect(first.isNew).toBe(true);
  expect(first.token).toMatch(/^[\w-]{32}$/);
  expect(statSync(join(dataDir, 'bootstrap-token')).mode & 0o777).toBe(0o600);
  expect(bootstrapToken({ dataDir })).toMatchObject({ token: first.token, isNew: false });
  expect(readFileSync(join(dataDir, 'bootstrap-token'), 'utf8').trim()).toBe(first.token);
  expect(bootstrapToken({ dataDir, bootstrapToken: 'x'.repeat(16) })).toEqual({ token: 'x'.repeat(16), isNew: false });
});

test('[OPS-1] an empty token file opens nothing', () => {
  const dataDir = fresh();
  lockDataFolder(dataDir).release();
  writeFileSync(join(dataDir, 'bootstrap-token'), '\n');
  expect(() => bootstrapToken({ dataDir })).toThrow(/holds no token/);
});
