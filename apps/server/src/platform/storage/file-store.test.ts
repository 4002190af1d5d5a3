import { mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileStore, openStorage, Spool, type Storage, StorageMisconfigured, StorageUnavailable } from './index.ts';
import { addressOf, failureOf, fresh, listed, spooled } from './test/content.ts';
import { storageSuite } from './test/storage-suite.ts';
import { filePath, fileSubject, temporaryFolder } from './test/subjects.ts';

storageSuite('files', () => fileSubject({ encrypted: false }));
storageSuite('encrypted files', () => fileSubject({ encrypted: true }));

describe('files', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let storage: Storage;
  beforeEach(async () => {
    folder = await temporaryFolder();
    storage = await openStorage({ dataDir: folder.path });
  });
  afterEach(async () => {
    await storage.close();
    await folder.remove();
  });

  test('[ARCH-3] an object is a file that nobody may write, in a folder by its address', async () => {
    const content = fresh(1000);
    const file = await spooled(storage.spool, content);
    await storage.objects.put(file.sha256, file);
    const found = await stat(filePath(folder.path, addressOf(content)));
    expect(found.mode & 0o777).toBe(0o440 & ~process.umask());
    expect(found.nlink).toBe(1);
  });

  test('[ARCH-3] another process sees what one stored, and two can put the same', async () => {
    const other = await openStorage({ dataDir: folder.path });
    const content = fresh(5000);
    const files = await Promise.all([storage, other].map(({ spool }) => spooled(spool, content)));
    const [mine, theirs] = files;
    if (!mine || !theirs) throw new Error('unreachable');
    await Promise.all([storage.objects.put(mine.sha256, mine), other.objects.put(theirs.sha256, theirs)]);
    expect(await other.objects.verify(mine.sha256)).toBe('intact');
    expect(await listed(storage.objects)).toHaveLength(1);
    await other.close();
  });

  test('[ARCH-3] a folder that somebody removed is made again', async () => {
    const file = await spooled(storage.spool, fresh(1000));
    await storage.objects.put(file.sha256, file);
    await rm(join(folder.path, 'objects', file.sha256.slice(0, 2)), { recursive: true });
    const again = await spooled(storage.spool, fresh(1000));
    const moved = { ...again, sha256: file.sha256 };
    expect(await storage.objects.put(file.sha256, moved)).toBe('stored');
  });

  test('[ARCH-3] what is not an object is not listed', async () => {
    const file = await spooled(storage.spool, fresh(10));
    await storage.objects.put(file.sha256, file);
    await writeFile(join(folder.path, 'objects', 'README'), 'not an object');
    await mkdir(join(folder.path, 'objects', 'aa', 'bb'), { recursive: true });
    await writeFile(join(folder.path, 'objects', 'aa', 'bb', 'notes.txt'), 'not an object');
    const all = await listed(storage.objects);
    expect(all.map(({ sha256 }) => sha256)).toEqual([file.sha256]);
  });

  test('[OPS-4] the check tells how much room there is', async () => {
    const health = await storage.objects.check();
    if (!health.ok) throw health.error;
    expect(health.freeBytes).toBeGreaterThan(0);
    expect(health.totalBytes).toBeGreaterThanOrEqual(health.freeBytes ?? Infinity);
  });

  test('[OPS-4] the check tells when the folder has gone', async () => {
    await folder.remove();
    expect(await storage.objects.check()).toMatchObject({ ok: false, error: { code: 'storage-unavailable' } });
  });

  test('[OPS-3] a data folder that cannot be made is named', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    expect(String(await failureOf(FileStore.open(join(file, 'objects'))))).toContain(file);
    expect(await failureOf(Spool.open({ root: join(file, 'spool') }))).toBeInstanceOf(StorageUnavailable);
  });

  test('[OPS-3] spool and objects on different file systems are refused at the start', async (context) => {
    const elsewhere = await stat('/dev/shm').catch(() => undefined);
    if (!elsewhere || elsewhere.dev === (await stat(folder.path)).dev) context.skip('there is no second file system');
    await storage.close();
    await rm(join(folder.path, 'objects'), { recursive: true });
    await symlink('/dev/shm', join(folder.path, 'objects'));
    expect(await failureOf(openStorage({ dataDir: folder.path }))).toBeInstanceOf(StorageMisconfigured);
    expect(await readdir(join(folder.path, 'spool'))).toEqual([]);
  });
});
