import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Delivery } from './delivery.ts';
import { expectAllOnce, expectNothingElse, settle } from './expectations.ts';
import { SupervisedArchive } from './supervised-archive.ts';
import { syntheticInstances } from './synthetic-instances.ts';

const MIB = 1024 * 1024;

describe('a disk that fills up while instances are stored', () => {
  let folder: string;
  let mounted = false;
  let archive: SupervisedArchive | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isocenter-endurance-disk-'));
  });
  afterEach(async () => {
    await archive?.stop();
    if (mounted) execFileSync('umount', [folder]);
    mounted = false;
    await rm(folder, { recursive: true, force: true });
  });

  function mountDisk(skip: (reason: string) => never): void {
    if (process.getuid?.() !== 0) skip('only root can mount the small file system that this needs');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600m', 'tmpfs', folder], { stdio: 'pipe' });
    } catch (error) {
      skip(`no file system can be mounted here: ${String(error)}`);
    }
    mounted = true;
  }

  /** Takes all room but so much. */
  async function leaveRoom(bytes: number): Promise<() => Promise<void>> {
    const path = join(folder, 'filler');
    const { bavail, bsize } = await statfs(folder);
    const filler = await open(path, 'w');
    const block = Buffer.alloc(MIB);
    for (let left = bavail * bsize - bytes; left > 0; left -= block.length)
      await filler.write(block, 0, Math.min(left, block.length));
    await filler.close();
    return () => rm(path);
  }

  test.for([
    { room: 12 * MIB, kill: false, and: 'goes on' },
    { room: MIB, kill: true, and: 'killed meanwhile, starts' },
  ])(
    '[ARCH-3] [ARCH-4] refuses what has no room, keeps what it has, and $and when there is room',
    {
      timeout: 300_000,
    },
    async ({ room, kill }, context) => {
      mountDisk((reason) => context.skip(reason));
      archive = await SupervisedArchive.start({ folder });
      const instances = syntheticInstances(600, room);
      const delivery = new Delivery(archive, instances, { connections: 4, batch: 12, seed: 1 });
      const makeRoom = await leaveRoom(room);
      const delivering = delivery.run();
      const refused = (): number => delivery.answers.get('503') ?? 0;
      await delivery.until(() => refused() > 5);
      if (kill) await archive.kill('both');
      const kept = delivery.acknowledged.size;
      if (kill) await archive.untilItFailsToStart();
      await makeRoom();
      await delivering;
      console.log(`answers: ${JSON.stringify(Object.fromEntries(delivery.answers))}; ${archive.starts} starts`);

      expect(kept).toBeLessThan(instances.length);
      await settle(archive);
      await expectAllOnce(archive, instances);
      await expectNothingElse(archive, instances);
    },
  );
});
