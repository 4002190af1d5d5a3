import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Sha256 } from '@isocenter/contract';
import { errnoOf, fileSystemFailure } from './file-system-error.ts';
import type { Sealer } from './sealed-object.ts';
import { SEALED_HEADER_LENGTH } from './sealed-object.ts';

/** A finished spool file. `sha256` and `size` are always those of the content, also when the file is encrypted. */
export interface SpooledFile {
  readonly sha256: Sha256;
  readonly size: number;
  /** Holds the content itself, or the sealed object when `sealed`: use `Spool.read` where that must not matter. */
  readonly path: string;
  readonly sealed: boolean;
  /** The length of the file at `path`. */
  readonly storedSize: number;
  /** Whether the file's bytes are on the disk, or perhaps still in the machine's memory. */
  readonly synced: boolean;
}

/** Bytes that all the files of one spool hold in memory together. */
export interface MemoryBudget {
  readonly limit: number;
  used: number;
}

export interface SpoolFilePlan {
  readonly path: string;
  readonly sync: boolean;
  readonly sealer: Sealer | undefined;
  readonly memoryLimit: number;
  readonly budget: MemoryBudget;
  /** Called when the folder of `path` has gone. */
  readonly makeFolder: () => Promise<void>;
  readonly finished: (file: SpooledFile) => void;
}

/** Once a file is being written, it is written in pieces of this size. */
const PIECE = 1024 * 1024;
/** Below this, a chunk is copied together with others: it may be a small view that keeps a large buffer alive. */
const SMALL = 4096;
const BLOCK = 64 * 1024;
/** More buffers than this in one writev cost more than copying them together. */
const MOST_BUFFERS = 64;
const DONE = Promise.resolve();

/**
 * A file being received. Chunks belong to it after `write`. Up to the memory limit it stays in memory and is written
 * once; beyond, it is written while it comes in, and `write` resolves when more may come.
 */
export class SpoolFile {
  readonly #plan: SpoolFilePlan;
  readonly #hash = createHash('sha256');
  #size = 0;
  #state: 'open' | 'finished' | 'discarded' = 'open';
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #block: Buffer | undefined;
  #blockUsed = 0;
  #handle: FileHandle | undefined;
  #position: number;
  #writing: Promise<void> = DONE;
  #sha256: Sha256 | undefined;

  constructor(plan: SpoolFilePlan) {
    this.#plan = plan;
    this.#position = plan.sealer ? SEALED_HEADER_LENGTH : 0;
  }

  /** How many bytes of content have come so far. */
  get size(): number {
    return this.#size;
  }

  /** Known as soon as `finish` is called, while it still waits for the disk. */
  get sha256(): Sha256 {
    if (this.#sha256 === undefined) throw new Error('the spool file is not finished');
    return this.#sha256;
  }

  write(chunk: Uint8Array): Promise<void> {
    if (this.#state !== 'open') return Promise.reject(new Error(`the spool file is ${this.#state}`));
    this.#hash.update(chunk);
    this.#size += chunk.length;
    this.#hold(chunk);
    return this.#pendingBytes < this.#holdLimit() ? DONE : this.#flush();
  }

  /** Writes what is left and, where the file itself will become the object, waits until it is on the disk. */
  async finish(): Promise<SpooledFile> {
    if (this.#state !== 'open') throw new Error(`the spool file is ${this.#state}`);
    this.#state = 'finished';
    const sha256 = this.#hash.digest('hex') as Sha256;
    this.#sha256 = sha256;
    try {
      await this.#writing;
      await this.#writeRest(sha256);
      // fdatasync leaves out only what isn't needed to read the file back (its times). Length, blocks and, as the file
      // is new, the inode itself with its mode are included; the name is made durable by whoever renames it.
      if (this.#plan.sync) await this.#handle?.datasync();
      await this.#close();
    } catch (error) {
      await this.discard();
      throw fileSystemFailure(error, 'Writing the spool');
    }
    const { path, sealer, sync } = this.#plan;
    const sealed = sealer !== undefined;
    const file = { sha256, size: this.#size, path, sealed, storedSize: this.#position, synced: sync };
    this.#plan.finished(file);
    return file;
  }

  /** Removes the file, wherever it stands; nothing to do once a store has taken it over. */
  async discard(): Promise<void> {
    this.#state = 'discarded';
    this.#take();
    await this.#writing.catch(() => undefined);
    await this.#close().catch(() => undefined);
    await rm(this.#plan.path, { force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }

  #holdLimit(): number {
    const { memoryLimit, budget } = this.#plan;
    return this.#handle !== undefined || budget.used > budget.limit ? Math.min(PIECE, memoryLimit) : memoryLimit;
  }

  #hold(chunk: Uint8Array): void {
    this.#pendingBytes += chunk.length;
    this.#plan.budget.used += chunk.length;
    if (chunk.length >= SMALL) {
      this.#closeBlock();
      this.#pending.push(chunk);
      return;
    }
    if (this.#block === undefined || this.#blockUsed + chunk.length > BLOCK) {
      this.#closeBlock();
      this.#block = Buffer.allocUnsafeSlow(BLOCK);
    }
    this.#block.set(chunk, this.#blockUsed);
    this.#blockUsed += chunk.length;
  }

  #closeBlock(): void {
    if (this.#block && this.#blockUsed > 0) this.#pending.push(this.#block.subarray(0, this.#blockUsed));
    this.#block = undefined;
    this.#blockUsed = 0;
  }

  #take(): Uint8Array[] {
    this.#closeBlock();
    const chunks = this.#pending;
    this.#plan.budget.used -= this.#pendingBytes;
    this.#pending = [];
    this.#pendingBytes = 0;
    return chunks;
  }

  /** Hands one piece to the disk while the next one gathers; resolves when the piece before it is written. */
  #flush(): Promise<void> {
    const chunks = this.#take();
    const before = this.#writing;
    const { sealer } = this.#plan;
    this.#writing = before.then(() => this.#append(sealer ? chunks.flatMap((chunk) => sealer.update(chunk)) : chunks));
    this.#writing.catch(() => undefined); // reported by the next write or by finish
    return before.catch(async (error: unknown) => {
      await this.discard();
      throw fileSystemFailure(error, 'Writing the spool');
    });
  }

  async #writeRest(sha256: Sha256): Promise<void> {
    const rest = this.#take();
    const { sealer } = this.#plan;
    if (!sealer) return this.#append(rest);
    const tail = [...rest.flatMap((chunk) => sealer.update(chunk)), ...sealer.finish()];
    const header = sealer.header(sha256);
    if (this.#handle !== undefined) {
      await this.#append(tail);
      await this.#handle.write(header, 0, header.length, 0);
      return;
    }
    this.#position = 0;
    await this.#append([header, ...tail]);
  }

  async #append(chunks: readonly Uint8Array[]): Promise<void> {
    this.#handle ??= await this.#create();
    if (chunks.length === 0) return;
    let left = chunks.length > MOST_BUFFERS ? [Buffer.concat(chunks)] : [...chunks];
    while (left.length > 0) {
      const { bytesWritten } = await this.#handle.writev(left, this.#position);
      this.#position += bytesWritten;
      left = withoutFirst(left, bytesWritten);
    }
  }

  async #create(): Promise<FileHandle> {
    // Read-only from the beginning: an object is written once, through this handle.
    const create = () => open(this.#plan.path, 'wx+', 0o440);
    try {
      return await create();
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      await this.#plan.makeFolder();
      return await create();
    }
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}

/** What is left to write of the buffers when some bytes were written: the disk may take less than it was given. */
function withoutFirst(buffers: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let done = bytes;
  const left: Uint8Array[] = [];
  for (const buffer of buffers) {
    if (done >= buffer.length) done -= buffer.length;
    else {
      left.push(done > 0 ? buffer.subarray(done) : buffer);
      done = 0;
    }
  }
  return left;
}
