import { randomUUID } from 'node:crypto';
import { errors, type JobId, type JobProgress } from '@isocenter/contract';
import type { Kysely } from 'kysely';
import type { JobWithMetadata } from 'pg-boss';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import { describeFailure } from '../http/failure.ts';
import { Problem } from '../http/problem.ts';
import type { Log } from '../log.ts';
import { beginJob, endCancelled, insertScheduledJob, type JobFailure, updateAttempt } from './attempt-store.ts';
import type { AnyJobDefinition } from './definition.ts';
import type { JobRow } from './job-store.ts';
import { ProgressWriter } from './progress.ts';
import type { Message } from './queue.ts';

/** Why a running job is aborted. */
type Stop = 'cancelled' | 'shutdown' | 'lost';

interface Running {
  readonly row: JobRow;
  readonly abort: AbortController;
  stop: Stop | undefined;
}

export interface RunnerDeps {
  readonly database: Database;
  readonly log: Log;
  /** Told of every change, in its transaction. */
  readonly changed: (tx: Kysely<Tables>, row: JobRow) => Promise<void>;
  /** Puts the job into the queue again, in the given transaction. */
  readonly deliver: (tx: Kysely<Tables>, row: JobRow, delivery: string) => Promise<void>;
}

/** Runs deliveries of the queue and writes what becomes of their jobs. */
export class JobRunner {
  readonly #deps: RunnerDeps;
  readonly #running = new Map<string, Running>();
  #ending = false;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  get runningIds(): string[] {
    return [...this.#running.keys()];
  }

  /** The process stops: what runs is aborted, and what was taken at the last moment is handed over as it is. */
  end(): void {
    this.#ending = true;
    for (const id of this.runningIds) this.stop(id, 'shutdown');
  }

  /** Aborts a job if it runs here. */
  stop(id: string, why: Stop): void {
    const running = this.#running.get(id);
    if (running === undefined || running.stop !== undefined) return;
    running.stop = why;
    running.abort.abort(new Error(`The job was stopped: ${why}`));
  }

  /**
   * One attempt. Returns when the queue needs to do nothing more, throws when it is to deliver the job again later.
   */
  async run(definition: AnyJobDefinition, delivery: JobWithMetadata<Message>): Promise<void> {
    const row = await this.#begin(definition, delivery);
    if (row === undefined) return;
    const running: Running = { row, abort: new AbortController(), stop: undefined };
    if (this.#ending) return this.#handOver(running);
    this.#running.set(row.id, running);
    const progress = new ProgressWriter((latest) => this.#writeProgress(running, latest));
    const onLost = (): void => this.stop(row.id, 'lost');
    delivery.signal.addEventListener('abort', onLost, { once: true });
    try {
      const input = definition.input.parse(row.input);
      const result = await definition.run(this.#context(running, progress), input);
      await this.#finish(running, await progress.end(), result);
    } catch (error) {
      await progress.end();
      await this.#failed(running, delivery, error);
    } finally {
      delivery.signal.removeEventListener('abort', onLost);
      this.#running.delete(row.id);
    }
  }

  async #begin(definition: AnyJobDefinition, delivery: JobWithMetadata<Message>): Promise<JobRow | undefined> {
    const { database, changed } = this.#deps;
    return database.transaction(async (tx) => {
      if (delivery.data?.job === undefined) {
        const input = definition.schedule?.input ?? {};
        await insertScheduledJob(tx, {
          id: randomUUID() as JobId,
          kind: definition.kind,
          input,
          delivery: delivery.id,
        });
      }
      const begun = await beginJob(tx, delivery.id);
      const row = begun ?? (await endCancelled(tx, delivery.id));
      if (row !== undefined) await changed(tx, row);
      return begun;
    });
  }

  #context({ row, abort }: Running, progress: ProgressWriter): Parameters<AnyJobDefinition['run']>[0] {
    return {
      id: row.id as JobId,
      attempt: row.attempt,
      signal: abort.signal,
      log: this.#deps.log.child({ job: row.id, kind: row.kind }),
      progress: (done, total, message) => progress.report({ done, total, message: message ?? null }),
    };
  }

  async #writeProgress(running: Running, progress: JobProgress): Promise<void> {
    try {
      if ((await this.#write(running, { progress })) === undefined) this.stop(running.row.id, 'lost');
    } catch (error) {
      this.#deps.log.warn(describeFailure(error), 'the progress of a job could not be written');
    }
  }

  async #finish(running: Running, progress: JobProgress | undefined, result: unknown): Promise<void> {
    await this.#write(running, {
      state: 'done',
      result: result ?? null,
      ...(progress === undefined ? {} : { progress }),
    });
  }

  async #failed(running: Running, delivery: JobWithMetadata<Message>, error: unknown): Promise<void> {
    const { row, stop } = running;
    if (stop === 'lost') return;
    if (stop === 'cancelled') {
      await this.#write(running, { state: 'cancelled' });
      return;
    }
    if (stop === 'shutdown') {
      await this.#handOver(running);
      return;
    }
    const failure = failureOf(error);
    const final = errors[failure.code].status < 500 || delivery.retryCount >= delivery.retryLimit;
    this.#deps.log.warn(
      { job: row.id, kind: row.kind, attempt: row.attempt, final, ...describeFailure(error) },
      'a job failed',
    );
    await this.#write(running, { state: final ? 'failed' : 'queued', failure });
    if (!final) throw new Error(failure.code);
  }

  /** The process stops: the job goes to another one at once, and the cut attempt counts for nothing. */
  async #handOver({ row }: Running): Promise<void> {
    const { database, changed, deliver } = this.#deps;
    const delivery = randomUUID();
    await database.transaction(async (tx) => {
      const updated = await updateAttempt(tx, row.id, row.attempt, { state: 'queued', delivery });
      if (updated === undefined) return;
      await deliver(tx, updated, delivery);
      await changed(tx, updated);
    });
  }

  #write({ row }: Running, change: Parameters<typeof updateAttempt>[3]): Promise<JobRow | undefined> {
    const { database, changed } = this.#deps;
    return database.transaction(async (tx) => {
      const updated = await updateAttempt(tx, row.id, row.attempt, change);
      if (updated !== undefined) await changed(tx, updated);
      return updated;
    });
  }
}

/** What may be told of an error: of a Problem its text, of anything else only that it happened. */
function failureOf(error: unknown): JobFailure {
  const problem = error instanceof Problem ? error : new Problem('internal');
  return { code: problem.code, detail: problem.document().detail };
}
