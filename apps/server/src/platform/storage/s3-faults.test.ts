import { FaultyProxy } from '@isocenter/testkit/faulty-proxy';
import { needs } from '@isocenter/testkit/needs';
import { S3Server, s3Missing } from '@isocenter/testkit/s3-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ObjectStore, type PatienceOptions, S3Store, Spool, StorageUnavailable } from './index.ts';
import { addressOf, drain, failureOf, fresh, listed, spooled } from './test/content.ts';
import { temporaryFolder } from './test/subjects.ts';

const MIB = 1024 * 1024;
/** Little, so that tests come to the end of it. */
const PATIENCE: PatienceOptions = {
  attempts: 3,
  attemptMs: 400,
  deadlineMs: 1500,
  slowestRate: 50 * MIB,
  backoffMs: 10,
};

describe('S3 when things go wrong', () => {
  needs(s3Missing);
  let server: S3Server;
  let proxy: FaultyProxy;
  let spool: Spool;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: S3Store;
  let direct: S3Store;
  beforeAll(async () => {
    if (s3Missing !== undefined) return;
    [server, folder] = await Promise.all([S3Server.start(), temporaryFolder()]);
    spool = await Spool.open({ root: folder.path, sync: false });
    direct = new S3Store(server.options());
  });
  beforeEach(async () => {
    proxy = await FaultyProxy.start(server.port);
    store = new S3Store({ ...server.options(proxy.port), patience: PATIENCE });
  });
  afterEach(async () => {
    await store?.close();
    await proxy?.stop();
  });
  afterAll(async () => {
    await direct?.close();
    await spool?.close();
    await server?.stop();
    await folder?.remove();
  });

  test('[ARCH-3] a server killed amid puts loses nothing that was acknowledged; the rest can be tried again', async () => {
    const contents = Array.from({ length: 80 }, () => fresh(256 * 1024));
    const files = await Promise.all(contents.map((content) => spooled(spool, content)));
    const acknowledged = new Set<string>();
    const failures: unknown[] = [];
    const pending = [...files];
    const connection = async () => {
      for (let file = pending.shift(); file; file = pending.shift()) {
        try {
          await store.put(file.sha256, file);
          acknowledged.add(file.sha256);
          if (acknowledged.size === 15) await server.kill();
        } catch (error) {
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: 6 }, connection));
    expect(acknowledged.size).toBeGreaterThanOrEqual(15);
    expect(failures.length).toBe(80 - acknowledged.size);
    expect(failures.length).toBeGreaterThan(40);
    for (const failure of failures) expect(failure).toBeInstanceOf(StorageUnavailable);

    await server.restart();
    for (const { sha256 } of files) if (acknowledged.has(sha256)) expect(await direct.verify(sha256)).toBe('intact');
    for (const file of files) if (!acknowledged.has(file.sha256)) await store.put(file.sha256, file);
    for (const { sha256 } of files) expect(await direct.verify(sha256)).toBe('intact');
  });

  test('[ARCH-3] a put waits out a server that comes back in time', async () => {
    const patience = { ...PATIENCE, attempts: 50, deadlineMs: 20_000, longestBackoffMs: 100 };
    const patient = new S3Store({ ...server.options(), patience });
    const file = await spooled(spool, fresh(100_000));
    await server.kill();
    const put = patient.put(file.sha256, file);
    await server.restart();
    expect(await put).toBe('stored');
    expect(await direct.verify(file.sha256)).toBe('intact');
    await patient.close();
  });

  test('[ARCH-3] nothing of a large object is visible when the connection breaks before its last part', async () => {
    const inParts = new S3Store({
      ...server.options(proxy.port),
      patience: PATIENCE,
      multipartAbove: MIB,
      partSize: 5 * MIB,
    });
    const content = fresh(23 * MIB);
    const file = await spooled(spool, content);
    proxy.behave({ cutUploadAt: 3 * MIB });
    expect(await failureOf(inParts.put(file.sha256, file))).toBeInstanceOf(StorageUnavailable);
    expect(await direct.has(file.sha256)).toBe(false);
    proxy.behave({});
    expect(await inParts.put(file.sha256, file)).toBe('stored');
    expect(await direct.verify(file.sha256)).toBe('intact');
    expect(
      (await direct.read(file.sha256, { start: 5 * MIB - 3, end: 5 * MIB + 3 })).equals(
        content.subarray(5 * MIB - 3, 5 * MIB + 3),
      ),
    ).toBe(true);
    await inParts.close();
  });

  test('[ARCH-3] a server too slow to be of use is unavailable, and nothing counts as stored', async () => {
    const file = await spooled(spool, fresh(MIB));
    proxy.behave({ bytesPerSecond: 100_000 });
    const began = performance.now();
    expect(await failureOf(store.put(file.sha256, file))).toBeInstanceOf(StorageUnavailable);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(await direct.has(file.sha256)).toBe(false);
  });

  test('[ARCH-3] a slow server that keeps above the slowest rate is waited for', async () => {
    const patience = { ...PATIENCE, slowestRate: 200_000 };
    const patient = new S3Store({ ...server.options(proxy.port), patience });
    const content = fresh(600_000);
    const file = await spooled(spool, content);
    proxy.behave({ bytesPerSecond: 600_000 });
    expect(await patient.put(file.sha256, file)).toBe('stored');
    expect((await patient.read(file.sha256)).equals(content)).toBe(true);
    await patient.close();
  });

  test('[ARCH-3] a server that accepts and never answers is given up', async () => {
    const file = await spooled(spool, fresh(1000));
    proxy.behave({ silent: true });
    const calls = [
      store.put(file.sha256, file),
      store.read(file.sha256),
      store.open(file.sha256),
      store.stat(file.sha256),
      store.delete(file.sha256),
      listed(store),
    ];
    for (const call of calls) void call.catch(() => undefined);
    for (const call of calls) expect(await failureOf(call)).toBeInstanceOf(StorageUnavailable);
    expect(await checkWith(store)).toBe('storage-unavailable');
  });

  test('[ARCH-3] an upload cut off is not stored', async () => {
    const file = await spooled(spool, fresh(500_000));
    proxy.behave({ cutUploadAt: 300_000 });
    expect(await failureOf(store.put(file.sha256, file))).toBeInstanceOf(StorageUnavailable);
    expect(proxy.connections).toBe(3);
    expect(await direct.has(file.sha256)).toBe(false);
  });

  test.each([100_000, 12 * MIB])('[ARCH-3] an upload of %i bytes changed on its way is refused', async (size) => {
    const file = await spooled(spool, fresh(size));
    proxy.behave({ flipUploadEvery: 50_000 });
    expect(await failureOf(store.put(file.sha256, file))).toBeInstanceOf(StorageUnavailable);
    expect(await direct.has(file.sha256)).toBe(false);
    proxy.behave({});
    expect(await store.put(file.sha256, file)).toBe('stored');
  });

  test('[ARCH-3] an upload changed on its way once is sent again', async () => {
    const file = await spooled(spool, fresh(100_000));
    proxy.behave({ flipUploadEvery: 50_000, flips: 1 });
    expect(await store.put(file.sha256, file)).toBe('stored');
    expect(proxy.flipped).toBe(1);
    expect(await direct.verify(file.sha256)).toBe('intact');
  });

  test('[ARCH-3] an upload whose answer got lost is not stored twice', async () => {
    const content = fresh(50_000);
    const file = await spooled(spool, content);
    proxy.behave({ cutDownloadAt: 10 });
    expect(await failureOf(store.put(file.sha256, file))).toBeInstanceOf(StorageUnavailable);
    proxy.behave({});
    expect(await store.put(file.sha256, file)).toBe('present');
    expect(await direct.verify(addressOf(content))).toBe('intact');
  });

  test('[ARCH-3] a download that breaks off goes on where it was', async () => {
    const content = fresh(2 * MIB);
    const file = await spooled(spool, content);
    await direct.put(file.sha256, file);
    proxy.behave({ cutDownloadAt: 700_000 });
    expect((await store.read(file.sha256)).equals(content)).toBe(true);
    expect(proxy.connections).toBeGreaterThanOrEqual(3);
    const part = { start: 100_000, end: 1_900_000 };
    expect((await drain(await store.open(file.sha256, part))).equals(content.subarray(part.start, part.end))).toBe(
      true,
    );
  });

  test('[ARCH-3] a download that falls silent fails, and one with a slow reader does not', async () => {
    const content = fresh(4 * MIB);
    const file = await spooled(spool, content);
    await direct.put(file.sha256, file);
    const slowly = await store.open(file.sha256);
    const chunks: Buffer[] = [];
    for await (const chunk of slowly) {
      if (chunks.length === 0) await new Promise((resolve) => setTimeout(resolve, 600)); // beyond PATIENCE.attemptMs
      chunks.push(chunk as Buffer);
    }
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
    const stream = await store.open(file.sha256);
    proxy.behave({ silent: true });
    expect(await failureOf(drain(stream))).toBeInstanceOf(StorageUnavailable);
  });
});

async function checkWith(store: ObjectStore): Promise<string> {
  const health = await store.check();
  return health.ok ? 'ok' : health.error.code;
}
