import { parentPort } from 'node:worker_threads';
import { type Answer, type Failure, type Order, type TaskRunner, Transferred } from './task.ts';

// The main module of every thread of the pool: it loads the module of a task when it is first asked for.

const port = parentPort;
if (port === null) throw new Error('This module is run as a worker thread');

const runners = new Map<string, TaskRunner<unknown, unknown>>();
let abort = new AbortController();

port.on('message', (order: Order) => {
  if ('abort' in order) abort.abort();
  else void answer(order.run, order.input);
});

async function answer(module: string, input: unknown): Promise<void> {
  abort = new AbortController();
  try {
    const run = runners.get(module) ?? (await load(module));
    const result = await run(input, { signal: abort.signal });
    if (result instanceof Transferred) post({ done: result.value }, result.transfer);
    else post({ done: result });
  } catch (error) {
    post({ failed: failureOf(error) });
  }
}

async function load(module: string): Promise<TaskRunner<unknown, unknown>> {
  const { run }: { run?: unknown } = await import(module);
  if (typeof run !== 'function') throw new TypeError(`${module} exports no function "run"`);
  runners.set(module, run as TaskRunner<unknown, unknown>);
  return run as TaskRunner<unknown, unknown>;
}

function post(message: Answer, transfer: Transferred<unknown>['transfer'] = []): void {
  port?.postMessage(message, transfer);
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: undefined };
  const { code } = error as { code?: unknown };
  return { name: error.name, message: error.message, code: typeof code === 'string' ? code : undefined };
}
