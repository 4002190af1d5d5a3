import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Sha256 } from '@isocenter/contract';
import { errnoOf, fileSystemFailure } from './file-system-error.ts';
import type { ObjectFolders } from './object-folders.ts';
import type { Spool } from './spool.ts';
import type { SpooledFile } from './spool-file.ts';
import { LEFT, type StagedFile } from './spool-folder.ts';
import type { StorageObserver } from './storage-observer.ts';

/**
 * Where objects are files, a finished spool file is durable and can be read by its address. It is entered into the index
 * as it lies, and moved to its place when that is committed. So an object that nothing refers to is never among the
 * objects, and what a crash leaves is found by looking into the spool.
 */
export class Staging {
  readonly #spool: Spool;
  readonly #folders: ObjectFolders;
  readonly #observer: StorageObserver | undefined;

  constructor(spool: Spool, folders: ObjectFolders, observer?: StorageObserver) {
    this.#spool = spool;
    this.#folders = folders;
    this.#observer = observer;
  }

  /** Moves a file that the index refers to to its place; what is there is the same. Until then it is read where it lies. */
  async place(file: StagedFile & { readonly size?: number }): Promise<void> {
    const began = performance.now();
    const to = this.#folders.pathOf(file.sha256);
    try {
      await rename(file.path, to).catch(async (error: unknown) => {
        if (errnoOf(error) !== 'ENOENT') throw error;
        await mkdir(dirname(to), { recursive: true, mode: 0o750 });
        await rename(file.path, to);
      });
    } catch (error) {
      throw fileSystemFailure(error, `Storing ${file.sha256}`);
    }
    const seconds = (performance.now() - began) / 1000;
    this.#observer?.({ operation: 'put', seconds, bytes: file.size ?? 0, outcome: 'ok' });
  }

  /** Gives up a file of which nobody knows whether the index refers to it. */
  async leave({ path }: Pick<SpooledFile, 'path'>): Promise<void> {
    await rename(path, path + LEFT);
  }

  /** Whether an object with this address is on its way to its place. */
  async holds(sha256: Sha256): Promise<boolean> {
    return (await this.#spool.find(sha256)) !== undefined;
  }

  /** Files to be settled: placed when the index refers to them, else removed. */
  abandoned(): AsyncGenerator<StagedFile, void, void> {
    return this.#spool.abandoned();
  }

  async remove({ path }: StagedFile): Promise<void> {
    await rm(path, { force: true });
  }

  /** When all is settled: the folders of processes that are gone go too. */
  async tidy(): Promise<void> {
    await this.#spool.sweep();
  }
}
