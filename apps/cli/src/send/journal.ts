import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { LocalFile } from './local-files.ts';

/**
 * Remembers what a server has acknowledged, so that a second run goes on where the first was cut off. One line for each
 * file: a hash of its path, size and time, because paths may hold patients' names.
 */
export class Journal {
  readonly #acknowledged: Set<string>;
  readonly #file: number;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#file = openSync(path, 'a+', 0o600);
    this.#acknowledged = new Set(readFileSync(this.#file, 'utf8').split('\n'));
  }

  has(file: LocalFile): boolean {
    return this.#acknowledged.has(keyOf(file));
  }

  add(files: readonly LocalFile[]): void {
    const keys = files.map(keyOf).filter((key) => !this.#acknowledged.has(key));
    for (const key of keys) this.#acknowledged.add(key);
    // The leading line break ends a line that a killed run left half written.
    if (keys.length > 0) writeSync(this.#file, `\n${keys.join('\n')}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

const keyOf = (file: LocalFile): string =>
  createHash('sha256')
    .update(`${resolve(file.path)}\0${file.size}\0${file.modifiedMs}`)
    .digest('base64url');

/**
 * One journal for each archive at each address that instances are sent to: `~/.cache/isocenter/send-….journal`.
 *
 * @param archive what the server calls itself, if it does: an emptied server is another archive.
 */
export function defaultJournal(
  address: string,
  archive: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const name = createHash('sha256').update(`${address} ${archive}`).digest('hex').slice(0, 16);
  return join(cache, 'isocenter', `send-${name}.journal`);
}
