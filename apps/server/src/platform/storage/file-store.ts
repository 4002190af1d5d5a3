import { access, constants, mkdir, open, readdir, rename, rm, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Sha256 } from '@isocenter/contract';
import { errnoOf, fileSystemFailure } from './file-system-error.ts';
import { ObjectFolders } from './object-folders.ts';
import type { ListedObject, ObjectStore, PutOptions, PutOutcome, StorageHealth } from './object-store.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { type ByteRange, checkRange, clampRange } from './range.ts';
import type { SpooledFile } from './spool-file.ts';
import { ObjectMissing } from './storage-error.ts';
import { verifyObject } from './verify-object.ts';

/** Reads up to this length allocate what was asked for; longer ones ask for the file's length first. */
const TRUSTED_LENGTH = 8 * 1024 * 1024;
const STREAM_CHUNK = 256 * 1024;
const ADDRESS = /^[0-9a-f]{64}$/;

/**
 * Objects as files `<root>/ab/<address>`, written once and never changed. The spool must be on the same file
 * system: an object comes to its place by a rename, so that readers see all of it or nothing.
 */
export class FileStore implements ObjectStore {
  readonly #root: string;
  readonly folders: ObjectFolders;
  readonly #puts = new OneAtATime();

  readonly #staged: FindStaged | undefined;

  private constructor(root: string, staged: FindStaged | undefined) {
    this.#root = root;
    this.folders = new ObjectFolders(root);
    this.#staged = staged;
  }

  /** @param staged finds objects that are on their way to their place. */
  static async open(root: string, staged?: FindStaged): Promise<FileStore> {
    try {
      await mkdir(root, { recursive: true, mode: 0o750 });
      const store = new FileStore(root, staged);
      await store.folders.settleRoot();
      return store;
    } catch (error) {
      throw fileSystemFailure(error, `Opening the object folder ${root}`);
    }
  }

  put(sha256: Sha256, spooled: SpooledFile, options: PutOptions = {}): Promise<PutOutcome> {
    return this.#puts.run(sha256, async () => {
      try {
        return await this.#put(sha256, spooled, options);
      } catch (error) {
        throw fileSystemFailure(error, `Storing ${sha256}`);
      }
    });
  }

  async open(sha256: Sha256, range?: ByteRange): Promise<Readable> {
    checkRange(range);
    return this.#reading(sha256, async (path) => {
      const handle = await open(path, 'r');
      const { start, end } = range ?? { start: 0 };
      if (start === end) {
        await handle.close();
        return Readable.from([]);
      }
      const until = end === undefined ? {} : { end: end - 1 };
      return handle.createReadStream({ start, ...until, highWaterMark: STREAM_CHUNK });
    });
  }

  async read(sha256: Sha256, range?: ByteRange): Promise<Buffer> {
    checkRange(range);
    return this.#reading(sha256, async (path) => {
      const handle = await open(path, 'r');
      try {
        const { start, end = Infinity } = range ?? { start: 0 };
        const trusted = end - start <= TRUSTED_LENGTH;
        const wanted = trusted ? { start, end } : clampRange(range, (await handle.stat()).size);
        const buffer = Buffer.allocUnsafeSlow(wanted.end - wanted.start);
        let filled = 0;
        while (filled < buffer.length) {
          const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, wanted.start + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return buffer.subarray(0, filled);
      } finally {
        await handle.close();
      }
    });
  }

  async stat(sha256: Sha256): Promise<{ size: number } | undefined> {
    try {
      return { size: (await stat(this.folders.pathOf(sha256))).size };
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw fileSystemFailure(error, `Looking for ${sha256}`);
    }
  }

  async has(sha256: Sha256): Promise<boolean> {
    return (await this.stat(sha256)) !== undefined;
  }

  verify(sha256: Sha256): Promise<'intact' | 'damaged' | 'missing'> {
    return verifyObject(this, sha256);
  }

  async delete(sha256: Sha256): Promise<void> {
    try {
      await unlink(this.folders.pathOf(sha256));
      await this.folders.settle(sha256); // what was deleted must not come back after a power failure
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw fileSystemFailure(error, `Deleting ${sha256}`);
    }
  }

  async *list(prefix = ''): AsyncGenerator<ListedObject> {
    for (const upper of await folder(this.#root, prefix.slice(0, 2))) {
      for (const name of await folder(join(this.#root, upper), prefix)) {
        if (!ADDRESS.test(name)) continue;
        const sha256 = name as Sha256;
        const found = await stat(this.folders.pathOf(sha256)).catch(() => undefined); // deleted meanwhile
        if (found) yield { sha256, storedSize: found.size, modified: found.mtime };
      }
    }
  }

  async check(): Promise<StorageHealth> {
    try {
      await access(this.#root, constants.R_OK | constants.W_OK | constants.X_OK);
      const disk = await statfs(this.#root);
      return { ok: true, freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize };
    } catch (error) {
      return { ok: false, error: fileSystemFailure(error, `Checking the object folder ${this.#root}`) };
    }
  }

  async close(): Promise<void> {}

  async #put(sha256: Sha256, spooled: SpooledFile, options: PutOptions): Promise<PutOutcome> {
    const folder = await this.folders.make(sha256);
    const present = folder === 'made' ? undefined : await this.stat(sha256);
    if (present?.size === spooled.storedSize && !options.replace) {
      // Whoever put it there may not have come to the end of this yet.
      await this.folders.settle(sha256);
      await rm(spooled.path, { force: true });
      return 'present';
    }
    if (!spooled.synced) await syncFile(spooled.path);
    await this.#moveIn(sha256, spooled.path);
    await this.folders.settle(sha256);
    return present ? 'repaired' : 'stored';
  }

  async #moveIn(sha256: Sha256, path: string): Promise<void> {
    try {
      await rename(path, this.folders.pathOf(sha256));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      // Somebody removed the folder. Or the spooled file: then this fails again.
      this.folders.forget(sha256);
      await this.folders.make(sha256);
      await rename(path, this.folders.pathOf(sha256));
    }
  }

  /** At its place; else where it is staged; else at its place, where it may have come meanwhile. */
  async #reading<T>(sha256: Sha256, read: (path: string) => Promise<T>): Promise<T> {
    const place = this.folders.pathOf(sha256);
    try {
      const found = await unlessMissing(read(place));
      if (found !== undefined) return found;
      const staged = await this.#staged?.(sha256);
      return (staged === undefined ? undefined : await unlessMissing(read(staged))) ?? (await read(place));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') throw new ObjectMissing(sha256, { cause: error });
      throw fileSystemFailure(error, `Reading ${sha256}`);
    }
  }
}

type FindStaged = (sha256: Sha256) => Promise<string | undefined>;

async function unlessMissing<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** The names in a folder that begin with the prefix, in order; none when there is no such folder. */
async function folder(path: string, prefix: string): Promise<string[]> {
  try {
    return (await readdir(path)).filter((name) => name.startsWith(prefix)).sort();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw fileSystemFailure(error, 'Listing the objects');
  }
}
