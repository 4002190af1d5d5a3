import { threadId } from 'node:worker_threads';
import { type TaskRunner, Transferred } from '../task.ts';
import type { SampleInput, SampleOutput } from './tasks.ts';

export const run: TaskRunner<SampleInput, SampleOutput> = async (input, { signal }) => {
  switch (input.do) {
    case 'reverse': {
      const { buffer } = new Uint8Array(input.bytes).reverse();
      return new Transferred(buffer, [buffer]);
    }
    case 'thread':
      return threadId;
    case 'wait':
      Atomics.wait(new Int32Array(input.until), 0, 0);
      return threadId;
    case 'obey':
      Atomics.store(new Int32Array(input.begun), 0, threadId);
      Atomics.notify(new Int32Array(input.begun), 0);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return threadId;
    case 'spin':
      for (;;);
    case 'exhaust': {
      const kept: number[][] = [];
      for (;;) kept.push(Array.from({ length: 100_000 }, Math.random));
    }
    case 'exit':
      process.exit(3);
      break;
    case 'throw':
      throw Object.assign(new RangeError('too wide'), { code: 'TOO_WIDE' });
  }
};
