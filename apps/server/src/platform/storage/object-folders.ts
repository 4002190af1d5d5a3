import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Sha256 } from '@isocenter/contract';
import { DirectorySync } from './directory-sync.ts';
import { errnoOf } from './file-system-error.ts';

const MODE = 0o750;

/**
 * The 256 folders `ab` of a {@link FileStore}, made when they are first needed, and what this process knows of their
 * durability: a name is only as durable as the name of the folder that it is in. One level: folders cost more than names in
 * them, and the file systems that matter find a name among a million.
 */
export class ObjectFolders {
  readonly #root: string;
  readonly #directories = new DirectorySync();
  /** 1 for each folder whose own name is known to be on the disk. */
  readonly #settled = new Uint8Array(256);

  constructor(root: string) {
    this.#root = root;
  }

  /** The root's own name. */
  settleRoot(): Promise<void> {
    return this.#directories.sync(dirname(this.#root));
  }

  folderOf(sha256: Sha256): string {
    return join(this.#root, sha256.slice(0, 2));
  }

  pathOf(sha256: Sha256): string {
    return join(this.folderOf(sha256), sha256);
  }

  /** Makes the object's folder if this process doesn't know it; `made` means that nothing was in it a moment ago. */
  async make(sha256: Sha256): Promise<'made' | 'known' | 'present'> {
    if (this.#settled[numberOf(sha256)]) return 'known';
    try {
      await mkdir(this.folderOf(sha256), MODE);
      return 'made';
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return 'present';
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
    return (await mkdir(this.folderOf(sha256), { recursive: true, mode: MODE })) === undefined ? 'present' : 'made';
  }

  /** Somebody removed folders behind our back: what was known of this one no longer holds. */
  forget(sha256: Sha256): void {
    this.#settled[numberOf(sha256)] = 0;
  }

  /** Makes the object's name durable, and that of its folder where that isn't known. */
  async settle(sha256: Sha256): Promise<void> {
    const folder = this.folderOf(sha256);
    const unsure = this.#settled[numberOf(sha256)] ? [folder] : [folder, this.#root];
    await Promise.all(unsure.map((directory) => this.#directories.sync(directory)));
    this.#settled[numberOf(sha256)] = 1;
  }
}

const numberOf = (sha256: Sha256): number => Number.parseInt(sha256.slice(0, 2), 16);
