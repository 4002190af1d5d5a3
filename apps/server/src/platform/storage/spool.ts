import { randomUUID } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import type { Sha256 } from '@isocenter/contract';
import { createThreads, defineTask, type Threads } from '../threads/index.ts';
import { DirectorySync } from './directory-sync.ts';
import { fileSystemFailure } from './file-system-error.ts';
import { type ByteRange, clampRange } from './range.ts';
import { type ReadAt, readSealed } from './read-sealed.ts';
import { Sealer } from './sealed-object.ts';
import { Slabs } from './slabs.ts';
import { type MemoryBudget, type SpooledFile, SpoolFile } from './spool-file.ts';
import { type Leftovers, SpoolFolder, type StagedFile } from './spool-folder.ts';
import type { Keyring } from './storage-key.ts';
import type { StorageObserver } from './storage-observer.ts';
import type { FileToWrite } from './write-file.ts';

export interface SpoolOptions {
  /** Shared by every process that uses the data folder. */
  readonly root: string;
  /**
   * Whether `finish` waits for the disk: needed only where the file itself becomes the object. Otherwise the spool is
   * a waiting room that dies with its process, and the store alone makes durable.
   */
  readonly sync?: boolean;
  /** Files are encrypted while they are written, so that their content never reaches the disk. */
  readonly keyring?: Keyring;
  /** A file up to this size is held in memory and written once. */
  readonly memoryLimit?: number;
  /** Above this, for all files together, files are written as they come. */
  readonly memoryBudget?: number;
  readonly heartbeatMs?: number;
  /** A process on another machine whose heartbeat is older than this counts as gone. */
  readonly staleMs?: number;
  readonly observer?: StorageObserver;
}

const MIB = 1024 * 1024;
/** Files that are written and synced at the same time; their syncs share what the disk does for one. */
const WRITERS = 8;
const writeFile = defineTask<FileToWrite, Sha256>('write-file', new URL('./write-file.worker.ts', import.meta.url));

/** Where objects are received before they are put into a store: their address is known only at their end. */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #folder: SpoolFolder;
  readonly #budget: MemoryBudget;
  readonly #sweeper: NodeJS.Timeout;
  readonly #slabs = new Slabs();
  readonly #directories = new DirectorySync();
  readonly #writers: Threads = createThreads({ size: WRITERS, maxHeapMiB: 32 });

  private constructor(options: SpoolOptions, folder: SpoolFolder) {
    this.#options = options;
    this.#folder = folder;
    this.#budget = { limit: options.memoryBudget ?? 256 * MIB, used: 0 };
    this.#sweeper = setInterval(() => void this.sweep().catch(() => undefined), this.#staleMs).unref();
  }

  /** Claims a folder for this process and removes those of processes that are gone. */
  static async open(options: SpoolOptions): Promise<Spool> {
    try {
      await mkdir(options.root, { recursive: true, mode: 0o750 });
      const spool = new Spool(options, await SpoolFolder.claim(options.root, options.heartbeatMs ?? 10_000));
      await spool.sweep();
      return spool;
    } catch (error) {
      throw fileSystemFailure(error, `Opening the spool ${options.root}`);
    }
  }

  async create(): Promise<SpoolFile> {
    const { keyring, observer, sync = true, memoryLimit = 4 * MIB } = this.#options;
    const began = performance.now();
    return new SpoolFile({
      folder: this.#folder.path,
      name: randomUUID(),
      sync,
      sealer: keyring && new Sealer(keyring.current),
      memoryLimit,
      budget: this.#budget,
      slabs: this.#slabs,
      makeFolder: () => this.#folder.beat(),
      writeFile: (file) => this.#writers.run(writeFile, file),
      syncFolder: () => this.#directories.sync(this.#folder.path),
      finished: ({ size }) =>
        observer?.({ operation: 'spool', seconds: (performance.now() - began) / 1000, bytes: size, outcome: 'ok' }),
    });
  }

  /** The content of a finished file that no store has taken over yet. */
  async read(file: SpooledFile, range?: ByteRange): Promise<Buffer> {
    const wanted = clampRange(range, file.size);
    try {
      const handle = await open(file.path, 'r');
      try {
        const readAt: ReadAt = async ({ start, end = file.storedSize }) => {
          const buffer = Buffer.allocUnsafeSlow(end - start);
          const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
          return buffer.subarray(0, bytesRead);
        };
        const { keyring } = this.#options;
        if (!file.sealed || !keyring) return await readAt(wanted);
        return await readSealed(readAt, file.sha256, (id) => keyring.get(id), wanted);
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw fileSystemFailure(error, 'Reading the spool');
    }
  }

  /** Finished files that nobody works on any more: see Staging. */
  abandoned(): AsyncGenerator<StagedFile, void, void> {
    return this.#folder.abandoned(this.#staleMs);
  }

  /** Where a finished file with this address lies, of whatever process. */
  find(sha256: Sha256): Promise<string | undefined> {
    return this.#folder.find(sha256);
  }

  /** Removes the unfinished files of processes that are gone. Done at the start and now and then by itself. */
  sweep(): Promise<Leftovers> {
    return this.#folder.removeLeftovers(this.#staleMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#writers.close();
    await this.#folder.release();
  }

  get #staleMs(): number {
    return this.#options.staleMs ?? 60_000;
  }
}
