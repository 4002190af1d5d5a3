import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStorage, Spool, type SpoolOptions } from './index.ts';
import { addressOf, failureOf, fresh, spooled } from './test/content.ts';
import { newKeyring, temporaryFolder } from './test/subjects.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

describe('the spool', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const spools: Spool[] = [];
  const open = async (options: Partial<SpoolOptions> = {}) => {
    const spool = await Spool.open({ root: join(folder.path, 'spool'), ...options });
    spools.push(spool);
    return spool;
  };
  const files = async () => {
    const names = await readdir(join(folder.path, 'spool'), { recursive: true });
    return names.filter((name) => name.includes('/') && !/(heartbeat|owner\.json)$/.test(name));
  };

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    await Promise.all(spools.splice(0).map((spool) => spool.close()));
    await folder.remove();
  });

  test('[ARCH-3] content is the same however it is cut, in memory or not, encrypted or not', async () => {
    const kinds = [
      await open(),
      await open({ memoryLimit: 30_000 }),
      await open({ memoryBudget: 0 }),
      await open({ memoryLimit: 30_000, keyring: newKeyring() }),
      await open({ keyring: newKeyring() }),
    ];
    const chunk = fc.oneof(fc.nat(10), fc.nat(5_000), fc.nat(200_000));
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 20 }), fc.constantFrom(...kinds), async (sizes, spool) => {
        const chunks = sizes.map((size) => fresh(size));
        const content = Buffer.concat(chunks);
        const file = await spool.create();
        for (const one of chunks) await file.write(one);
        const finished = await file.finish();
        expect(finished).toMatchObject({ sha256: addressOf(content), size: content.length });
        expect((await stat(finished.path)).size).toBe(finished.storedSize);
        expect((await spool.read(finished)).equals(content)).toBe(true);
        if (!finished.sealed) expect((await readFile(finished.path)).equals(content)).toBe(true);
        await file.discard();
      }),
      { numRuns: 150 },
    );
    expect(await files()).toEqual([]);
  });

  test('[ARCH-3] a very finely cut object is written whole', async () => {
    const spool = await open({ memoryLimit: 100_000 });
    const content = fresh(300_000);
    const file = await spooled(spool, content, 7);
    expect(file.sha256).toBe(addressOf(content));
    expect((await spool.read(file)).equals(content)).toBe(true);
  });

  test('[ARCH-3] a small object needs no file before its end, a large one is written as it comes', async () => {
    const spool = await open();
    const file = await spool.create();
    for (let i = 0; i < 63; i++) await file.write(Buffer.alloc(64 * KIB, i));
    expect(await files()).toEqual([]);
    for (let i = 0; i < 600; i++) await file.write(Buffer.alloc(64 * KIB, i));
    const [name = ''] = await files();
    const written = (await stat(join(folder.path, 'spool', name))).size;
    expect(file.size - written).toBeLessThanOrEqual(2 * MIB);
    await file.discard();
    expect(await files()).toEqual([]);
  });

  test('[ARCH-3] above the memory budget, small objects are written as they come too', async () => {
    const spool = await open({ memoryBudget: 3 * MIB });
    const open3 = await Promise.all(Array.from({ length: 3 }, () => spool.create()));
    for (let i = 0; i < 20; i++) for (const file of open3) await file.write(Buffer.alloc(64 * KIB, i));
    expect((await files()).length).toBeGreaterThan(0);
    const finished = await Promise.all(open3.map((file) => file.finish()));
    expect(new Set(finished.map(({ sha256 }) => sha256)).size).toBe(1);
    await Promise.all(open3.map((file) => file.discard()));
    const again = await spool.create();
    for (let i = 0; i < 20; i++) await again.write(Buffer.alloc(64 * KIB, i));
    expect(await files()).toEqual([]);
  });

  test('[ARCH-3] a file takes nothing after its end', async () => {
    const spool = await open();
    const file = await spool.create();
    await file.finish();
    await failureOf(file.write(fresh(10)));
    await failureOf(file.finish());
    const discarded = await spool.create();
    await discarded.discard();
    await failureOf(discarded.write(fresh(10)));
    await failureOf(discarded.finish());
  });

  test('[ARCH-3] a file left in a scope is discarded, unless a store took it', async () => {
    const storage = await openStorage({ dataDir: folder.path });
    const store = async (content: Buffer, keep: boolean) => {
      await using file = await storage.spool.create();
      await file.write(content);
      const finished = await file.finish();
      if (keep) await storage.objects.put(finished.sha256, finished);
      return finished.sha256;
    };
    const [kept, dropped] = [await store(fresh(10), true), await store(fresh(10), false)];
    expect(await storage.objects.has(kept)).toBe(true);
    expect(await storage.objects.has(dropped)).toBe(false);
    expect(await files()).toEqual([]);
    await storage.close();
  });

  test('[ARCH-3] the folder of a process on another machine goes when its heartbeat is old', async () => {
    const elsewhere = async (name: string, ageMs: number) => {
      const path = join(folder.path, 'spool', name);
      await mkdir(path, { recursive: true });
      const owner = { pid: 1, startTime: '1', bootId: 'another machine', pidNamespace: 'pid:[1]' };
      await writeFile(join(path, 'owner.json'), JSON.stringify(owner));
      await writeFile(join(path, 'heartbeat'), '');
      await writeFile(join(path, 'object'), 'bytes');
      const then = new Date(Date.now() - ageMs);
      await utimes(join(path, 'heartbeat'), then, then);
    };
    await elsewhere('fresh', 1_000);
    await elsewhere('stale', 120_000);
    await mkdir(join(folder.path, 'spool', 'just-being-made'));
    const spool = await open({ staleMs: 60_000 });
    expect(await files()).toEqual(['fresh/object']);
    expect(await readdir(join(folder.path, 'spool'))).toHaveLength(3);
    await elsewhere('stale', 120_000);
    expect(await spool.sweep()).toEqual({ folders: 1, files: 1 });
  });

  test('[ARCH-3] the folder of a process with a number that is now another process goes', async () => {
    const spool = await open();
    const [own = ''] = await readdir(join(folder.path, 'spool'));
    const owner: unknown = JSON.parse(await readFile(join(folder.path, 'spool', own, 'owner.json'), 'utf8'));
    const path = join(folder.path, 'spool', 'before-us');
    await mkdir(path);
    await writeFile(join(path, 'owner.json'), JSON.stringify({ ...(owner as object), startTime: '1' }));
    await writeFile(join(path, 'heartbeat'), '');
    expect(await spool.sweep()).toEqual({ folders: 1, files: 0 });
    expect(await readdir(join(folder.path, 'spool'))).toEqual([own]);
  });

  test('[ARCH-3] a folder taken away by mistake is made again', async () => {
    const spool = await open();
    await rm(join(folder.path, 'spool'), { recursive: true });
    const file = await spooled(spool, fresh(100));
    expect((await spool.read(file)).length).toBe(100);
  });
});
