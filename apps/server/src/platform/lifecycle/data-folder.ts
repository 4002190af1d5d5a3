import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from './start-error.ts';

/** The data folder, held by this process alone. */
export interface DataFolder {
  readonly path: string;
  /** Says in the folder where the server answers, for the doctor and for whoever tries to start a second one. */
  announce(url: string): void;
  release(): void;
}

/** Who holds a data folder, as far as it has said so. */
export interface Holder {
  readonly pid: number;
  readonly startedAt: string;
  readonly url?: string;
}

/** A lock that nobody refers to would be collected as garbage, and given up with that. */
const held = new Set<DatabaseSync>();

const lockFile = 'lock';
const holderFile = 'server.json';

/**
 * Takes the data folder for this process, making it when missing.
 *
 * The lock is the one that SQLite takes on a file: the kernel gives it up when the process ends, however it ends, and it
 * holds between containers that share the folder, where process ids mean nothing.
 */
export function lockDataFolder(path: string): DataFolder {
  const lock = open(path);
  try {
    lock.exec('begin exclusive');
  } catch (cause) {
    lock.close();
    throw isBusy(cause) ? inUse(path, cause) : cannotLock(path, cause);
  }
  held.add(lock);
  const tell = (holder: Holder) =>
    writeFileSync(join(path, holderFile), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  const me = { pid: process.pid, startedAt: new Date().toISOString() };
  tell(me);
  return {
    path,
    announce: (url) => tell({ ...me, url }),
    release: () => {
      rmSync(join(path, holderFile), { force: true });
      held.delete(lock);
      lock.close();
    },
  };
}

/** Who holds the folder now; undefined when nobody does. */
export function holderOf(path: string): Holder | undefined {
  const lock = open(path);
  try {
    lock.exec('begin exclusive');
    return undefined;
  } catch (cause) {
    if (!isBusy(cause)) throw cannotLock(path, cause);
    return readHolder(path) ?? { pid: 0, startedAt: '' };
  } finally {
    lock.close();
  }
}

function open(path: string): DatabaseSync {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return new DatabaseSync(join(path, lockFile));
  } catch (cause) {
    throw cannotLock(path, cause);
  }
}

/** SQLITE_BUSY */
const isBusy = (error: unknown): boolean => (error as { errcode?: number }).errcode === 5;

function inUse(path: string, cause: unknown): StartError {
  const holder = readHolder(path);
  const who = holder
    ? ` (process ${holder.pid}, since ${holder.startedAt}${holder.url ? `, at ${holder.url}` : ''})`
    : '';
  return new StartError(
    `Another Isocenter is using the data folder ${path}${who}. ` +
      'Stop it first, or name another folder in ISOCENTER_DATA. To add workers to a running server, use `isocenter worker`.',
    { cause },
  );
}

function cannotLock(path: string, cause: unknown): StartError {
  const { code, message } = cause as { code?: string; message: string };
  return new StartError(
    `The data folder ${path} can't be used (${code === 'ERR_SQLITE_ERROR' ? message : (code ?? message)}). ` +
      'Name a folder on a local disk in ISOCENTER_DATA that this user may write to.',
    { cause },
  );
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(join(path, holderFile), 'utf8')) as Holder;
  } catch {
    return undefined; // not written yet, or not readable by this user
  }
}
