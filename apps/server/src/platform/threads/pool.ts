import { Worker } from 'node:worker_threads';
import { type Answer, type Order, TaskFailed, TaskTimedOut, ThreadLost, type ThreadTask } from './task.ts';

const PRIORITIES = ['interactive', 'normal', 'background'] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface RunOptions {
  /** Buffers of the payload that move to the thread; the caller can't use them afterwards. */
  readonly transfer?: readonly ArrayBuffer[];
  readonly signal?: AbortSignal;
  /** Counted from when the task begins to run. */
  readonly timeoutMs?: number;
  /** Someone waits in front of a screen: `interactive`; nobody waits: `background`. Within one, first come first served. */
  readonly priority?: Priority;
}

export interface Threads {
  run<Input, Output>(task: ThreadTask<Input, Output>, input: Input, options?: RunOptions): Promise<Output>;
  /** For metrics. */
  load(): { readonly size: number; readonly running: number; readonly waiting: number };
  /** Ends every thread; what waits or runs is rejected. */
  close(): Promise<void>;
}

export interface ThreadsOptions {
  readonly size: number;
  /** How long an abandoned task may go on before its thread is killed. */
  readonly graceMs?: number;
  /** Of the old generation of each thread's heap, in MiB; pixel buffers lie outside of it. */
  readonly maxHeapMiB?: number;
}

/** Threads for heavy work, started when first needed and replaced when lost. */
export const createThreads = (options: ThreadsOptions): Threads => new ThreadPool(options);

interface Pending {
  readonly task: Pick<ThreadTask<unknown, unknown>, 'name' | 'module'>;
  readonly input: unknown;
  readonly options: RunOptions;
  readonly resolve: (output: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  current: Pending | undefined;
  timer: NodeJS.Timeout | undefined;
}

const MAIN = new URL('./thread-main.ts', import.meta.url);

class ThreadPool implements Threads {
  readonly #size: number;
  readonly #graceMs: number;
  readonly #maxHeapMiB: number;
  readonly #threads = new Set<Thread>();
  readonly #queues: Readonly<Record<Priority, Pending[]>> = { interactive: [], normal: [], background: [] };
  #closed = false;

  constructor({ size, graceMs = 1000, maxHeapMiB = 512 }: ThreadsOptions) {
    this.#size = size;
    this.#graceMs = graceMs;
    this.#maxHeapMiB = maxHeapMiB;
  }

  async run<Input, Output>(task: ThreadTask<Input, Output>, input: Input, options: RunOptions = {}): Promise<Output> {
    const { signal, priority = 'normal' } = options;
    if (this.#closed) throw closedUnder(task.name);
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const pending: Pending = { task, input, options, resolve, reject };
    const onAbort = (): void => this.#abandon(pending);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#queues[priority].push(pending);
    this.#dispatch();
    try {
      return (await promise) as Output;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  load(): { size: number; running: number; waiting: number } {
    const running = [...this.#threads].filter(({ current }) => current !== undefined).length;
    const waiting = PRIORITIES.reduce((sum, priority) => sum + this.#queues[priority].length, 0);
    return { size: this.#size, running, waiting };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { task, reject } of PRIORITIES.flatMap((priority) => this.#queues[priority].splice(0))) {
      reject(closedUnder(task.name));
    }
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #dispatch(): void {
    for (const priority of PRIORITIES) {
      const queue = this.#queues[priority];
      for (let pending = queue[0]; pending !== undefined; pending = queue[0]) {
        const thread = this.#free();
        if (thread === undefined) return;
        queue.shift();
        this.#begin(thread, pending);
      }
    }
  }

  #free(): Thread | undefined {
    for (const thread of this.#threads) {
      if (thread.current === undefined) return thread;
    }
    return this.#threads.size < this.#size ? this.#start() : undefined;
  }

  #start(): Thread {
    const worker = new Worker(MAIN, { resourceLimits: { maxOldGenerationSizeMb: this.#maxHeapMiB } });
    const thread: Thread = { worker, current: undefined, timer: undefined };
    let reason = 'it was ended';
    this.#threads.add(thread);
    worker.on('message', (answer: Answer) => this.#finish(thread, answer));
    worker.on('error', (error: Error & { code?: string }) => {
      reason = error.code ?? error.message;
    });
    worker.on('exit', () => this.#lost(thread, reason));
    return thread;
  }

  #begin(thread: Thread, pending: Pending): void {
    const { task, input, options } = pending;
    thread.current = pending;
    // Only a thread that works keeps the process alive.
    thread.worker.ref();
    try {
      thread.worker.postMessage({ run: task.module, input } satisfies Order, [...(options.transfer ?? [])]);
    } catch (error) {
      // What can't be cloned never reached the thread.
      this.#release(thread);
      pending.reject(error);
      return;
    }
    const { timeoutMs } = options;
    if (timeoutMs === undefined) return;
    thread.timer = setTimeout(() => {
      pending.reject(new TaskTimedOut(task.name, timeoutMs));
      void thread.worker.terminate();
    }, timeoutMs);
  }

  #finish(thread: Thread, answer: Answer): void {
    const pending = thread.current;
    this.#release(thread);
    if ('done' in answer) pending?.resolve(answer.done);
    else pending?.reject(new TaskFailed(pending.task.name, answer.failed));
    this.#dispatch();
  }

  #release(thread: Thread): void {
    clearTimeout(thread.timer);
    thread.timer = undefined;
    thread.current = undefined;
    thread.worker.unref();
  }

  #lost(thread: Thread, reason: string): void {
    const { current, timer } = thread;
    clearTimeout(timer);
    this.#threads.delete(thread);
    current?.reject(this.#closed ? closedUnder(current.task.name) : new ThreadLost(current.task.name, reason));
    if (!this.#closed) this.#dispatch();
  }

  /** Nobody waits for it any more: the task is told, and its thread killed if it does not end soon. */
  #abandon(pending: Pending): void {
    for (const priority of PRIORITIES) {
      const at = this.#queues[priority].indexOf(pending);
      if (at >= 0) this.#queues[priority].splice(at, 1);
    }
    for (const thread of this.#threads) {
      if (thread.current !== pending) continue;
      thread.worker.postMessage({ abort: true } satisfies Order);
      clearTimeout(thread.timer);
      thread.timer = setTimeout(() => void thread.worker.terminate(), this.#graceMs);
    }
    pending.reject(pending.options.signal?.reason);
  }
}

const closedUnder = (task: string): ThreadLost => new ThreadLost(task, 'the pool is closed');
