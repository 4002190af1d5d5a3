import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, fsyncSync, openSync, renameSync, rmSync, writevSync } from 'node:fs';
import { join } from 'node:path';
import type { Sha256 } from '@isocenter/contract';

/** A file to be written at once, by a thread that may wait for the disk. */
export interface FileToWrite {
  readonly folder: string;
  /** Its name in the folder, while it is unfinished. */
  readonly name: string;
  /** The address, where it is known already: else that of the bytes. */
  readonly sha256?: Sha256;
  /** In shared memory, so that handing them over copies nothing. */
  readonly pieces: readonly Uint8Array[];
  /** Whether to wait until the file, under its finished name, is on the disk. */
  readonly sync: boolean;
}

/** Only what is whole and on the disk has its address in its name. */
export const finishedName = (sha256: Sha256, name: string): string => `${sha256}.${name}`;

/**
 * Hashes and writes the file, syncs it and its name; answers its address. One visit to a thread instead of five to Node's pool: for files of some hundred
 * kilobytes, waking threads is what costs.
 */
export function writeFileAtOnce({ folder, name, pieces, sha256 = addressOf(pieces), sync }: FileToWrite): Sha256 {
  const path = join(folder, name);
  // Read-only from the beginning: an object is written once, through this descriptor.
  const file = openSync(path, 'wx', 0o440);
  try {
    try {
      writeAll(file, pieces);
      // fdatasync leaves out only what isn't needed to read the file back (its times). Length, blocks and, as the file is
      // new, the inode itself with its mode are included.
      if (sync) fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
    if (sync) {
      renameSync(path, join(folder, finishedName(sha256, name)));
      syncFolder(folder);
    }
    return sha256;
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

function addressOf(pieces: readonly Uint8Array[]): Sha256 {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex') as Sha256;
}

function writeAll(file: number, pieces: readonly Uint8Array[]): void {
  let left = [...pieces];
  let position = 0;
  while (left.length > 0) {
    const written = writevSync(file, left, position);
    position += written;
    left = withoutFirst(left, written);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** What is left to write of the pieces when some bytes were written: the disk may take less than it was given. */
export function withoutFirst(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let done = bytes;
  const left: Uint8Array[] = [];
  for (const piece of pieces) {
    if (done >= piece.length) done -= piece.length;
    else {
      left.push(done > 0 ? piece.subarray(done) : piece);
      done = 0;
    }
  }
  return left;
}
