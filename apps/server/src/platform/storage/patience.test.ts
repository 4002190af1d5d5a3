import { describe, expect, test } from 'vitest';
import { StorageDenied, StorageError, StorageUnavailable } from './index.ts';
import { Patience } from './patience.ts';
import { failureOf } from './test/content.ts';

const toFailure = (error: unknown): StorageError =>
  error instanceof StorageError ? error : new StorageUnavailable('no answer', { cause: error });
const never = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('patience', () => {
  test('[ARCH-3] tries again what may succeed later, as often as allowed', async () => {
    const patience = new Patience({ attempts: 4, backoffMs: 1 });
    let tries = 0;
    const attempt = async () => {
      tries++;
      throw new Error('reset');
    };
    expect(await failureOf(patience.run(attempt, { toFailure }))).toBeInstanceOf(StorageUnavailable);
    expect(tries).toBe(4);
  });

  test('[ARCH-3] does not try again what cannot succeed', async () => {
    let tries = 0;
    const attempt = async () => {
      tries++;
      throw new StorageDenied('no');
    };
    expect(await failureOf(new Patience().run(attempt, { toFailure }))).toBeInstanceOf(StorageDenied);
    expect(tries).toBe(1);
  });

  test('[ARCH-3] tells of every further try and returns what succeeds', async () => {
    const retries: string[] = [];
    let tries = 0;
    const attempt = async () => {
      if (++tries < 3) throw new Error('reset');
      return tries;
    };
    const onRetry = (failure: StorageError) => retries.push(failure.code);
    expect(await new Patience({ backoffMs: 1 }).run(attempt, { toFailure, onRetry })).toBe(3);
    expect(retries).toEqual(['storage-unavailable', 'storage-unavailable']);
  });

  test('[ARCH-3] ends at the deadline for all tries, however long one would take', async () => {
    const patience = new Patience({ attempts: 100, attemptMs: 10_000, deadlineMs: 150, backoffMs: 1 });
    const began = performance.now();
    await failureOf(patience.run(never, { toFailure }));
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('[ARCH-3] gives a transfer the time that its bytes need at the slowest rate', async () => {
    const patience = new Patience({ attempts: 1, attemptMs: 20, deadlineMs: 20, slowestRate: 1000 });
    const began = performance.now();
    await failureOf(patience.run(never, { toFailure, bytes: 300 }));
    expect(performance.now() - began).toBeGreaterThanOrEqual(300);
  });

  test('[ARCH-3] pauses longer each time up to a limit, and never all at once', () => {
    const longest = new Patience({ backoffMs: 100, longestBackoffMs: 500, random: () => 0.999999 });
    expect([1, 2, 3, 4, 5].map((number) => Math.round(longest.pauseAfter(number)))).toEqual([100, 200, 400, 500, 500]);
    expect(new Patience({ random: () => 0 }).pauseAfter(5)).toBe(0);
  });
});
