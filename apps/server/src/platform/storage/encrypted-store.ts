import { Readable } from 'node:stream';
import type { Sha256 } from '@isocenter/contract';
import { LRUCache } from 'lru-cache';
import type { ListedObject, ObjectStore, PutOptions, PutOutcome, StorageHealth } from './object-store.ts';
import { type ByteRange, checkRange, clampRange } from './range.ts';
import { openSealedStream, type ReadAt, readSealed, readSealedPart } from './read-sealed.ts';
import {
  chunkSpan,
  contentSize,
  isSealed,
  openHeader,
  SEALED_HEADER_LENGTH,
  type SealedHeader,
} from './sealed-object.ts';
import type { Spool } from './spool.ts';
import type { SpooledFile } from './spool-file.ts';
import { ObjectDamaged } from './storage-error.ts';
import type { Keyring } from './storage-key.ts';
import { verifyObject } from './verify-object.ts';

export interface EncryptedStoreOptions {
  readonly inner: ObjectStore;
  readonly keyring: Keyring;
  /** Must have been opened with the same keyring: what it writes is sealed already. */
  readonly spool: Spool;
  /** Headers kept in memory, so that reading frames out of one object costs one read each. */
  readonly cachedHeaders?: number;
}

/** Encrypts what another store keeps. The address stays that of the content; the other store never sees it. */
export class EncryptedStore implements ObjectStore {
  readonly #inner: ObjectStore;
  readonly #keyring: Keyring;
  readonly #spool: Spool;
  readonly #headers: LRUCache<Sha256, SealedHeader>;

  constructor(options: EncryptedStoreOptions) {
    this.#inner = options.inner;
    this.#keyring = options.keyring;
    this.#spool = options.spool;
    this.#headers = new LRUCache({ max: options.cachedHeaders ?? 10_000 });
  }

  async put(sha256: Sha256, spooled: SpooledFile, options?: PutOptions): Promise<PutOutcome> {
    if (!spooled.sealed) throw new TypeError('the spool of an encrypted store must encrypt');
    const outcome = await this.#inner.put(sha256, spooled, options);
    if (outcome === 'repaired') this.#headers.delete(sha256);
    return outcome;
  }

  async open(sha256: Sha256, range?: ByteRange): Promise<Readable> {
    checkRange(range);
    return this.#withHeader(sha256, async (header) => {
      const wanted = clampRange(range, header.size);
      if (wanted.start === wanted.end && header.size > 0) return Readable.from([]);
      const span = chunkSpan(wanted.start, wanted.end, header.size);
      const stream = await this.#inner.open(sha256, { start: span.start, end: span.end });
      const contents = openSealedStream(stream, sha256, header, wanted);
      try {
        const first = await contents.next();
        const opened = Readable.from(first.done ? [] : prepend(first.value, contents), { objectMode: false });
        return opened.once('close', () => stream.destroy());
      } catch (error) {
        stream.destroy();
        throw error;
      }
    });
  }

  async read(sha256: Sha256, range?: ByteRange): Promise<Buffer> {
    checkRange(range);
    const readAt = this.#readAt(sha256);
    const known = this.#headers.get(sha256);
    if (known) {
      const content = await ifIntact(readSealedPart(readAt, sha256, known, range));
      if (content) return content;
    }
    return readSealed(readAt, sha256, this.#keyOf, range, (header) => this.#headers.set(sha256, header));
  }

  async stat(sha256: Sha256): Promise<{ size: number } | undefined> {
    const stored = await this.#inner.stat(sha256);
    if (!stored) return undefined;
    const size = contentSize(stored.size);
    if (size === undefined) throw new ObjectDamaged(sha256, 'no encrypted object has its length');
    return { size };
  }

  has(sha256: Sha256): Promise<boolean> {
    return this.#inner.has(sha256);
  }

  verify(sha256: Sha256): Promise<'intact' | 'damaged' | 'missing'> {
    this.#headers.delete(sha256);
    return verifyObject(this, sha256);
  }

  /**
   * Encrypts an object under the current key if it isn't yet: after a key was added, or, for objects from before
   * encryption was turned on, for the first time. Readers see the old or the new one, never nothing.
   */
  async reseal(sha256: Sha256): Promise<'resealed' | 'current'> {
    const head = await this.#inner.read(sha256, { start: 0, end: SEALED_HEADER_LENGTH });
    const sealed = isSealed(head);
    if (sealed && openHeader(head, sha256, this.#keyOf).keyId === this.#keyring.current.id) return 'current';
    const source = sealed ? await this.open(sha256) : await this.#inner.open(sha256);
    const file = await this.#spool.create();
    try {
      for await (const chunk of source) await file.write(chunk as Buffer);
      const spooled = await file.finish();
      if (spooled.sha256 !== sha256) throw new ObjectDamaged(sha256, 'its content does not match its address');
      await this.put(sha256, spooled, { replace: true });
    } finally {
      await file.discard();
    }
    this.#headers.delete(sha256);
    return 'resealed';
  }

  async delete(sha256: Sha256): Promise<void> {
    this.#headers.delete(sha256);
    await this.#inner.delete(sha256);
  }

  list(prefix?: string): AsyncIterable<ListedObject> {
    return this.#inner.list(prefix);
  }

  check(): Promise<StorageHealth> {
    return this.#inner.check();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  readonly #keyOf = (id: string) => this.#keyring.get(id);

  #readAt(sha256: Sha256): ReadAt {
    return ({ start, end }) => this.#inner.read(sha256, end === undefined ? { start } : { start, end });
  }

  /** Another process may have sealed the object again: a remembered header that doesn't fit gets a second chance. */
  async #withHeader<T>(sha256: Sha256, use: (header: SealedHeader) => Promise<T>): Promise<T> {
    const known = this.#headers.get(sha256);
    if (known) {
      const result = await ifIntact(use(known));
      if (result !== undefined) return result;
    }
    const head = await this.#inner.read(sha256, { start: 0, end: SEALED_HEADER_LENGTH });
    const header = openHeader(head, sha256, this.#keyOf);
    this.#headers.set(sha256, header);
    return use(header);
  }
}

async function ifIntact<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof ObjectDamaged) return undefined;
    throw error;
  }
}

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
