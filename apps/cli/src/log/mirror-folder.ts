import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type Checkpoint,
  type LogSource,
  openCheckpoint,
  parseTilePath,
  parseVerifier,
  TILE_WIDTH,
  type Verifier,
} from '@isocenter/ledger';
import { LogFailure } from './log-failure.ts';

/** The copy of a log in a folder: its files at the paths of C2SP tlog-tiles, and the key that it was first seen with. */
export class MirrorFolder implements LogSource {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return new Uint8Array(await readFile(join(this.folder, path)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async has(path: string): Promise<boolean> {
    return stat(join(this.folder, path)).then(
      () => true,
      () => false,
    );
  }

  /** Whole or not at all, also when the machine loses its power. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(`${file}.new`, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.new`, file);
  }

  /** The key that the log was first seen with; undefined in a folder that is no mirror yet. */
  async key(): Promise<Verifier | undefined> {
    const bytes = await this.read('key');
    return bytes && parseVerifier(new TextDecoder().decode(bytes).trim());
  }

  /** The last checkpoint that was mirrored. */
  async checkpoint(verifier: Verifier): Promise<Checkpoint | undefined> {
    const bytes = await this.read('checkpoint');
    return bytes && openCheckpoint(new TextDecoder().decode(bytes), verifier);
  }

  /** Removes files but those that are to stay. */
  async forget(paths: Iterable<string>, staying: ReadonlySet<string>): Promise<void> {
    for (const path of paths) if (!staying.has(path)) await rm(join(this.folder, path), { force: true });
  }

  /** Removes partial tiles that wider ones have taken the place of. */
  async tidy(size: number): Promise<void> {
    const files = await readdir(join(this.folder, 'tile'), { recursive: true }).catch(() => []);
    for (const file of files.filter((name) => name.includes('.p/'))) {
      const tile = parseTilePath(`tile/${file}`);
      const level = tile?.level === 'entries' ? 0 : tile?.level;
      if (tile === undefined || level === undefined) continue;
      const hashes = Math.floor(size / TILE_WIDTH ** level) - tile.index * TILE_WIDTH;
      if (hashes !== tile.width) await rm(join(this.folder, 'tile', file));
    }
  }
}

/** The key to verify with: typed, else remembered. They must not differ. */
export async function keyOf(mirror: MirrorFolder, typed: string | undefined): Promise<Verifier | undefined> {
  const kept = await mirror.key();
  if (typed === undefined) return kept;
  const verifier = parseKey(typed);
  if (kept !== undefined && Buffer.compare(kept.publicKey, verifier.publicKey) !== 0)
    throw new LogFailure(`the mirror in ${mirror.folder} is of a log with another key`);
  return verifier;
}

export function parseKey(text: string): Verifier {
  try {
    return parseVerifier(text);
  } catch {
    throw new LogFailure('the key is not written as a verifier key: name+hash+base64');
  }
}
