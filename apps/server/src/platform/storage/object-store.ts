import type { Readable } from 'node:stream';
import type { Sha256 } from '@isocenter/contract';
import type { ByteRange } from './range.ts';
import type { SpooledFile } from './spool-file.ts';
import type { StorageError } from './storage-error.ts';

/**
 * What `put` found. `stored`: new; `present`: it was there already, the old one stays; `repaired`: what was there had
 * the wrong length and was replaced (or replacement was asked for).
 */
export type PutOutcome = 'stored' | 'present' | 'repaired';

export interface PutOptions {
  /** Replace what is there, also when it looks right. For sealing again under a new key. */
  readonly replace?: boolean;
}

export interface ListedObject {
  readonly sha256: Sha256;
  /** The bytes that it takes in the store; more than its own size when it is encrypted. */
  readonly storedSize: number;
  readonly modified: Date;
}

/** What `check` found: good for a readiness probe, cheap enough to be asked every few seconds. */
export type StorageHealth =
  | { readonly ok: true; readonly freeBytes?: number; readonly totalBytes?: number }
  | { readonly ok: false; readonly error: StorageError };

/**
 * Immutable objects, each under the SHA-256 of its own bytes. Every method throws only a `StorageError`, or a
 * `RangeError` for an impossible range.
 */
export interface ObjectStore {
  /**
   * Takes over a spooled file. When the promise resolves the object survives a crash of program, machine or network;
   * when it rejects, nothing is promised and the spooled file is still there to try again. Idempotent.
   *
   * A caller that also deletes must see to it that nothing deletes an address while it is put: `present` is an answer
   * about this moment.
   */
  put(sha256: Sha256, spooled: SpooledFile, options?: PutOptions): Promise<PutOutcome>;
  /** A stream of the object or of a part of it. Rejects with `ObjectMissing` before anything is streamed. */
  open(sha256: Sha256, range?: ByteRange): Promise<Readable>;
  /** The object or a part of it in memory: for parts whose size the caller knows to be bounded. */
  read(sha256: Sha256, range?: ByteRange): Promise<Buffer>;
  /** Size and existence; undefined when it isn't there. */
  stat(sha256: Sha256): Promise<{ readonly size: number } | undefined>;
  has(sha256: Sha256): Promise<boolean>;
  /** Reads everything and compares it with the address. */
  verify(sha256: Sha256): Promise<'intact' | 'damaged' | 'missing'>;
  /** Idempotent. */
  delete(sha256: Sha256): Promise<void>;
  /** In the order of the addresses; those whose address starts with `prefix`. */
  list(prefix?: string): AsyncIterable<ListedObject>;
  check(): Promise<StorageHealth>;
  close(): Promise<void>;
}
