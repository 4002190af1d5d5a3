import type { Transferable } from 'node:worker_threads';

/**
 * A kind of heavy work and the module that does it, which exports `run: TaskRunner<Input, Output>`. Both sides are
 * typed by this one value.
 */
export interface ThreadTask<Input, Output> {
  readonly name: string;
  readonly module: string;
  /** Only for the types. */
  readonly types?: (input: Input) => Output;
}

/** `defineTask<Input, Output>('decode', new URL('./decode.worker.ts', import.meta.url))` */
export const defineTask = <Input, Output>(name: string, module: URL): ThreadTask<Input, Output> => ({
  name,
  module: module.href,
});

export interface TaskContext {
  /** Aborted when nobody waits for the result any more; work that never yields can't see it. */
  readonly signal: AbortSignal;
}

/** What a worker module exports as `run`. */
export type TaskRunner<Input, Output> = (
  input: Input,
  context: TaskContext,
) => Output | Transferred<Output> | Promise<Output | Transferred<Output>>;

/** A result whose buffers move to the waiting thread instead of being copied. */
export class Transferred<T> {
  readonly value: T;
  readonly transfer: readonly Transferable[];

  constructor(value: T, transfer: readonly Transferable[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

/** The task threw; what it threw, as far as it can cross between threads. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
  readonly task: string;
  /** The name of the error that the task threw. */
  readonly failure: string;
  readonly code: string | undefined;

  constructor(task: string, { name, message, code }: Failure) {
    super(message);
    this.task = task;
    this.failure = name;
    this.code = code;
  }
}

/** The thread died under the task: out of memory, or killed after a time limit. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
  readonly task: string;

  constructor(task: string, reason: string) {
    super(`The thread running ${task} was lost: ${reason}`);
    this.task = task;
  }
}

export class TaskTimedOut extends Error {
  override readonly name = 'TaskTimedOut';

  constructor(task: string, limitMs: number) {
    super(`${task} took longer than ${limitMs} ms`);
  }
}

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
}

/** To the thread. */
export type Order = { readonly run: string; readonly input: unknown } | { readonly abort: true };

/** From the thread. */
export type Answer = { readonly done: unknown } | { readonly failed: Failure };
