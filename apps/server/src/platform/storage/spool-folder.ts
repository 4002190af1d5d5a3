import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256 } from '@isocenter/contract';

/** Who writes into a folder: enough to tell, on the same machine, whether that process still lives. */
interface Owner {
  readonly pid: number;
  /** Clock ticks after boot at which the process began: tells it from a later process with the same number. */
  readonly startTime: string;
  readonly bootId: string;
  /** Process numbers mean something only inside one namespace (a container has its own). */
  readonly pidNamespace: string;
}

export interface Leftovers {
  readonly folders: number;
  /** Unfinished ones. */
  readonly files: number;
}

/** A finished file whose process is gone or has given it up: only the index knows whether it was acknowledged. */
export interface StagedFile {
  readonly sha256: Sha256;
  readonly path: string;
}

const OWNER = 'owner.json';
const HEARTBEAT = 'heartbeat';
const OURS: readonly string[] = [OWNER, HEARTBEAT];
/** `<address>.<name>`, and what `LEFT` names when its process has given it up. */
const STAGED = /^([0-9a-f]{64})\.[^.]+(\.left)?$/;
export const LEFT = '.left';

/**
 * One process's own folder in a spool that several processes, possibly on several machines, share. Its heartbeat file
 * is rewritten now and then; {@link removeLeftovers} takes away the folders of processes that are gone.
 */
export class SpoolFolder {
  readonly path: string;
  readonly #root: string;
  readonly #owner: Owner | undefined;
  readonly #timer: NodeJS.Timeout;

  private constructor(root: string, owner: Owner | undefined, heartbeatMs: number) {
    this.#root = root;
    this.#owner = owner;
    this.path = join(root, `${process.pid}-${randomBytes(6).toString('hex')}`);
    this.#timer = setInterval(() => void this.beat().catch(() => undefined), heartbeatMs).unref();
  }

  static async claim(root: string, heartbeatMs: number): Promise<SpoolFolder> {
    const folder = new SpoolFolder(root, await ownerOf('self'), heartbeatMs);
    try {
      await folder.beat();
    } catch (error) {
      // On a full disk the folder may be there without saying whose it is: others would wait for its heartbeat to age.
      await folder.release();
      throw error;
    }
    return folder;
  }

  /** Shows that this process lives; makes the folder (again) when it isn't there. */
  async beat(): Promise<void> {
    const text = new Date().toISOString();
    try {
      await writeFile(join(this.path, HEARTBEAT), text);
    } catch {
      await mkdir(this.path, { recursive: true, mode: 0o700 });
      await writeFile(join(this.path, HEARTBEAT), text);
      await writeFile(join(this.path, OWNER), JSON.stringify(this.#owner ?? {}));
    }
  }

  /** Removes what processes that are gone left unfinished: they can't have acknowledged it. */
  async removeLeftovers(staleMs: number): Promise<Leftovers> {
    let [folders, files] = [0, 0];
    for (const { path, alive } of await this.#folders(staleMs)) {
      if (alive) continue;
      const names = await namesIn(path);
      const unfinished = names.filter((name) => !STAGED.test(name) && !OURS.includes(name));
      files += unfinished.length;
      if (names.some((name) => STAGED.test(name))) {
        for (const name of unfinished) await rm(join(path, name), { recursive: true, force: true });
      } else {
        await rm(path, { recursive: true, force: true });
        folders++;
      }
    }
    return { folders, files };
  }

  /** Finished files of processes that are gone, and those that living ones have left. */
  async *abandoned(staleMs: number): AsyncGenerator<StagedFile, void, void> {
    for (const { path, alive } of await this.#folders(staleMs)) {
      for (const name of await namesIn(path)) {
        const [, sha256, left] = STAGED.exec(name) ?? [];
        if (sha256 && (left || !alive)) yield { sha256: sha256 as Sha256, path: join(path, name) };
      }
    }
  }

  /** Where a finished file with this address lies, of whatever process. */
  async find(sha256: Sha256): Promise<string | undefined> {
    for (const folder of await namesIn(this.#root)) {
      const name = (await namesIn(join(this.#root, folder))).find((one) => one.startsWith(`${sha256}.`));
      if (name !== undefined) return join(this.#root, folder, name);
    }
    return undefined;
  }

  /** What is finished stays, for another process to settle. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    const names = await namesIn(this.path);
    if (!names.some((name) => STAGED.test(name))) await rm(this.path, { recursive: true, force: true });
  }

  async #folders(staleMs: number): Promise<{ readonly path: string; readonly alive: boolean }[]> {
    await this.beat();
    // Compared with our own heartbeat, not with the clock: on a shared file system the server sets the times.
    const now = (await stat(join(this.path, HEARTBEAT))).mtimeMs;
    const folders: { path: string; alive: boolean }[] = [];
    for (const entry of await readdir(this.#root, { withFileTypes: true })) {
      const path = join(this.#root, entry.name);
      if (!entry.isDirectory()) continue;
      folders.push({ path, alive: path === this.path || (await this.#isAlive(path, now - staleMs)) });
    }
    return folders;
  }

  async #isAlive(path: string, oldestBeat: number): Promise<boolean> {
    const owner = await readOwner(path);
    if (this.#owner && owner?.bootId === this.#owner.bootId && owner.pidNamespace === this.#owner.pidNamespace) {
      return (await ownerOf(owner.pid))?.startTime === owner.startTime;
    }
    const beat = await stat(join(path, HEARTBEAT)).catch(() => stat(path).catch(() => undefined));
    return beat === undefined || beat.mtimeMs >= oldestBeat;
  }
}

const namesIn = (path: string): Promise<string[]> => readdir(path).catch(() => []);

/** A process as Linux's /proc shows it (proc(5)); undefined where it isn't running or there is no such file. */
async function ownerOf(pid: number | 'self'): Promise<Owner | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses and may hold spaces: count from behind it.
    const startTime = text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
    if (startTime === undefined) return undefined;
    return {
      pid: pid === 'self' ? process.pid : pid,
      startTime,
      bootId: (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim(),
      pidNamespace: await readlink('/proc/self/ns/pid'),
    };
  } catch {
    return undefined;
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(join(path, OWNER), 'utf8'));
    return isOwner(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false;
  const owner: Partial<Record<keyof Owner, unknown>> = value;
  return (
    typeof owner.pid === 'number' &&
    typeof owner.startTime === 'string' &&
    typeof owner.bootId === 'string' &&
    typeof owner.pidNamespace === 'string'
  );
}
