import { Readable } from 'node:stream';
import type { Sha256 } from '@isocenter/contract';
import type { ListedObject, ObjectStore, PutOptions, PutOutcome, StorageHealth } from './object-store.ts';
import type { ByteRange } from './range.ts';
import type { SpooledFile } from './spool-file.ts';
import { StorageError } from './storage-error.ts';
import type { StorageEvent, StorageObserver } from './storage-observer.ts';

type Operation = StorageEvent['operation'];

/** What has gone through a stream so far. */
interface Passed {
  bytes: number;
  outcome: StorageEvent['outcome'];
}

/** Tells an observer how long each call of a store took, how many bytes it moved and how it ended. */
export class ObservedStore implements ObjectStore {
  readonly #inner: ObjectStore;
  readonly #observer: StorageObserver;

  constructor(inner: ObjectStore, observer: StorageObserver) {
    this.#inner = inner;
    this.#observer = observer;
  }

  put(sha256: Sha256, spooled: SpooledFile, options?: PutOptions): Promise<PutOutcome> {
    return this.#observe(
      'put',
      () => this.#inner.put(sha256, spooled, options),
      () => spooled.size,
    );
  }

  /** Observed when its stream has closed: until then nobody knows how much of it was wanted. */
  async open(sha256: Sha256, range?: ByteRange): Promise<Readable> {
    const began = performance.now();
    let source: Readable;
    try {
      source = await this.#inner.open(sha256, range);
    } catch (error) {
      this.#report('open', began, 0, outcomeOf(error));
      throw error;
    }
    const seen: Passed = { bytes: 0, outcome: 'ok' };
    return Readable.from(counted(source, seen), { objectMode: false }).once('close', () => {
      source.destroy();
      this.#report('open', began, seen.bytes, seen.outcome);
    });
  }

  read(sha256: Sha256, range?: ByteRange): Promise<Buffer> {
    return this.#observe(
      'read',
      () => this.#inner.read(sha256, range),
      (content) => content.length,
    );
  }

  stat(sha256: Sha256): Promise<{ readonly size: number } | undefined> {
    return this.#observe('stat', () => this.#inner.stat(sha256));
  }

  has(sha256: Sha256): Promise<boolean> {
    return this.#observe('stat', () => this.#inner.has(sha256));
  }

  verify(sha256: Sha256): Promise<'intact' | 'damaged' | 'missing'> {
    return this.#observe('verify', () => this.#inner.verify(sha256));
  }

  delete(sha256: Sha256): Promise<void> {
    return this.#observe('delete', () => this.#inner.delete(sha256));
  }

  list(prefix?: string): AsyncIterable<ListedObject> {
    return this.#inner.list(prefix);
  }

  async check(): Promise<StorageHealth> {
    const began = performance.now();
    const health = await this.#inner.check();
    this.#report('check', began, 0, health.ok ? 'ok' : health.error.code);
    return health;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #observe<T>(
    operation: Operation,
    call: () => Promise<T>,
    bytesOf: (result: T) => number = () => 0,
  ): Promise<T> {
    const began = performance.now();
    try {
      const result = await call();
      this.#report(operation, began, bytesOf(result), 'ok');
      return result;
    } catch (error) {
      this.#report(operation, began, 0, outcomeOf(error));
      throw error;
    }
  }

  #report(operation: Operation, began: number, bytes: number, outcome: StorageEvent['outcome']): void {
    this.#observer({ operation, seconds: (performance.now() - began) / 1000, bytes, outcome });
  }
}

const outcomeOf = (error: unknown): StorageEvent['outcome'] => (error instanceof StorageError ? error.code : 'failed');

async function* counted(source: AsyncIterable<Buffer>, seen: Passed): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source) {
      seen.bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    seen.outcome = outcomeOf(error);
    throw error;
  }
}
