import { once } from 'node:events';
import type { Job, JobId, JobProgress } from '@isocenter/contract';
import { CallerId } from '@isocenter/contract';
import { testDatabase } from '@isocenter/testkit';
import { type ConstructorOptions, PgBoss } from 'pg-boss';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem } from '../http/problem.ts';
import { defineJob, type JobContext } from './index.ts';
import { startJobs, type TestJobs } from './test/test-jobs.ts';

const { database } = lazily(testDatabase());
let process1: TestJobs;
const ended: { job: Job; announce: boolean }[] = [];

/** That it is recorded who cancels and retries is shown where people do. */
const unrecorded = async (): Promise<void> => undefined;

/** What the jobs of these tests do, set by each test. */
let behave: (context: JobContext, input: { name: string }) => Promise<unknown>;

const input = z.object({ name: z.string() });
const play = defineJob({
  kind: 'test.play',
  title: 'Play',
  input,
  concurrency: 3,
  retries: 1,
  retryDelaySeconds: 1,
  run: (context, given) => behave(context, given),
});
const told = defineJob({ ...play, kind: 'test.told', announce: true });

beforeAll(async () => {
  process1 = await startJobs(database(), [play, told], {
    onEnd: async (_tx, job, announce) => {
      ended.push({ job, announce });
    },
  });
});
afterAll(() => process1.stop());
afterEach(() => {
  ended.length = 0;
});

test('[OPS-2] a job runs, shows its progress live, and keeps its result', async () => {
  const seen: (JobProgress | null)[] = [];
  const unsubscribe = process1.events.subscribe(({ event }) => {
    if (event.type === 'job.changed' && event.data.state === 'running') seen.push(event.data.progress);
  });
  behave = async ({ progress, attempt }, { name }) => {
    for (let done = 0; done <= 1000; done++) progress(done, 1000, `step ${done}`);
    await once(process1Progress(), 'seen');
    progress(1001, 1000, 'over');
    return { name, attempt };
  };
  const createdBy = CallerId.parse('ada');
  const id = await process1.jobs.enqueue(play, { name: 'x' }, { createdBy });
  const job = await process1.until(id, 'done');
  unsubscribe();
  expect(job).toMatchObject({
    kind: 'test.play',
    title: 'Play',
    state: 'done',
    result: { name: 'x', attempt: 1 },
    error: null,
    createdBy,
    attempt: 1,
    progress: { done: 1001, total: 1000, message: 'over' },
  });
  expect(job.startedAt).not.toBeNull();
  expect(job.endedAt).not.toBeNull();
  // A thousand reports are one or two writes.
  const written = seen.filter((progress) => progress !== null);
  expect(written[0]).toEqual({ done: 1000, total: 1000, message: 'step 1000' });
  expect(written.length).toBeLessThanOrEqual(2);
  expect(ended).toMatchObject([{ job: { id, state: 'done' }, announce: false }]);
});

/** Emits `seen` when progress of any job was published. */
function process1Progress(): EventTarget {
  const target = new EventTarget();
  const unsubscribe = process1.events.subscribe(({ event }) => {
    if (event.type !== 'job.changed' || event.data.progress === null) return;
    unsubscribe();
    target.dispatchEvent(new Event('seen'));
  });
  return target;
}

test('[OPS-2] no job without its cause: a rolled back transaction leaves none', async () => {
  behave = async () => 'done';
  let id: JobId | undefined;
  const attempt = database().transaction(async (tx) => {
    id = await process1.jobs.enqueue(play, { name: 'x' }, { tx });
    throw new Error('second thoughts');
  });
  await expect(attempt).rejects.toThrow('second thoughts');
  await expect(process1.jobs.get(id as JobId)).rejects.toMatchObject({ code: 'not-found' });
  const { rows } = await database().pool.query("select 1 from pgboss.job where data->>'job' = $1", [id]);
  expect(rows).toEqual([]);
  const kept = await database().transaction((tx) => process1.jobs.enqueue(play, { name: 'x' }, { tx }));
  expect((await process1.until(kept, 'done')).result).toBe('done');
});

test('[OPS-2] a wrong input or an unknown kind is refused before anything is queued', async () => {
  await expect(process1.jobs.enqueue(play, { name: 7 as never })).rejects.toThrow();
  await expect(process1.jobs.enqueue({ ...play, kind: 'test.unknown' }, { name: '' })).rejects.toThrow(
    'No feature defines',
  );
});

test('[OPS-2] a failed attempt is followed by another, and after the last one the job has failed', async () => {
  behave = async ({ attempt }) => {
    if (attempt === 1) throw new Error('PATIENT^NAME is broken');
    return attempt;
  };
  const twice = await process1.jobs.enqueue(play, { name: 'x' });
  const failedOnce = await process1.until(twice, 'queued');
  expect(failedOnce.state).toBe('queued');
  expect(await process1.until(twice, 'done')).toMatchObject({ attempt: 2, result: 2, error: null });

  behave = async () => {
    throw new Error('PATIENT^NAME is broken');
  };
  const never = await process1.until(await process1.jobs.enqueue(told, { name: 'x' }), 'failed');
  expect(never).toMatchObject({ attempt: 2, error: { code: 'internal' } });
  expect(JSON.stringify(never)).not.toContain('PATIENT');
  expect(ended.at(-1)).toMatchObject({ job: { id: never.id, state: 'failed' }, announce: true });
});

test('[OPS-2] what will not be better next time is not tried again, and can be begun again by hand', async () => {
  behave = async () => {
    throw new Problem('conflict', { reason: 'The study was deleted.' });
  };
  const id = await process1.jobs.enqueue(play, { name: 'x' });
  expect(await process1.until(id, 'failed')).toMatchObject({
    attempt: 1,
    error: { code: 'conflict', detail: 'The study was deleted.' },
  });
  behave = async () => 'well';
  expect(await process1.jobs.retry(id, unrecorded)).toMatchObject({ id, state: 'queued', error: null, endedAt: null });
  expect(await process1.until(id, 'done')).toMatchObject({ attempt: 2, result: 'well', error: null });
  await expect(process1.jobs.retry(id, unrecorded)).rejects.toMatchObject({ code: 'conflict' });
});

test('[OPS-2] a running job is cancelled within two seconds, from another process too', async () => {
  const other = await startJobs(database(), [play], { working: false });
  behave = ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const id = await other.jobs.enqueue(play, { name: 'x' });
  await process1.until(id, 'running');
  const asked = performance.now();
  expect(await other.jobs.cancel(id, unrecorded)).toMatchObject({ state: 'running', cancelling: true });
  const job = await process1.until(id, 'cancelled');
  expect(performance.now() - asked).toBeLessThan(2000);
  expect(job).toMatchObject({ cancelling: false, error: null });
  expect(job.endedAt).not.toBeNull();
  await expect(other.jobs.cancel(id, unrecorded)).rejects.toMatchObject({ code: 'conflict' });
  behave = async () => 'after all';
  await other.jobs.retry(id, unrecorded);
  expect(await process1.until(id, 'done')).toMatchObject({ result: 'after all' });
  await other.stop();
});

test('[OPS-2] a waiting job is cancelled at once and never runs', async () => {
  const ran: string[] = [];
  behave = async (_context, { name }) => ran.push(name);
  const startAfter = new Date(Date.now() + 1500);
  const id = await process1.jobs.enqueue(play, { name: 'cancelled' }, { startAfter });
  expect(await process1.jobs.cancel(id, unrecorded)).toMatchObject({ state: 'cancelled' });
  const later = await process1.jobs.enqueue(play, { name: 'later' }, { startAfter });
  await process1.until(later, 'done');
  expect(ran).toEqual(['later']);
  await expect(process1.jobs.cancel('00000000-0000-4000-8000-000000000000' as JobId, unrecorded)).rejects.toMatchObject(
    {
      code: 'not-found',
    },
  );
});

test('[OPS-2] of one singleton key one waits and one runs', async () => {
  const release = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  behave = async () => {
    running += 1;
    most = Math.max(most, running);
    await release.promise;
    running -= 1;
  };
  const enqueue = (singletonKey: string) => process1.jobs.enqueue(play, { name: singletonKey }, { singletonKey });
  const first = await enqueue('study-1');
  await process1.until(first, 'running');
  const second = await enqueue('study-1');
  expect(second).not.toBe(first);
  expect(await Promise.all([enqueue('study-1'), enqueue('study-1')])).toEqual([second, second]);
  const other = await enqueue('study-2');
  await process1.until(other, 'running');
  expect((await process1.jobs.get(second)).state).toBe('queued');
  release.resolve();
  for (const id of [first, second, other]) await process1.until(id, 'done');
  expect(most).toBe(2);
});

test('[OPS-2] as many run at once in a process as their definition says', async () => {
  const release = Promise.withResolvers<void>();
  behave = () => release.promise;
  const enqueue = () => process1.jobs.enqueue(play, { name: 'x' });
  const ids = [await enqueue(), await enqueue(), await enqueue()];
  for (const id of ids) await process1.until(id, 'running');
  const fourth = await enqueue();
  expect((await process1.jobs.get(fourth)).state).toBe('queued');
  release.resolve();
  await process1.until(fourth, 'done');
});

test('[OPS-2] a process that stops hands its job over at once, and the cut attempt costs no retry', async () => {
  const stopping = await startJobs(database(), [defineJob({ ...play, kind: 'test.handover', run: hang })]);
  const id = await stopping.jobs.enqueue({ ...play, kind: 'test.handover' }, { name: 'x' });
  await stopping.until(id, 'running');
  await stopping.stop(10);
  expect(
    await database().db.selectFrom('job').select(['state', 'attempt']).where('id', '=', id).executeTakeFirst(),
  ).toEqual({
    state: 'queued',
    attempt: 1,
  });
  const successor = await startJobs(database(), [
    defineJob({ ...play, kind: 'test.handover', run: async () => 'taken up' }),
  ]);
  expect(await successor.until(id, 'done')).toMatchObject({ attempt: 2, result: 'taken up' });
  await successor.stop();
});

const hang = ({ signal }: JobContext): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

test('[OPS-2] the list is filtered, paged and counted', async () => {
  behave = async () => null;
  for (let at = 0; at < 3; at++) await process1.until(await process1.jobs.enqueue(told, { name: 'x' }), 'done');
  const filter = { state: ['done'], kind: ['test.told'], offset: 0, limit: 2 } as const;
  const { items, total } = await process1.jobs.list(filter);
  expect(items.map(({ kind }) => kind)).toEqual(['test.told', 'test.told']);
  expect(total).toBeGreaterThanOrEqual(3);
  expect((await process1.jobs.list({ ...filter, offset: total })).items).toEqual([]);
  const counts = await process1.jobs.counts();
  expect(counts.done).toBeGreaterThanOrEqual(total);
});

test('[OPS-4] a job of the clock is scheduled once, and each time it comes has a row of its own', async () => {
  const cron = defineJob({
    kind: 'test.cron',
    title: 'Tidy up',
    input,
    schedule: { cron: '17 3 * * *', input: { name: 'nightly' } },
    run: async (_context, given) => given,
  });
  const clocked = await startJobs(database(), [cron]);
  const queue = await new PgBoss({ ...database().connection, supervise: false } as ConstructorOptions).start();
  expect(await queue.getSchedule('test.cron')).toMatchObject({ cron: '17 3 * * *', timezone: 'UTC' });
  const { promise, resolve } = Promise.withResolvers<JobId>();
  clocked.events.subscribe(({ event }) => {
    if (event.type === 'job.changed' && event.data.kind === 'test.cron' && event.data.state === 'done')
      resolve(event.data.id);
  });
  // What the clock sends.
  await queue.send('test.cron', {});
  expect(await clocked.jobs.get(await promise)).toMatchObject({
    title: 'Tidy up',
    createdBy: null,
    result: { name: 'nightly' },
    attempt: 1,
  });
  await queue.stop();
  await clocked.stop();
});

test('[OPS-4] jobs that ended long ago are forgotten', async () => {
  behave = async () => null;
  const id = await process1.jobs.enqueue(play, { name: 'old' });
  await process1.until(id, 'done');
  await database()
    .db.updateTable('job')
    .set({ ended_at: new Date('2020-01-01') })
    .where('id', '=', id)
    .execute();
  expect(await process1.jobs.prune()).toBe(1);
  await expect(process1.jobs.get(id)).rejects.toMatchObject({ code: 'not-found' });
});

/** The test database is there from the first hook on. */
function lazily(made: { readonly database: ReturnType<typeof testDatabase>['database'] }): {
  database: () => typeof made.database;
} {
  return { database: () => made.database };
}
