import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256 } from '@isocenter/contract';
import { errnoOf, fileSystemFailure } from './file-system-error.ts';
import { SEALED_HEADER_LENGTH, type Sealer } from './sealed-object.ts';
import type { Slabs } from './slabs.ts';
import { type FileToWrite, finishedName, withoutFirst } from './write-file.ts';

/** A finished spool file. `sha256` and `size` are always those of the content, also when the file is encrypted. */
export interface SpooledFile {
  readonly sha256: Sha256;
  readonly size: number;
  /** Holds the content itself, or the sealed object when `sealed`: use `Spool.read` where that must not matter. */
  readonly path: string;
  readonly sealed: boolean;
  /** The length of the file at `path`. */
  readonly storedSize: number;
  /** Whether the file and its name are on the disk, or perhaps still in the machine's memory. */
  readonly synced: boolean;
}

/** Bytes that all the files of one spool hold in memory together. */
export interface MemoryBudget {
  readonly limit: number;
  used: number;
}

export interface SpoolFilePlan {
  /** The process's own folder, and a name in it that no other file has. */
  readonly folder: string;
  readonly name: string;
  readonly sync: boolean;
  readonly sealer: Sealer | undefined;
  readonly memoryLimit: number;
  readonly budget: MemoryBudget;
  readonly slabs: Slabs;
  /** Called when the folder has gone. */
  readonly makeFolder: () => Promise<void>;
  /** Writes a file in another thread. */
  readonly writeFile: (file: FileToWrite) => Promise<Sha256>;
  /** Makes the names in the folder durable. */
  readonly syncFolder: () => Promise<void>;
  readonly finished: (file: SpooledFile) => void;
}

/** Once a file is being written, it is written in pieces of this size. */
const PIECE = 1024 * 1024;
const DONE = Promise.resolve();

/**
 * A file being received. Chunks are copied by `write`. Up to the memory limit it stays in memory and is written at its
 * end, at once; beyond, it is written while it comes in, and `write` resolves when more may come.
 *
 * Finished in a spool that syncs, it is durable under a name that begins with its address: see Staging.
 */
export class SpoolFile {
  readonly #plan: SpoolFilePlan;
  /** Of what was written; of what is sealed, also before. */
  readonly #hash = createHash('sha256');
  #path: string;
  #size = 0;
  #state: 'open' | 'finished' | 'discarded' = 'open';
  /** All full but the last, of which `#used` bytes are. */
  #gathered: Uint8Array[] = [];
  #used = 0;
  #gatheredBytes = 0;
  #handle: FileHandle | undefined;
  #position = 0;
  #writing: Promise<void> = DONE;

  constructor(plan: SpoolFilePlan) {
    this.#plan = plan;
    this.#path = join(plan.folder, plan.name);
    // The header is known at the end only.
    if (plan.sealer) this.#gather(new Uint8Array(SEALED_HEADER_LENGTH));
  }

  /** How many bytes of content have come so far. */
  get size(): number {
    return this.#size;
  }

  write(chunk: Uint8Array): Promise<void> {
    if (this.#state !== 'open') return Promise.reject(new Error(`the spool file is ${this.#state}`));
    this.#size += chunk.length;
    const { sealer } = this.#plan;
    if (sealer) {
      this.#hash.update(chunk);
      for (const sealed of sealer.update(chunk)) this.#gather(sealed);
    } else this.#gather(chunk);
    return this.#gatheredBytes < this.#gatherLimit() ? DONE : this.#flush();
  }

  /** Writes what is left and, where the file itself will become the object, waits until it is on the disk. */
  async finish(): Promise<SpooledFile> {
    if (this.#state !== 'open') throw new Error(`the spool file is ${this.#state}`);
    this.#state = 'finished';
    const { sealer, sync } = this.#plan;
    let sha256: Sha256;
    try {
      for (const sealed of sealer?.finish() ?? []) this.#gather(sealed);
      sha256 = this.#writing === DONE ? await this.#writeAtOnce() : await this.#writeRest();
    } catch (error) {
      await this.discard();
      throw fileSystemFailure(error, 'Writing the spool');
    }
    const sealed = sealer !== undefined;
    const file = { sha256, size: this.#size, path: this.#path, sealed, storedSize: this.#position, synced: sync };
    this.#plan.finished(file);
    return file;
  }

  /** Removes the file, wherever it stands; nothing to do once a store has taken it over. */
  async discard(): Promise<void> {
    this.#state = 'discarded';
    this.#take();
    await this.#writing.catch(() => undefined);
    await this.#close().catch(() => undefined);
    await rm(this.#path, { force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }

  #gatherLimit(): number {
    const { memoryLimit, budget } = this.#plan;
    return this.#writing !== DONE || budget.used > budget.limit ? Math.min(PIECE, memoryLimit) : memoryLimit;
  }

  #gather(bytes: Uint8Array): void {
    this.#gatheredBytes += bytes.length;
    this.#plan.budget.used += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      let slab = this.#gathered.at(-1);
      if (slab === undefined || this.#used === slab.length) {
        slab = this.#plan.slabs.take(slab === undefined);
        this.#gathered.push(slab);
        this.#used = 0;
      }
      const part = bytes.subarray(at, at + slab.length - this.#used);
      slab.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
    }
  }

  /** What has gathered: the slabs to give back, and the bytes in them. */
  #take(): { slabs: Uint8Array[]; pieces: Uint8Array[] } {
    const slabs = this.#gathered;
    const pieces = slabs.map((slab, i) => (i < slabs.length - 1 ? slab : slab.subarray(0, this.#used)));
    this.#plan.budget.used -= this.#gatheredBytes;
    this.#gathered = [];
    this.#used = 0;
    this.#gatheredBytes = 0;
    return { slabs, pieces };
  }

  /** Hands one piece to the disk while the next one gathers; resolves when the piece before it is written. */
  #flush(): Promise<void> {
    const taken = this.#take();
    const before = this.#writing;
    this.#writing = before.then(() => this.#append(taken));
    this.#writing.catch(() => undefined); // reported by the next write or by finish
    return before.catch(async (error: unknown) => {
      await this.discard();
      throw fileSystemFailure(error, 'Writing the spool');
    });
  }

  async #writeAtOnce(): Promise<Sha256> {
    const { folder, name, sync, sealer, slabs, makeFolder, writeFile } = this.#plan;
    const { slabs: taken, pieces } = this.#take();
    const known = sealer ? { sha256: this.#digest() } : {};
    if (sealer && known.sha256) pieces[0]?.set(sealer.header(known.sha256));
    const file = { folder, name, pieces, sync, ...known };
    const sha256 = await writeFile(file).catch(async (error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw error;
      await makeFolder();
      return writeFile(file);
    });
    if (sync) this.#path = join(folder, finishedName(sha256, name));
    this.#position = pieces.reduce((sum, { length }) => sum + length, 0);
    slabs.give(taken);
    return sha256;
  }

  async #writeRest(): Promise<Sha256> {
    const { folder, name, sync, sealer, syncFolder } = this.#plan;
    await this.#writing;
    await this.#append(this.#take());
    const sha256 = this.#digest();
    const header = sealer?.header(sha256);
    if (header) await this.#handle?.write(header, 0, header.length, 0);
    if (sync) await this.#handle?.datasync();
    await this.#close();
    if (!sync) return sha256;
    const path = join(folder, finishedName(sha256, name));
    await rename(this.#path, path);
    this.#path = path;
    await syncFolder();
    return sha256;
  }

  #digest(): Sha256 {
    return this.#hash.digest('hex') as Sha256;
  }

  async #append({ slabs, pieces }: { slabs: readonly Uint8Array[]; pieces: readonly Uint8Array[] }): Promise<void> {
    this.#handle ??= await this.#create();
    if (!this.#plan.sealer) for (const piece of pieces) this.#hash.update(piece);
    let left = [...pieces];
    while (left.length > 0) {
      const { bytesWritten } = await this.#handle.writev(left, this.#position);
      this.#position += bytesWritten;
      left = withoutFirst(left, bytesWritten);
    }
    this.#plan.slabs.give(slabs);
  }

  async #create(): Promise<FileHandle> {
    // Read-only from the beginning: an object is written once, through this handle.
    const create = () => open(this.#path, 'wx+', 0o440);
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
