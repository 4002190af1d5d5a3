import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { needs } from '@isocenter/testkit/needs';
import { S3Server, s3Missing } from '@isocenter/testkit/s3-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStorage, type StorageEvent } from './index.ts';
import { addressOf, drain, failureOf, fresh, spooled } from './test/content.ts';
import { temporaryFolder } from './test/subjects.ts';

describe('opening the storage', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  test('[OPS-4] an observer hears of every call: how long, how much, how it ended', async () => {
    const events: StorageEvent[] = [];
    const { spool, objects, close } = await openStorage({ dataDir: folder.path }, (event) => events.push(event));
    const file = await spooled(spool, fresh(1000));
    await objects.put(file.sha256, file);
    await objects.read(file.sha256, { start: 10, end: 30 });
    await drain(await objects.open(file.sha256));
    const unread = await objects.open(file.sha256);
    await new Promise((resolve) => unread.once('close', resolve).destroy());
    await objects.delete(file.sha256);
    await failureOf(objects.read(file.sha256));
    await failureOf(objects.open(file.sha256));
    await objects.check();
    await close();
    expect(events.map(({ operation, bytes, outcome }) => [operation, bytes, outcome])).toEqual([
      ['spool', 1000, 'ok'],
      ['put', 1000, 'ok'],
      ['read', 20, 'ok'],
      ['open', 1000, 'ok'],
      ['open', 0, 'ok'],
      ['delete', 0, 'ok'],
      ['read', 0, 'object-missing'],
      ['open', 0, 'object-missing'],
      ['check', 0, 'ok'],
    ]);
    for (const { seconds } of events) expect(seconds).toBeGreaterThanOrEqual(0);
  });

  describe('in a bucket', () => {
    needs(s3Missing);
    test('[ARCH-3] the configuration decides on S3 and encryption', async () => {
      await using server = await S3Server.start();
      const storageKeyFile = join(folder.path, 'key');
      await writeFile(storageKeyFile, randomBytes(32).toString('hex'));
      const s3 = { ...server.options(), prefix: 'hospital/' };
      const content = Buffer.concat([Buffer.from('a name'), fresh(1000)]);
      const storage = await openStorage({ dataDir: folder.path, storageKeyFile, s3 });
      const file = await spooled(storage.spool, content);
      expect(await storage.objects.put(file.sha256, file)).toBe('stored');
      expect((await storage.objects.read(addressOf(content))).equals(content)).toBe(true);
      expect((await readFile(server.pathOf(`hospital/${file.sha256}`))).includes('a name')).toBe(false);
      await storage.close();
    });
  });
});
