import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStorage, type StagedFile, type Storage } from './index.ts';
import { addressOf, listed, spooled } from './test/content.ts';
import { temporaryFolder } from './test/subjects.ts';

const PROGRAM = fileURLToPath(new URL('test/keep-storing.ts', import.meta.url));

async function abandoned({ staging }: Storage): Promise<StagedFile[]> {
  const files: StagedFile[] = [];
  for await (const file of staging!.abandoned()) files.push(file);
  return files;
}

describe('a process that is killed', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const children: ChildProcess[] = [];
  const start = (step: string) => {
    const child = spawn(process.execPath, [PROGRAM, folder.path, step], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => lines.push(line));
    return {
      lines,
      firstLine: () => once(reader, 'line'),
      kill: async () => {
        child.kill('SIGKILL');
        await Promise.all([once(child, 'exit'), once(reader, 'close')]);
      },
    };
  };
  const spoolFiles = async () => {
    const names = await readdir(join(folder.path, 'spool'), { recursive: true });
    return names.filter((name) => name.includes('/') && !name.endsWith('heartbeat') && !name.endsWith('owner.json'));
  };

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await folder.remove();
  });

  test.each([
    { step: 'receiving', left: 1, staged: 0, stored: 0 },
    { step: 'finished', left: 1, staged: 1, stored: 0 },
    { step: 'stored', left: 0, staged: 0, stored: 1 },
  ])('[ARCH-3] when $step leaves no half object; at the next start goes what it had not finished', async (row) => {
    const process = start(row.step);
    await process.firstLine();
    expect(await spoolFiles()).toHaveLength(row.left);

    const whileItLives = await openStorage({ dataDir: folder.path });
    expect(await spoolFiles()).toHaveLength(row.left);
    expect(await listed(whileItLives.objects)).toHaveLength(row.stored);
    await whileItLives.close();

    await process.kill();
    const storage = await openStorage({ dataDir: folder.path });
    const content = Buffer.concat(Array.from({ length: 100 }, (_, i) => Buffer.alloc(65_536, i)));
    expect(await spoolFiles()).toHaveLength(row.staged);
    const finished = await abandoned(storage);
    expect(finished.map(({ sha256 }) => sha256)).toEqual(row.staged ? [addressOf(content)] : []);
    for (const file of finished) await storage.staging!.remove(file);
    await storage.spool.sweep();
    expect(await spoolFiles()).toEqual([]);
    expect(await readdir(join(folder.path, 'spool'))).toHaveLength(1);
    const again = await spooled(storage.spool, content);
    expect(await storage.objects.put(again.sha256, again)).toBe(row.stored === 1 ? 'present' : 'stored');
    expect(await storage.objects.verify(addressOf(content))).toBe('intact');
    await storage.close();
  });

  test('[ARCH-3] at any moment loses nothing that it acknowledged and leaves nothing broken, five times over', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round++) {
      const process = start('forever');
      await process.firstLine();
      await pause(Math.random() * 300);
      await process.kill();
      acknowledged.push(...process.lines.filter((line) => line.length === 64));
    }
    const storage = await openStorage({ dataDir: folder.path });
    for (const file of await abandoned(storage)) await storage.staging!.place(file);
    const found = (await listed(storage.objects)).map(({ sha256 }) => sha256);
    expect(acknowledged.length).toBeGreaterThan(5);
    expect(found).toEqual(expect.arrayContaining(acknowledged));
    for (const sha256 of found) expect(await storage.objects.verify(sha256)).toBe('intact');
    expect(await spoolFiles()).toEqual([]);
    const objects = await readdir(join(folder.path, 'objects'), { recursive: true, withFileTypes: true });
    for (const entry of objects.filter((one) => one.isFile())) {
      const bytes = await readFile(join(entry.parentPath, entry.name));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(entry.name);
    }
    await storage.close();
  });
});
