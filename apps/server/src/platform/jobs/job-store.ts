import type { CallerId, ErrorCode, Job, JobId, JobProgress, JobState } from '@isocenter/contract';
import { JOB_STATES } from '@isocenter/contract';
import { type Generated, type Kysely, type Selectable, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';

declare module '../database/tables.ts' {
  interface Tables {
    job: JobTable;
  }
}

interface JobTable {
  id: string;
  kind: string;
  state: Generated<JobState>;
  input: unknown;
  singleton_key: string | null;
  delivery: string;
  progress_done: number | null;
  progress_total: number | null;
  progress_message: string | null;
  result: unknown;
  error_code: string | null;
  error_detail: string | null;
  attempt: Generated<number>;
  cancel_requested_at: Date | null;
  created_by: string | null;
  scheduled: Generated<boolean>;
  created_at: Generated<Date>;
  started_at: Date | null;
  ended_at: Date | null;
}

export type JobRow = Selectable<JobTable>;
export type Db = Kysely<Tables>;

export interface NewJob {
  readonly id: JobId;
  readonly kind: string;
  readonly input: unknown;
  readonly delivery: string;
  readonly singletonKey: string | undefined;
  readonly createdBy: CallerId | undefined;
}

/** Undefined when one of its kind and key waits already. */
export function insertJob(db: Db, job: NewJob): Promise<JobRow | undefined> {
  return db
    .insertInto('job')
    .values({
      id: job.id,
      kind: job.kind,
      input: JSON.stringify(job.input),
      delivery: job.delivery,
      singleton_key: job.singletonKey ?? null,
      created_by: job.createdBy ?? null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'singleton_key'])
        .where(sql<boolean>`state = 'queued' and attempt = 0 and singleton_key is not null`)
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
}

export async function selectWaiting(db: Db, kind: string, singletonKey: string): Promise<JobId | undefined> {
  const row = await db
    .selectFrom('job')
    .select('id')
    .where('kind', '=', kind)
    .where('singleton_key', '=', singletonKey)
    .where('state', '=', 'queued')
    .where('attempt', '=', 0)
    .executeTakeFirst();
  return row?.id as JobId | undefined;
}

/** Undefined when it does not wait. */
export function cancelQueued(db: Db, id: JobId): Promise<JobRow | undefined> {
  return db
    .updateTable('job')
    .set({ state: 'cancelled', ended_at: sql`now()`, cancel_requested_at: sql`now()` })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .returningAll()
    .executeTakeFirst();
}

export const CANCEL_CHANNEL = 'isocenter_job_cancel';

/** Tells whatever process runs it; undefined when it does not run. */
export async function requestCancel(db: Db, id: JobId): Promise<JobRow | undefined> {
  const row = await db
    .updateTable('job')
    .set({ cancel_requested_at: sql`coalesce(cancel_requested_at, now())` })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) await sql`select pg_notify(${CANCEL_CHANNEL}, ${id})`.execute(db);
  return row;
}

/** Puts an ended job back; undefined when it neither failed nor was cancelled. */
export function requeueJob(db: Db, id: JobId, delivery: string): Promise<JobRow | undefined> {
  return db
    .updateTable('job')
    .set({
      state: 'queued',
      delivery,
      ended_at: null,
      cancel_requested_at: null,
      error_code: null,
      error_detail: null,
      result: null,
    })
    .where('id', '=', id)
    .where('state', 'in', ['failed', 'cancelled'])
    .returningAll()
    .executeTakeFirst();
}

export function selectJob(db: Db, id: JobId): Promise<JobRow | undefined> {
  return db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst();
}

export interface JobFilter {
  readonly state: readonly JobState[];
  readonly kind: readonly string[];
  readonly offset: number;
  readonly limit: number;
}

export async function selectJobs(db: Db, filter: JobFilter): Promise<{ rows: JobRow[]; total: number }> {
  let matching = db.selectFrom('job');
  if (filter.state.length > 0) matching = matching.where('state', 'in', filter.state);
  if (filter.kind.length > 0) matching = matching.where('kind', 'in', filter.kind);
  const rows = await matching
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .offset(filter.offset)
    .limit(filter.limit)
    .execute();
  const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  return { rows, total };
}

export async function countJobs(db: Db): Promise<Record<JobState, number>> {
  const rows = await db
    .selectFrom('job')
    .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  const counts = Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as Record<JobState, number>;
  for (const { state, count } of rows) counts[state] = count;
  return counts;
}

/** Forgets jobs that ended long ago; those of the clock that went well, sooner. */
export async function deleteOldJobs(db: Db, keep: { days: number; scheduledDays: number }): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('job')
    .where(({ or, and, eb }) =>
      or([
        eb('ended_at', '<', sql<Date>`now() - make_interval(days => ${keep.days})`),
        and([
          eb('scheduled', '=', true),
          eb('state', '=', 'done'),
          eb('ended_at', '<', sql<Date>`now() - make_interval(days => ${keep.scheduledDays})`),
        ]),
      ]),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export const progressOf = (row: JobRow): JobProgress | null =>
  row.progress_done === null
    ? null
    : { done: row.progress_done, total: row.progress_total, message: row.progress_message };

/** As the wire has it. */
export function presentJob(row: JobRow, title: string): Job {
  return {
    id: row.id as JobId,
    kind: row.kind,
    title,
    state: row.state,
    progress: progressOf(row),
    result: row.result ?? null,
    error: row.error_code === null ? null : { code: row.error_code as ErrorCode, detail: row.error_detail ?? '' },
    attempt: row.attempt,
    cancelling: row.state === 'running' && row.cancel_requested_at !== null,
    createdBy: row.created_by as CallerId | null,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
