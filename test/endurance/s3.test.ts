import { randomInt } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Seeded } from '@isocenter/dicom/testing';
import { type Faults, FaultyProxy } from '@isocenter/testkit/faulty-proxy';
import { needs } from '@isocenter/testkit/needs';
import { S3Server, s3Missing } from '@isocenter/testkit/s3-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Delivery } from './delivery.ts';
import { expectAllOnce, expectNothingElse, settle } from './expectations.ts';
import { SupervisedArchive } from './supervised-archive.ts';
import { syntheticInstances } from './synthetic-instances.ts';

/*
 * By default with plain objects only, with ISOCENTER_ENDURANCE=full with encrypted ones too. Each run has a new seed, which
 * it prints; ISOCENTER_ENDURANCE_SEED=… gives about the same moments again.
 */
const INSTANCES = 300;
const KINDS = process.env.ISOCENTER_ENDURANCE === 'full' ? ['plain', 'encrypted'] : ['plain'];
const SEED = Number(process.env.ISOCENTER_ENDURANCE_SEED ?? randomInt(2 ** 31));
const PREFIX = 'hospital/';

describe('objects in an S3 server that is killed, slow and silent while instances are stored', () => {
  needs(s3Missing);
  let folder: string;
  let s3: S3Server;
  let proxy: FaultyProxy;
  let archive: SupervisedArchive | undefined;

  beforeEach(async () => {
    if (s3Missing !== undefined) return;
    folder = await mkdtemp(join(tmpdir(), 'isocenter-endurance-s3-'));
    s3 = await S3Server.start();
    proxy = await FaultyProxy.start(s3.port);
  });
  afterEach(async () => {
    await archive?.stop();
    archive = undefined;
    await proxy?.stop();
    await s3?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function startArchive(encrypted: boolean): Promise<SupervisedArchive> {
    const { bucket, credentials, endpoint } = s3.options(proxy.port);
    const keyFile = join(folder, 'key');
    if (encrypted) await writeFile(keyFile, '5f'.repeat(32));
    return SupervisedArchive.start({
      env: {
        ISOCENTER_S3_BUCKET: bucket,
        ISOCENTER_S3_ENDPOINT: endpoint,
        ISOCENTER_S3_ACCESS_KEY_ID: credentials.accessKeyId,
        ISOCENTER_S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        ISOCENTER_S3_PREFIX: PREFIX,
        ISOCENTER_S3_FORCE_PATH_STYLE: 'true',
        ...(encrypted && { ISOCENTER_STORAGE_KEY_FILE: keyFile }),
      },
    });
  }

  /** Names of what lies in the bucket; whether it is whole, WADO-RS has shown. */
  async function bucketFiles(): Promise<{ names: string[]; damaged: string[] }> {
    const entries = await readdir(s3.pathOf(PREFIX), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return { names: files.map(({ name }) => name).sort(), damaged: [] };
  }

  test.for(KINDS)(
    '[ARCH-3] loses nothing acknowledged, has nothing twice, and leaves nothing behind: %s',
    {
      timeout: 300_000,
    },
    async (kind) => {
      console.log(`ISOCENTER_ENDURANCE_SEED=${SEED}`);
      const random = new Seeded(SEED);
      const instances = syntheticInstances(INSTANCES, SEED);
      archive = await startArchive(kind === 'encrypted');
      const delivery = new Delivery(archive, instances, { connections: 4, batch: 12, seed: SEED });
      const delivering = delivery.run();
      let troubles = 0;
      /** At a random moment of the next sixth of the sending. */
      const trouble = async (what: string, make: () => Promise<unknown>): Promise<void> => {
        const after = Math.floor((INSTANCES / 6) * (troubles++ + random.below(1000) / 1000));
        await delivery.until(() => delivery.acknowledged.size >= after);
        await pause(random.below(100));
        console.log(`${what} with ${delivery.acknowledged.size} acknowledged`);
        await make();
      };
      const behaveFor = async (faults: Faults, ms: number): Promise<void> => {
        proxy.behave(faults);
        await pause(ms);
        proxy.behave({});
      };

      await trouble('killed', async () => {
        await s3.kill();
        await pause(1000 + random.below(5000)); // longer, or not, than the archive tries again by itself
        await s3.restart();
      });
      await trouble('slow', () => behaveFor({ bytesPerSecond: 200_000 }, 4000));
      await trouble('uploads cut', () => behaveFor({ cutUploadAt: 3000 + random.below(100_000) }, 1500));
      await trouble('killed with the archive', async () => {
        await Promise.all([archive!.kill('both'), s3.kill()]);
        await s3.restart();
        await archive!.untilReady();
      });
      await trouble('answers cut', () => behaveFor({ cutDownloadAt: 1 + random.below(300) }, 1500));
      await trouble('silent', () => behaveFor({ silent: true }, 1500));
      await delivering;
      console.log(`answers: ${JSON.stringify(Object.fromEntries(delivery.answers))}; ${archive.starts} starts`);

      await settle(archive);
      await expectAllOnce(archive, instances);
      await expectNothingElse(archive, instances, bucketFiles);
      expect(archive.starts).toBe(3);
    },
  );
});
