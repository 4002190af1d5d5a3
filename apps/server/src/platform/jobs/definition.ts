import type { JobId } from '@isocenter/contract';
import type { z } from 'zod';
import type { Log } from '../log.ts';

/** A kind of job as those see it who enqueue it. */
export interface JobKind<Input> {
  /** Letters, digits, dots and hyphens: `archive.clean`. It names the queue, so it never changes. */
  readonly kind: string;
  /** What people read. */
  readonly title: string;
  readonly input: z.ZodType<Input>;
}

export interface JobContext {
  readonly id: JobId;
  /** 1 the first time. */
  readonly attempt: number;
  /** Aborted when the job is cancelled, or its process stops: end soon, leaving what can be taken up again. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** May be called as often as one likes: at most two a second are written. */
  progress(done: number, total: number | null, message?: string): void;
}

export interface JobDefinition<Input> extends JobKind<Input> {
  /** How many run at once in one process; 1 unless said. */
  readonly concurrency?: number;
  /** How often a failed attempt is followed by another; 3 unless said. A Problem below 500 is never tried again. */
  readonly retries?: number;
  /** Before the first retry; it doubles. 5 unless said. */
  readonly retryDelaySeconds?: number;
  /** One attempt may not take longer; 6 hours unless said. */
  readonly timeLimitSeconds?: number;
  /** Also begun by the clock (five fields, UTC), once for all processes. */
  readonly schedule?: { readonly cron: string; readonly input: Input };
  /** Tells the one who enqueued it when it is done. A failure is always told. */
  readonly announce?: boolean;
  /** Answers what the job's result is to show; must bear being run again after it was cut off anywhere. */
  run(context: JobContext, input: Input): Promise<unknown>;
}

/** Any definition, whatever its input. */
export type AnyJobDefinition = JobDefinition<unknown>;

export const defineJob = <Input>(definition: JobDefinition<Input>): JobDefinition<Input> => definition;
