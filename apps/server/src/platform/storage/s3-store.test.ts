import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { needs } from '@isocenter/testkit/needs';
import { S3Server, s3Missing } from '@isocenter/testkit/s3-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { S3Store, Spool, StorageDenied, StorageMisconfigured } from './index.ts';
import { addressOf, failureOf, fresh, spooled } from './test/content.ts';
import { storageSuite } from './test/storage-suite.ts';
import { s3Subject, temporaryFolder } from './test/subjects.ts';

const MIB = 1024 * 1024;

describe('with a real S3 server', () => {
  needs(s3Missing);
  if (s3Missing !== undefined) {
    test('[ARCH-3] the storage over S3 behaves as over files', () => undefined);
    return;
  }
  storageSuite('S3', async () => s3Subject(await S3Server.start()));
  storageSuite('encrypted S3', async () => s3Subject(await S3Server.start(), { encrypted: true }));
  storageSuite('S3 in parts', async () =>
    s3Subject(await S3Server.start(), { multipartAbove: 1000, partSize: 5 * MIB }),
  );

  describe('S3', () => {
    let server: S3Server;
    let spool: Spool;
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    beforeAll(async () => {
      [server, folder] = await Promise.all([S3Server.start(), temporaryFolder()]);
      spool = await Spool.open({ root: folder.path, sync: false });
    });
    afterAll(async () => {
      await spool?.close();
      await server?.stop();
      await folder?.remove();
    });

    test('[ARCH-3] wrong credentials are told from other failures, and the secret is not told', async () => {
      const credentials = { accessKeyId: 'nobody', secretAccessKey: 'never-to-be-seen' };
      const store = new S3Store({ ...server.options(), credentials });
      const file = await spooled(spool, fresh(100));
      const calls = [() => store.put(file.sha256, file), () => store.read(file.sha256), () => store.stat(file.sha256)];
      for (const call of calls) {
        const failure = await failureOf(call());
        expect(failure).toBeInstanceOf(StorageDenied);
        expect(String(failure)).toMatch(/refuses these credentials/);
        expect(String(failure)).not.toContain('never-to-be-seen');
      }
      expect(await store.check()).toMatchObject({ ok: false, error: { code: 'storage-denied' } });
      const wrongSecret = { ...server.options().credentials, secretAccessKey: 'never-to-be-seen' };
      const other = new S3Store({ ...server.options(), credentials: wrongSecret });
      expect(await failureOf(other.put(file.sha256, file))).toBeInstanceOf(StorageDenied);
    });

    test('[ARCH-3] a bucket that does not exist is named', async () => {
      const store = new S3Store({ ...server.options(), bucket: 'nowhere' });
      const file = await spooled(spool, fresh(100));
      const failure = await failureOf(store.put(file.sha256, file));
      expect(failure).toBeInstanceOf(StorageMisconfigured);
      expect(String(failure)).toContain('nowhere');
      expect(await store.check()).toMatchObject({ ok: false, error: { code: 'storage-misconfigured' } });
    });

    test('[ARCH-3] two processes can put the same object', async () => {
      const stores = [new S3Store(server.options()), new S3Store(server.options())];
      const content = fresh(300_000);
      const outcomes = await Promise.all(
        stores.map(async (store) => store.put(addressOf(content), await spooled(spool, content))),
      );
      expect(outcomes.sort()).toEqual(['present', 'stored']);
      expect(await stores[0]?.verify(addressOf(content))).toBe('intact');
    });

    test('[ARCH-3] uploads in parts that were never finished are given up later', async () => {
      const options = server.options();
      const client = new S3Client({ ...options, requestChecksumCalculation: 'WHEN_REQUIRED' });
      const sha256 = addressOf(fresh(10));
      await client.send(new CreateMultipartUploadCommand({ Bucket: options.bucket, Key: sha256 }));
      const store = new S3Store(options);
      expect(await store.removeLeftovers(60_000)).toBe(0);
      expect(await store.removeLeftovers(-60_000)).toBe(1);
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: options.bucket }));
      expect(Uploads).toEqual([]);
      client.destroy();
    });
  });
});
