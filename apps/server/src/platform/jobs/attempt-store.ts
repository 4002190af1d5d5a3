import type { ErrorCode, JobProgress, JobState } from '@isocenter/contract';
import { sql } from 'kysely';
import type { Db, JobRow, NewJob } from './job-store.ts';

// What workers write of the attempts at jobs.

export interface JobFailure {
  readonly code: ErrorCode;
  readonly detail: string;
}

/** The row of a delivery that the clock made; it has none before its first attempt. */
export async function insertScheduledJob(db: Db, job: Omit<NewJob, 'createdBy' | 'singletonKey'>): Promise<void> {
  await db
    .insertInto('job')
    .values({ id: job.id, kind: job.kind, input: JSON.stringify(job.input), delivery: job.delivery, scheduled: true })
    .onConflict((conflict) => conflict.column('delivery').doNothing())
    .execute();
}

/** Takes the job of a delivery for one attempt; undefined when it has ended or was told to. */
export function beginJob(db: Db, delivery: string): Promise<JobRow | undefined> {
  return db
    .updateTable('job')
    .set({
      state: 'running',
      attempt: sql`attempt + 1`,
      started_at: sql`coalesce(started_at, now())`,
      progress_done: null,
      progress_total: null,
      progress_message: null,
    })
    .where('delivery', '=', delivery)
    .where('state', 'in', ['queued', 'running'])
    .where('cancel_requested_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** Ends a job that was told to stop and has nobody left to stop it. */
export function endCancelled(db: Db, delivery: string): Promise<JobRow | undefined> {
  return db
    .updateTable('job')
    .set({ state: 'cancelled', ended_at: sql`now()` })
    .where('delivery', '=', delivery)
    .where('state', 'in', ['queued', 'running'])
    .where('cancel_requested_at', 'is not', null)
    .returningAll()
    .executeTakeFirst();
}

export interface JobChange {
  readonly state?: JobState;
  readonly progress?: JobProgress;
  readonly result?: unknown;
  readonly failure?: JobFailure;
  readonly delivery?: string;
}

/** Writes what an attempt came to; undefined when the attempt has lost its job to another. */
export function updateAttempt(db: Db, id: string, attempt: number, change: JobChange): Promise<JobRow | undefined> {
  const { state, progress, result, failure, delivery } = change;
  const ended = state === 'done' || state === 'failed' || state === 'cancelled';
  return db
    .updateTable('job')
    .set({
      ...(state === undefined ? {} : { state }),
      ...(progress === undefined
        ? {}
        : { progress_done: progress.done, progress_total: progress.total, progress_message: progress.message }),
      ...(result === undefined ? {} : { result: JSON.stringify(result) }),
      ...(failure === undefined
        ? state === 'done'
          ? { error_code: null, error_detail: null }
          : {}
        : { error_code: failure.code, error_detail: failure.detail }),
      ...(delivery === undefined ? {} : { delivery }),
      ...(ended ? { ended_at: sql<Date>`now()` } : { attempt }),
    })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', '=', 'running')
    .returningAll()
    .executeTakeFirst();
}

export async function selectCancelRequested(db: Db, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('job')
    .select('id')
    .where('id', 'in', ids)
    .where('cancel_requested_at', 'is not', null)
    .execute();
  return rows.map(({ id }) => id);
}

/** Of these kinds, those that the queue has something to deliver of now. */
export async function selectDueKinds(db: Db, kinds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ kind: string }>`
    select kind from unnest(${kinds}::text[]) as kind
    where exists (select 1 from pgboss.job where name = kind and state < 'active' and start_after <= now())`.execute(
    db,
  );
  return new Set(rows.map(({ kind }) => kind));
}

/**
 * Brings jobs in line with the queue after workers were lost: what the queue will deliver again is queued, what it gave
 * up has failed. Answers what changed.
 */
export async function reconcileJobs(db: Db, failure: JobFailure): Promise<JobRow[]> {
  const { rows } = await sql<JobRow>`
    with truth as (
      select j.id, j.attempt, b.state as delivery_state
      from job j left join pgboss.job b on b.id = j.delivery and b.name = j.kind
      where (j.state in ('queued', 'running') and (b.id is null or b.state in ('completed', 'failed', 'cancelled')))
         or (j.state = 'running' and b.state in ('created', 'retry'))
    )
    update job set
      state = case
        when truth.delivery_state in ('created', 'retry') then 'queued'
        when job.cancel_requested_at is not null then 'cancelled' else 'failed' end::job_state,
      ended_at = case when truth.delivery_state in ('created', 'retry') then null else now() end,
      error_code = case when truth.delivery_state in ('created', 'retry') then job.error_code else ${failure.code} end,
      error_detail = case when truth.delivery_state in ('created', 'retry') then job.error_detail else ${failure.detail} end
    from truth
    where job.id = truth.id and job.attempt = truth.attempt and job.state in ('queued', 'running')
    returning job.*`.execute(db);
  return rows;
}
