import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Checkpoint, formatVerifier, openCheckpoint, parseVerifier, type Verifier } from '@isocenter/ledger';

type Environment = Readonly<Record<string, string | undefined>>;

interface Kept {
  readonly key: string;
  readonly checkpoint: string;
}

/** What was last seen of a server's log, kept from one run to the next. */
export class Remembered {
  readonly #file: string;
  readonly #kept: Kept | undefined;

  private constructor(file: string, kept: Kept | undefined) {
    this.#file = file;
    this.#kept = kept;
  }

  static async open(server: string, env: Environment): Promise<Remembered> {
    const name = createHash('sha256').update(server.replace(/\/+$/, '')).digest('hex').slice(0, 16);
    const file = join(env.XDG_CACHE_HOME ?? join(env.HOME ?? homedir(), '.cache'), 'isocenter', `log-${name}.json`);
    try {
      return new Remembered(file, JSON.parse(await readFile(file, 'utf8')) as Kept);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return new Remembered(file, undefined);
    }
  }

  get key(): Verifier | undefined {
    return this.#kept && parseVerifier(this.#kept.key);
  }

  checkpoint(verifier: Verifier): Checkpoint | undefined {
    return this.#kept && openCheckpoint(this.#kept.checkpoint, verifier);
  }

  async keep(verifier: Verifier, checkpoint: string): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(`${this.#file}.new`, JSON.stringify({ key: formatVerifier(verifier), checkpoint } satisfies Kept));
    await rename(`${this.#file}.new`, this.#file);
  }
}
