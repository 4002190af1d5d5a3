import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Sha256 } from '@isocenter/contract';
import { DirectorySync } from './directory-sync.ts';
import { errnoOf } from './file-system-error.ts';

const MODE = 0o750;

/**
 * The folders `ab/cd` of a {@link FileStore}, made when they are first needed, and what this process knows of their
 * durability: a name is only as durable as the names of all the folders above it.
 */
export class ObjectFolders {
  readonly #root: string;
  readonly #directories = new DirectorySync();
  /** 1 for each of the 256 folders `ab`, and the 65,536 folders `ab/cd`, whose own name is known to be on the disk. */
  readonly #uppers = new Uint8Array(256);
  readonly #leaves = new Uint8Array(65_536);

  constructor(root: string) {
    this.#root = root;
  }

  /** The root's own name. */
  settleRoot(): Promise<void> {
    return this.#directories.sync(dirname(this.#root));
  }

  leafOf(sha256: Sha256): string {
    return join(this.#root, sha256.slice(0, 2), sha256.slice(2, 4));
  }

  pathOf(sha256: Sha256): string {
    return join(this.leafOf(sha256), sha256);
  }

  /** Makes the object's folder if this process doesn't know it; `made` means that nothing was in it a moment ago. */
  async make(sha256: Sha256): Promise<'made' | 'known' | 'present'> {
    if (this.#leaves[leafNumber(sha256)]) return 'known';
    const leaf = this.leafOf(sha256);
    try {
      await mkdir(leaf, MODE);
      return 'made';
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return 'present';
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
    return (await mkdir(leaf, { recursive: true, mode: MODE })) === undefined ? 'present' : 'made';
  }

  /** Somebody removed folders behind our back: what was known of this one no longer holds. */
  forget(sha256: Sha256): void {
    this.#leaves[leafNumber(sha256)] = 0;
    this.#uppers[upperNumber(sha256)] = 0;
  }

  /** Makes the object's name durable, and the names of the folders above it where that isn't known. */
  async settle(sha256: Sha256): Promise<void> {
    const leaf = this.leafOf(sha256);
    if (this.#leaves[leafNumber(sha256)]) return this.#directories.sync(leaf);
    const unsure = this.#uppers[upperNumber(sha256)] ? [leaf, dirname(leaf)] : [leaf, dirname(leaf), this.#root];
    await Promise.all(unsure.map((directory) => this.#directories.sync(directory)));
    this.#uppers[upperNumber(sha256)] = 1;
    this.#leaves[leafNumber(sha256)] = 1;
  }
}

const upperNumber = (sha256: Sha256): number => Number.parseInt(sha256.slice(0, 2), 16);
const leafNumber = (sha256: Sha256): number => Number.parseInt(sha256.slice(0, 4), 16);
