import { randomUUID } from 'node:crypto';
import { type CallerId, type Job, type JobId, type JobState, problemDocument } from '@isocenter/contract';
import type { Kysely } from 'kysely';
import { fromKysely, type JobWithMetadata, type PgBoss } from 'pg-boss';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Events, Listener } from '../events/index.ts';
import { Problem } from '../http/problem.ts';
import type { Log } from '../log.ts';
import { reconcileJobs, selectCancelRequested, selectDueKinds } from './attempt-store.ts';
import type { AnyJobDefinition, JobKind } from './definition.ts';
import * as store from './job-store.ts';
import { declareQueue, type Message, openQueue, workOptions } from './queue.ts';
import { JobRunner } from './runner.ts';

export interface EnqueueOptions {
  /** The job exists when this transaction commits, and never if it does not. */
  readonly tx?: Kysely<Tables>;
  /** Of one kind and key at most one waits (enqueueing again answers its id) and at most one runs. */
  readonly singletonKey?: string;
  readonly createdBy?: CallerId;
  /** Not before. */
  readonly startAfter?: Date;
  /** Higher first; 0 unless said. */
  readonly priority?: number;
}

export interface JobsOptions {
  readonly database: Database;
  readonly listener: Listener;
  readonly events: Events;
  readonly log: Log;
  /** False for a process that only enqueues. */
  readonly working?: boolean;
}

/** Told in its transaction that a job is done or has failed. */
export type JobEndListener = (tx: Kysely<Tables>, job: Job, announce: boolean) => Promise<void>;

/** How late a delayed job may begin, and how late a cancellation may come when its notification was missed. */
const TICK_MS = 2000;
const RECONCILE_MS = 10_000;

export class Jobs {
  readonly #options: JobsOptions;
  readonly #queue: PgBoss;
  readonly #runner: JobRunner;
  readonly #definitions = new Map<string, AnyJobDefinition>();
  readonly #endListeners: JobEndListener[] = [];
  readonly #working: boolean;
  #timers: NodeJS.Timeout[] = [];

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#working = options.working ?? true;
    this.#queue = openQueue(options.database, options.log, this.#working);
    this.#runner = new JobRunner({
      database: options.database,
      log: options.log,
      changed: (tx, row) => this.#changed(tx, row),
      deliver: (tx, row, delivery) => this.#deliver(tx, row, delivery),
    });
  }

  /** Makes kinds of jobs known; before {@link start}. */
  define(...definitions: readonly AnyJobDefinition[]): void {
    for (const definition of definitions) {
      if (this.#definitions.has(definition.kind)) throw new Error(`Two features define the job ${definition.kind}`);
      this.#definitions.set(definition.kind, definition);
    }
  }

  onEnd(listener: JobEndListener): void {
    this.#endListeners.push(listener);
  }

  /** Makes the queues, and begins to work where this process does. */
  async start(): Promise<void> {
    await this.#queue.start();
    for (const definition of this.#definitions.values()) await declareQueue(this.#queue, definition);
    if (!this.#working) return;
    const { listener } = this.#options;
    const cancelRequested = this.#guarded(() => this.#cancelRequested());
    await listener.listen(store.CANCEL_CHANNEL, (id) => this.#runner.stop(id, 'cancelled'), cancelRequested);
    for (const definition of this.#definitions.values()) await this.#work(definition);
    this.#timers = [
      setInterval(cancelRequested, TICK_MS),
      setInterval(
        this.#guarded(() => this.#wakeDue()),
        TICK_MS,
      ),
      setInterval(
        this.#guarded(() => this.reconcile()),
        RECONCILE_MS,
      ),
    ];
  }

  #guarded(work: () => Promise<void>): () => void {
    return () => {
      work().catch((error) => this.#options.log.warn({ err: error }, 'looking after jobs failed'));
    };
  }

  async #work(definition: AnyJobDefinition): Promise<void> {
    const { kind, schedule } = definition;
    await this.#queue.work(kind, workOptions(definition), async ([delivery]: JobWithMetadata<Message>[]) => {
      if (delivery !== undefined) await this.#runner.run(definition, delivery);
    });
    if (schedule !== undefined) await this.#queue.schedule(kind, schedule.cron, {}, { tz: 'UTC' });
  }

  /** Answers the id of the job, or of the one that waits already under its singleton key. */
  async enqueue<Input>(kind: JobKind<Input>, input: Input, options: EnqueueOptions = {}): Promise<JobId> {
    if (!this.#definitions.has(kind.kind)) throw new Error(`No feature defines the job ${kind.kind}`);
    kind.input.parse(input);
    const insert = (tx: Kysely<Tables>) => this.#insert(tx, kind.kind, input, options);
    return options.tx === undefined ? this.#options.database.transaction(insert) : insert(options.tx);
  }

  async #insert(tx: Kysely<Tables>, kind: string, input: unknown, options: EnqueueOptions): Promise<JobId> {
    const { singletonKey, createdBy } = options;
    for (;;) {
      const delivery = randomUUID();
      const row = await store.insertJob(tx, {
        id: randomUUID() as JobId,
        kind,
        input,
        delivery,
        singletonKey,
        createdBy,
      });
      if (row !== undefined) {
        await this.#deliver(tx, row, delivery, options);
        await this.#changed(tx, row);
        return row.id as JobId;
      }
      // Between the two statements it may have been begun; then there is room for a new one.
      const waiting = await store.selectWaiting(tx, kind, singletonKey ?? '');
      if (waiting !== undefined) return waiting;
    }
  }

  async #deliver(tx: Kysely<Tables>, row: store.JobRow, delivery: string, options: EnqueueOptions = {}): Promise<void> {
    const { startAfter, priority } = options;
    await this.#queue.send(row.kind, { job: row.id } satisfies Message, {
      id: delivery,
      db: fromKysely(tx),
      ...(row.singleton_key === null ? {} : { group: { id: row.singleton_key } }),
      ...(startAfter === undefined ? {} : { startAfter }),
      ...(priority === undefined ? {} : { priority }),
    });
  }

  /**
   * Stops a job that waits at once, and tells one that runs to stop. `record` writes down, in the same transaction, who
   * does it.
   */
  async cancel(id: JobId, record: (tx: Kysely<Tables>) => Promise<unknown>): Promise<Job> {
    return this.#options.database.transaction(async (tx) => {
      const waiting = await store.cancelQueued(tx, id);
      if (waiting !== undefined) await this.#queue.cancel(waiting.kind, waiting.delivery, { db: fromKysely(tx) });
      const row = waiting ?? (await store.requestCancel(tx, id));
      if (row === undefined) throw await this.#wrongState(id, 'It has ended already.');
      await record(tx);
      await this.#changed(tx, row);
      return this.#present(row);
    });
  }

  /** `record` writes down, in the same transaction, who does it. */
  async retry(id: JobId, record: (tx: Kysely<Tables>) => Promise<unknown>): Promise<Job> {
    return this.#options.database.transaction(async (tx) => {
      const delivery = randomUUID();
      const row = await store.requeueJob(tx, id, delivery);
      if (row === undefined) throw await this.#wrongState(id, 'Only a failed or cancelled job can be begun again.');
      await record(tx);
      await this.#deliver(tx, row, delivery);
      await this.#changed(tx, row);
      return this.#present(row);
    });
  }

  async #wrongState(id: JobId, reason: string): Promise<Problem> {
    const exists = await store.selectJob(this.#options.database.db, id);
    return exists ? new Problem('conflict', { reason }) : new Problem('not-found', { what: 'job' });
  }

  async get(id: JobId): Promise<Job> {
    const row = await store.selectJob(this.#options.database.db, id);
    if (row === undefined) throw new Problem('not-found', { what: 'job' });
    return this.#present(row);
  }

  async list(filter: store.JobFilter): Promise<{ items: Job[]; total: number }> {
    const { rows, total } = await store.selectJobs(this.#options.database.db, filter);
    return { items: rows.map((row) => this.#present(row)), total };
  }

  counts(): Promise<Record<JobState, number>> {
    return store.countJobs(this.#options.database.db);
  }

  /** The processes that serve or work, as they last said. */
  async processes(): Promise<{ host: string; pid: number; name: string | null; seenAt: Date; running: number }[]> {
    const instances = await this.#queue.getInstances();
    return instances
      .filter(({ live }) => live)
      .map(({ host, pid, name, heartbeatOn, workers }) => ({
        host,
        pid,
        name,
        seenAt: heartbeatOn,
        running: workers.reduce((sum, { active }) => sum + active, 0),
      }));
  }

  /** Corrects jobs whose workers were lost. Workers do it by themselves now and then. */
  async reconcile(): Promise<void> {
    const { code, detail } = problemDocument('worker-lost', {});
    await this.#options.database.transaction(async (tx) => {
      for (const row of await reconcileJobs(tx, { code, detail })) await this.#changed(tx, row);
    });
  }

  prune(): Promise<number> {
    return store.deleteOldJobs(this.#options.database.db, { days: 30, scheduledDays: 1 });
  }

  /** Takes no more jobs, lets the running ones end for so long, then hands them over to other processes. */
  async stop(limitMs: number): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    // First nobody here takes more: what is handed over must not come back to this process.
    await Promise.allSettled([...this.#definitions.keys()].map((kind) => this.#queue.offWork(kind, { wait: false })));
    const hurry = setTimeout(() => this.#runner.end(), limitMs);
    // The queue's own limit comes later: it would count the cut attempts as failed.
    await this.#queue.stop({ graceful: true, timeout: limitMs + 5000 });
    clearTimeout(hurry);
  }

  /** The queue tells of new jobs; of those that waited for a retry or a time, nobody tells. */
  async #wakeDue(): Promise<void> {
    const due = await selectDueKinds(this.#options.database.db, [...this.#definitions.keys()]);
    for (const { id, name } of this.#queue.getWipData()) {
      if (due.has(name)) this.#queue.notifyWorker(id);
    }
  }

  async #cancelRequested(): Promise<void> {
    const ids = this.#runner.runningIds;
    if (ids.length === 0) return;
    for (const id of await selectCancelRequested(this.#options.database.db, ids)) this.#runner.stop(id, 'cancelled');
  }

  async #changed(tx: Kysely<Tables>, row: store.JobRow): Promise<void> {
    const { events } = this.#options;
    const { id, kind, state } = row;
    await events.publish(
      { type: 'job.changed', data: { id: id as JobId, kind, state, progress: store.progressOf(row) } },
      { tx },
    );
    if (state !== 'done' && state !== 'failed') return;
    const announce = this.#definitions.get(kind)?.announce ?? false;
    for (const listener of this.#endListeners) await listener(tx, this.#present(row), announce);
  }

  #present(row: store.JobRow): Job {
    return store.presentJob(row, this.#definitions.get(row.kind)?.title ?? row.kind);
  }
}
