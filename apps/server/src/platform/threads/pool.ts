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

interface Pending {
  readonly task: ThreadTask<unknown, unknown>;
  readonly input: unknown;
  readonly options: RunOptions;
  readonly resolve: (output: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** Takes the listener off the caller's signal. */
  settle: () => void;
}

interface Thread {
  readonly worker: Worker;
  current: Pending | undefined;
  timer: NodeJS.Timeout | undefined;
}

const MAIN = new URL('./thread-main.ts', import.meta.url);

/** Threads for heavy work, started when first needed and replaced when lost. */
export function createThreads({ size, graceMs = 1000, maxHeapMiB = 512 }: ThreadsOptions): Threads {
  const threads = new Set<Thread>();
  const queues: Record<Priority, Pending[]> = { interactive: [], normal: [], background: [] };
  let closed = false;

  const idle = (): Thread | undefined => [...threads].find(({ current }) => current === undefined);

  function dispatch(): void {
    for (const priority of PRIORITIES) {
      const queue = queues[priority];
      while (queue.length > 0) {
        const thread = idle() ?? (threads.size < size ? start() : undefined);
        if (thread === undefined) return;
        begin(thread, queue.shift() as Pending);
      }
    }
  }

  function start(): Thread {
    const worker = new Worker(MAIN, { resourceLimits: { maxOldGenerationSizeMb: maxHeapMiB } });
    const thread: Thread = { worker, current: undefined, timer: undefined };
    let reason = 'it ended';
    threads.add(thread);
    worker.unref();
    worker.on('message', (answer: Answer) => finish(thread, answer));
    worker.on('error', (error: Error & { code?: string }) => {
      reason = error.code ?? error.message;
    });
    worker.on('exit', () => lose(thread, reason));
    return thread;
  }

  function begin(thread: Thread, pending: Pending): void {
    const { task, input, options } = pending;
    thread.current = pending;
    thread.worker.ref();
    try {
      thread.worker.postMessage({ run: task.module, input } satisfies Order, [...(options.transfer ?? [])]);
    } catch (error) {
      // What can't be cloned never reached the thread.
      release(thread);
      reject(pending, error);
      return;
    }
    const { timeoutMs } = options;
    if (timeoutMs === undefined) return;
    thread.timer = setTimeout(() => {
      reject(pending, new TaskTimedOut(task.name, timeoutMs));
      void thread.worker.terminate();
    }, timeoutMs);
  }

  function finish(thread: Thread, answer: Answer): void {
    const pending = thread.current;
    release(thread);
    if (pending !== undefined) {
      pending.settle();
      if ('done' in answer) pending.resolve(answer.done);
      else pending.reject(new TaskFailed(pending.task.name, answer.failed));
    }
    dispatch();
  }

  function release(thread: Thread): void {
    clearTimeout(thread.timer);
    thread.timer = undefined;
    thread.current = undefined;
    thread.worker.unref();
  }

  function lose(thread: Thread, reason: string): void {
    const pending = thread.current;
    clearTimeout(thread.timer);
    threads.delete(thread);
    if (pending !== undefined) reject(pending, new ThreadLost(pending.task.name, reason));
    if (!closed) dispatch();
  }

  function abandon(pending: Pending): void {
    for (const priority of PRIORITIES) {
      const at = queues[priority].indexOf(pending);
      if (at >= 0) queues[priority].splice(at, 1);
    }
    for (const thread of threads) {
      if (thread.current !== pending) continue;
      thread.worker.postMessage({ abort: true } satisfies Order);
      clearTimeout(thread.timer);
      thread.timer = setTimeout(() => void thread.worker.terminate(), graceMs);
    }
    reject(pending, pending.options.signal?.reason);
  }

  function reject(pending: Pending, reason: unknown): void {
    pending.settle();
    pending.reject(reason);
  }

  function run<Input, Output>(
    task: ThreadTask<Input, Output>,
    input: Input,
    options: RunOptions = {},
  ): Promise<Output> {
    const { signal, priority = 'normal' } = options;
    return new Promise<unknown>((resolve, reject) => {
      if (closed) throw new ThreadLost(task.name, 'the pool is closed');
      signal?.throwIfAborted();
      const pending: Pending = {
        task: { name: task.name, module: task.module },
        input,
        options,
        resolve,
        reject,
        settle: () => {},
      };
      const onAbort = (): void => abandon(pending);
      signal?.addEventListener('abort', onAbort, { once: true });
      pending.settle = () => signal?.removeEventListener('abort', onAbort);
      queues[priority].push(pending);
      dispatch();
    }) as Promise<Output>;
  }

  async function close(): Promise<void> {
    closed = true;
    for (const priority of PRIORITIES) {
      for (const pending of queues[priority].splice(0))
        reject(pending, new ThreadLost(pending.task.name, 'the pool is closed'));
    }
    await Promise.all([...threads].map(({ worker }) => worker.terminate()));
  }

  return {
    run,
    load: () => ({
      size,
      running: [...threads].filter(({ current }) => current !== undefined).length,
      waiting: PRIORITIES.reduce((sum, priority) => sum + queues[priority].length, 0),
    }),
    close,
  };
}
