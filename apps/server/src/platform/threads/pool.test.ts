import { afterEach, expect, test } from 'vitest';
import { createThreads, TaskFailed, TaskTimedOut, ThreadLost, type Threads } from './index.ts';
import { missing, sample } from './test/tasks.ts';

let threads: Threads;
afterEach(() => threads.close());

const gate = (): { buffer: SharedArrayBuffer; open(): void } => {
  const buffer = new SharedArrayBuffer(4);
  const flag = new Int32Array(buffer);
  return {
    buffer,
    open: () => {
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    },
  };
};

test('[ARCH-1] a task answers from another thread, buffers move both ways', async () => {
  threads = createThreads({ size: 1 });
  const bytes = Uint8Array.from([1, 2, 3]).buffer;
  const reversed = await threads.run(sample, { do: 'reverse', bytes }, { transfer: [bytes] });
  expect(bytes.byteLength).toBe(0);
  expect([...new Uint8Array(reversed as ArrayBuffer)]).toEqual([3, 2, 1]);
  expect(await threads.run(sample, { do: 'thread' })).not.toBe(0);
});

test('[ARCH-1] no more threads than the size, and one is used again', async () => {
  threads = createThreads({ size: 2 });
  const ids = await Promise.all(Array.from({ length: 20 }, () => threads.run(sample, { do: 'thread' })));
  expect(new Set(ids).size).toBe(2);
});

test('[ARCH-1] what someone waits for goes before what nobody waits for', async () => {
  threads = createThreads({ size: 1 });
  const door = gate();
  const order: string[] = [];
  const run = (priority: 'interactive' | 'normal' | 'background', name: string) =>
    threads.run(sample, { do: 'thread' }, { priority }).then(() => order.push(name));
  const first = threads.run(sample, { do: 'wait', until: door.buffer });
  const rest = [run('background', 'b'), run('normal', 'n1'), run('interactive', 'i'), run('normal', 'n2')];
  expect(threads.load()).toEqual({ size: 1, running: 1, waiting: 4 });
  door.open();
  await Promise.all([first, ...rest]);
  expect(order).toEqual(['i', 'n1', 'n2', 'b']);
  expect(threads.load()).toEqual({ size: 1, running: 0, waiting: 0 });
});

test('[ARCH-1] what a task throws is told, and its thread goes on', async () => {
  threads = createThreads({ size: 1 });
  const before = await threads.run(sample, { do: 'thread' });
  const error = await threads.run(sample, { do: 'throw' }).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(TaskFailed);
  expect(error).toMatchObject({ task: 'sample', failure: 'RangeError', message: 'too wide', code: 'TOO_WIDE' });
  await expect(threads.run(missing, undefined)).rejects.toBeInstanceOf(TaskFailed);
  await expect(threads.run(sample, { do: (() => {}) as never })).rejects.toThrow('could not be cloned');
  expect(await threads.run(sample, { do: 'thread' })).toBe(before);
});

test.each(['exit', 'exhaust'] as const)(
  '[ARCH-1] a thread that dies (%s) rejects its task and is replaced',
  async (how) => {
    threads = createThreads({ size: 1, maxHeapMiB: 32 });
    const before = await threads.run(sample, { do: 'thread' });
    const lost = threads.run(sample, { do: how });
    const next = threads.run(sample, { do: 'thread' });
    await expect(lost).rejects.toBeInstanceOf(ThreadLost);
    expect(await next).not.toBe(before);
  },
);

test('[ARCH-1] a task over its time limit is cut off', async () => {
  threads = createThreads({ size: 1 });
  await expect(threads.run(sample, { do: 'spin' }, { timeoutMs: 100 })).rejects.toBeInstanceOf(TaskTimedOut);
  expect(await threads.run(sample, { do: 'thread' })).toEqual(expect.any(Number));
});

test('[ARCH-1] an aborted task that waits never runs', async () => {
  threads = createThreads({ size: 1 });
  const door = gate();
  const first = threads.run(sample, { do: 'wait', until: door.buffer });
  const abort = new AbortController();
  const second = threads.run(sample, { do: 'exit' }, { signal: abort.signal });
  abort.abort(new Error('gone'));
  await expect(second).rejects.toThrow('gone');
  expect(threads.load().waiting).toBe(0);
  door.open();
  await first;
  await expect(threads.run(sample, { do: 'thread' }, { signal: abort.signal })).rejects.toThrow('gone');
});

test('[ARCH-1] a task that sees the abort keeps its thread, one that does not loses it', async () => {
  threads = createThreads({ size: 1, graceMs: 5000 });
  const begun = gate();
  const abort = new AbortController();
  const obeying = threads.run(sample, { do: 'obey', begun: begun.buffer }, { signal: abort.signal });
  const refused = expect(obeying).rejects.toThrow('gone');
  await Atomics.waitAsync(new Int32Array(begun.buffer), 0, 0).value;
  abort.abort(new Error('gone'));
  await refused;
  const [thread] = new Int32Array(begun.buffer);
  expect(await threads.run(sample, { do: 'thread' })).toBe(thread);
  await threads.close();

  threads = createThreads({ size: 1, graceMs: 10 });
  const before = await threads.run(sample, { do: 'thread' });
  const stubborn = new AbortController();
  const spinning = threads.run(sample, { do: 'spin' }, { signal: stubborn.signal });
  stubborn.abort(new Error('gone'));
  await expect(spinning).rejects.toThrow('gone');
  expect(await threads.run(sample, { do: 'thread' })).not.toBe(before);
});

test('[ARCH-1] closing rejects what runs and waits, and what comes after', async () => {
  threads = createThreads({ size: 1 });
  const running = expect(threads.run(sample, { do: 'spin' })).rejects.toBeInstanceOf(ThreadLost);
  const waiting = expect(threads.run(sample, { do: 'thread' })).rejects.toBeInstanceOf(ThreadLost);
  await threads.close();
  await Promise.all([running, waiting]);
  await expect(threads.run(sample, { do: 'thread' })).rejects.toBeInstanceOf(ThreadLost);
});
