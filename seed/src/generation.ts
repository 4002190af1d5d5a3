import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type DemoStudy, demoStudies } from './patients.ts';

/** What the threads say to each other. */
export type ToGenerator =
  | { readonly kind: 'generate'; readonly studies: readonly number[]; readonly wanted: readonly string[] }
  | { readonly kind: 'taken' };
export type FromGenerator =
  | {
      readonly kind: 'files';
      readonly study: number;
      readonly seriesInstanceUid: string;
      readonly files: readonly Uint8Array[];
    }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Files of one series, in the order of their instances. */
export interface Batch {
  /** Index in {@link demoStudies}. */
  readonly study: number;
  readonly seriesInstanceUid: string;
  readonly files: readonly Uint8Array[];
}

export interface GenerationOptions {
  /** Series to generate. */
  readonly wanted: ReadonlySet<string>;
  /** Takes a batch; the thread that made it waits. */
  readonly take: (batch: Batch) => Promise<void>;
  readonly signal: AbortSignal;
  readonly threads?: number;
}

/** Generates series in worker threads. Rejects with what `take` or a thread failed by, or when aborted. */
export async function generateDemo({ wanted, take, signal, threads }: GenerationOptions): Promise<void> {
  const queue = tasksOf(demoStudies(), wanted);
  const count = Math.min(queue.length, threads ?? Math.max(1, Math.min(4, availableParallelism())));
  const ending = new AbortController();
  const stop = AbortSignal.any([signal, ending.signal]);
  const runs = Array.from({ length: count }, () => runThread(queue, [...wanted], take, stop));
  try {
    await Promise.all(runs);
  } finally {
    ending.abort();
    await Promise.allSettled(runs);
  }
}

/**
 * The studies of one person go to one thread, which then shares their anatomy; the longest first, so that threads end
 * together.
 */
function tasksOf(studies: readonly DemoStudy[], wanted: ReadonlySet<string>): number[][] {
  const people = new Map<string, { indexes: number[]; cost: number }>();
  for (const [index, { study, series }] of studies.entries()) {
    const todo = series.filter((one) => wanted.has(one.seriesInstanceUid));
    if (todo.length === 0) continue;
    const task = people.get(study.person.id) ?? { indexes: [], cost: 0 };
    task.indexes.push(index);
    for (const one of todo)
      task.cost += one.modality === 'CT' ? 4 : one.modality === 'CR' ? 6 : one.instanceCount > 100 ? 3 : 2;
    people.set(study.person.id, task);
  }
  return [...people.values()].sort((a, b) => b.cost - a.cost).map((task) => task.indexes);
}

async function runThread(
  queue: number[][],
  wanted: readonly string[],
  take: GenerationOptions['take'],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./generate.worker.ts', import.meta.url));
  try {
    for (let studies = queue.shift(); studies; studies = queue.shift())
      await runTask(worker, studies, wanted, take, signal);
  } finally {
    await worker.terminate();
  }
}

async function runTask(
  worker: Worker,
  studies: readonly number[],
  wanted: readonly string[],
  take: GenerationOptions['take'],
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const tell = (message: ToGenerator): void => worker.postMessage(message);
  const onMessage = (message: FromGenerator): void => {
    if (message.kind === 'done') resolve();
    else if (message.kind === 'failed') reject(new Error(`generating an image failed: ${message.reason}`));
    else take(message).then(() => tell({ kind: 'taken' }), reject);
  };
  const onAbort = (): void => reject(signal.reason);
  const onExit = (code: number): void => reject(new Error(`a generating thread ended (${code})`));
  worker.on('message', onMessage);
  worker.once('error', reject);
  worker.once('exit', onExit);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    tell({ kind: 'generate', studies, wanted });
    await promise;
  } finally {
    worker.off('message', onMessage);
    worker.off('error', reject);
    worker.off('exit', onExit);
    signal.removeEventListener('abort', onAbort);
  }
}
