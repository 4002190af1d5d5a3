import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { JobId } from '@isocenter/contract';
import { testDatabase } from '@isocenter/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from './index.ts';
import { startJobs } from './test/test-jobs.ts';

const db = testDatabase();

/** Heartbeats are missed for 10 s, noticed within 5, delivered again after 1. */
const patience = 60_000;

async function loseWorkerOf(kind: string, enqueue: () => Promise<JobId>): Promise<JobId> {
  const worker = spawn(
    process.execPath,
    [new URL('./test/hanging-worker.ts', import.meta.url).pathname, db.url, kind],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = once(worker, 'exit');
  const running = Promise.race([
    once(worker.stdout, 'data'),
    exited.then(() => Promise.reject(new Error('The worker ended before it was killed'))),
  ]);
  const id = await enqueue();
  await running;
  worker.kill('SIGKILL');
  await exited;
  return id;
}

test('[OPS-2] the job of a worker that was killed is taken up again', { timeout: patience }, async () => {
  const hang = { kind: 'test.hang', title: 'Hang', input: z.object({}) };
  const enqueuer = await startJobs(db.database, [defineJob({ ...hang, run: async () => {} })], { working: false });
  const id = await loseWorkerOf(hang.kind, () => enqueuer.jobs.enqueue(hang, {}));
  expect(await enqueuer.jobs.get(id)).toMatchObject({ state: 'running', attempt: 1 });
  const successor = await startJobs(db.database, [
    defineJob({ ...hang, retryDelaySeconds: 1, run: async ({ attempt }) => attempt }),
  ]);
  expect(await successor.until(id, 'done')).toMatchObject({ attempt: 2, result: 2 });
  await Promise.all([enqueuer.stop(), successor.stop()]);
});

test('[OPS-2] a job that lost its workers too often has failed', {
  timeout: patience,
}, async () => {
  const hang = { kind: 'test.hang-once', title: 'Hang', input: z.object({}), retries: 0, run: async () => {} };
  const enqueuer = await startJobs(db.database, [defineJob(hang)], { working: false });
  const id = await loseWorkerOf(hang.kind, () => enqueuer.jobs.enqueue(hang, {}));
  const watcher = await startJobs(db.database, [defineJob(hang)]);
  await db.database.pool.query(
    "update pgboss.job set retry_limit = 0, heartbeat_on = now() - interval '1 hour' where name = $1",
    [hang.kind],
  );
  expect(await watcher.until(id, 'failed')).toMatchObject({ error: { code: 'worker-lost' }, attempt: 1 });
  await Promise.all([enqueuer.stop(), watcher.stop()]);
});
