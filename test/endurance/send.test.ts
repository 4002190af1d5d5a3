import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cli } from '@isocenter/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectAllOnce, expectNothingElse, settle } from './expectations.ts';
import { SupervisedArchive } from './supervised-archive.ts';
import { syntheticInstances } from './synthetic-instances.ts';

/** More than `isocenter send` puts into the first requests of its connections. */
const INSTANCES = 600;

let folder: string;
let archive: SupervisedArchive;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-endurance-send-'));
  archive = await SupervisedArchive.start();
});
afterEach(async () => {
  await archive?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** `isocenter send` as a process of its own. */
function send(paths: readonly string[], journal: string) {
  const child = spawn(process.execPath, [cli, 'send', ...paths, '--url', archive.url, '--journal', journal], {
    env: { PATH: process.env.PATH, ISOCENTER_TOKEN: archive.token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { written, ended, kill: () => child.kill('SIGKILL') };
}

async function linesOf(journal: string): Promise<number> {
  const text = await readFile(journal, 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).length;
}

async function untilAcknowledged(journal: string, count: number): Promise<void> {
  while ((await linesOf(journal)) < count) await pause(5);
}

test('[OPS-8] [ARCH-3] isocenter send gets past a server that is killed, and resumes when it was killed itself', async () => {
  const instances = syntheticInstances(INSTANCES, 17);
  for (const { instance, bytes } of instances) await writeFile(join(folder, `${instance}.dcm`), bytes);
  const journal = join(folder, 'sent.journal');

  const first = send([folder], journal);
  await untilAcknowledged(journal, 1);
  await archive.kill('server');
  await archive.untilReady();
  const before = await linesOf(journal);
  await untilAcknowledged(journal, before + 1);
  await archive.kill('both');
  first.kill();
  expect(await first.ended).toBeNull();
  const remembered = await linesOf(journal);
  expect(remembered).toBeLessThan(INSTANCES);

  await archive.untilReady();
  const second = send([folder], journal);
  expect([await second.ended, second.written]).toMatchObject([0, { out: expect.stringMatching(/^\d+ stored/) }]);
  expect(second.written.out).toContain(`${remembered} acknowledged in an earlier run, not sent again`);
  await settle(archive);
  await expectAllOnce(archive, instances);
  await expectNothingElse(archive, instances);
});
