import { setTimeout as pause } from 'node:timers/promises';
import type { StorageError } from './storage-error.ts';

/** How long to wait for a server, and how often to ask again. Times in milliseconds. */
export interface PatienceOptions {
  /** Tries of one request, the first included. */
  readonly attempts?: number;
  /** For one try, beside the time that its bytes take at the slowest rate. Also the longest silence while reading. */
  readonly attemptMs?: number;
  /** For all tries together, beside the time that the bytes take. */
  readonly deadlineMs?: number;
  /** A transfer slower than this many bytes per second counts as broken. */
  readonly slowestRate?: number;
  /** The pause before the second try is at most this; each further one at most twice the one before. */
  readonly backoffMs?: number;
  readonly longestBackoffMs?: number;
  /** From 0 up to 1, spreads the pauses so that clients don't come back all at once. */
  readonly random?: () => number;
}

export interface Attempts {
  /** Bytes that one try transfers at most. */
  readonly bytes?: number;
  readonly toFailure: (error: unknown) => StorageError;
  readonly onRetry?: (failure: StorageError, seconds: number) => void;
}

export class Patience {
  readonly #options: Required<PatienceOptions>;

  constructor(options: PatienceOptions = {}) {
    this.#options = {
      attempts: 5,
      attemptMs: 15_000,
      deadlineMs: 60_000,
      slowestRate: 128 * 1024,
      backoffMs: 200,
      longestBackoffMs: 5_000,
      random: Math.random,
      ...options,
    };
  }

  get attempts(): number {
    return this.#options.attempts;
  }

  get silenceMs(): number {
    return this.#options.attemptMs;
  }

  /** Tries until it succeeds, until a failure that trying again can't mend, or until patience ends. */
  async run<T>(attempt: (signal: AbortSignal) => Promise<T>, how: Attempts): Promise<T> {
    const { attempts, attemptMs, deadlineMs, slowestRate } = this.#options;
    const transferMs = ((how.bytes ?? 0) / slowestRate) * 1000;
    const began = performance.now();
    for (let number = 1; ; number++) {
      const tryBegan = performance.now();
      const left = deadlineMs + transferMs - (tryBegan - began);
      const limit = AbortSignal.timeout(Math.max(1, Math.ceil(Math.min(attemptMs + transferMs, left))));
      try {
        return await attempt(limit);
      } catch (error) {
        const failure = how.toFailure(error);
        const now = performance.now();
        const wait = this.pauseAfter(number);
        if (!failure.retryable || number >= attempts || now + wait - began >= deadlineMs + transferMs) throw failure;
        how.onRetry?.(failure, (now - tryBegan) / 1000);
        await pause(wait);
      }
    }
  }

  /** How long to wait after the try of this number failed: "full jitter", growing twofold up to a limit. */
  pauseAfter(number: number): number {
    const { backoffMs, longestBackoffMs, random } = this.#options;
    return random() * Math.min(longestBackoffMs, backoffMs * 2 ** (number - 1));
  }
}
