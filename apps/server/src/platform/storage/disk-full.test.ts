import { execFileSync } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStorage, type Storage, StorageFull } from './index.ts';
import { failureOf, fresh, listed, spooled } from './test/content.ts';
import { temporaryFolder } from './test/subjects.ts';

const MIB = 1024 * 1024;

describe('a full disk', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let mounted = false;
  let storage: Storage;

  /** Opens the storage on a file system of its own, made as these mount options say. */
  const openOn = async (options: string, skip: (reason: string) => never) => {
    if (process.getuid?.() !== 0) skip('only root can mount the small file system that this needs');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder.path], { stdio: 'pipe' });
    } catch (error) {
      skip(`no file system can be mounted here: ${String(error)}`);
    }
    mounted = true;
    storage = await openStorage({ dataDir: folder.path });
  };
  const spoolFolder = async () => {
    const [own = ''] = await readdir(join(folder.path, 'spool'));
    return (await readdir(join(folder.path, 'spool', own))).filter((name) => !/^(heartbeat|owner.json)$/.test(name));
  };
  /** Stores objects of a size until the disk is full. */
  const fill = async (size: number) => {
    for (let stored = 0; stored < 1000; stored++) {
      const file = await storage.spool.create();
      try {
        for (const chunk of [fresh(size / 2), fresh(size / 2)]) await file.write(chunk);
        const finished = await file.finish();
        await storage.objects.put(finished.sha256, finished);
      } catch (error) {
        await file.discard();
        return { stored, error };
      }
    }
    throw new Error('the disk did not fill');
  };

  beforeEach(async () => {
    folder = await temporaryFolder();
    mounted = false;
  });
  afterEach(async () => {
    if (mounted) {
      await storage.close();
      execFileSync('umount', [folder.path]);
    }
    await folder.remove();
  });

  test.for([
    { kind: 'small', size: 300 * 1024 },
    { kind: 'large', size: 6 * MIB },
  ])(
    '[ARCH-3] takes no more $kind objects, keeps those it has, and takes more when there is room',
    async (row, context) => {
      await openOn('size=20m', (reason) => context.skip(reason));
      const { stored, error } = await fill(row.size);
      expect(error).toBeInstanceOf(StorageFull);
      expect(stored).toBe(Math.floor((20 * MIB) / row.size));
      expect(await spoolFolder()).toEqual([]);

      const all = await listed(storage.objects);
      expect(all).toHaveLength(stored);
      for (const { sha256 } of all) expect(await storage.objects.verify(sha256)).toBe('intact');
      if (all[0]) await storage.objects.delete(all[0].sha256);
      const file = await spooled(storage.spool, fresh(row.size / 2));
      expect(await storage.objects.put(file.sha256, file)).toBe('stored');
    },
  );

  test('[ARCH-3] a process that finds no room to begin leaves no folder behind', async (context) => {
    await openOn('size=20m', (reason) => context.skip(reason));
    const before = await readdir(join(folder.path, 'spool'));
    // Files without content take no room, so a folder could be made that says of nobody whose it is.
    const filler = Buffer.alloc(20 * MIB);
    await writeFile(join(folder.path, 'filler'), filler).catch(() => undefined);
    await expect(openStorage({ dataDir: folder.path })).rejects.toThrow();
    expect(await readdir(join(folder.path, 'spool'))).toEqual(before);
    await rm(join(folder.path, 'filler'));
  });

  // Six are taken when the storage is open, the seventh is the spooled file, then comes the object's folder.
  test('[ARCH-3] with seven files at most, an object waits in the spool', async (context) => {
    await openOn('size=20m,nr_inodes=7', (reason) => context.skip(reason));
    const content = fresh(1000);
    const file = await spooled(storage.spool, content);
    expect(await failureOf(storage.objects.put(file.sha256, file))).toBeInstanceOf(StorageFull);
    expect(await spoolFolder()).toHaveLength(1);
    expect((await storage.spool.read(file)).equals(content)).toBe(true);
    expect(await storage.objects.has(file.sha256)).toBe(false);
  });

  test('[OPS-4] is seen in the check', async (context) => {
    await openOn('size=4m', (reason) => context.skip(reason));
    await fill(100_000);
    const health = await storage.objects.check();
    if (!health.ok) throw health.error;
    expect(health.freeBytes).toBeLessThan(150_000);
  });
});
