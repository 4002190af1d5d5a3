import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { bootstrapTokenFile } from '../lifecycle/bootstrap-token.ts';
import { codeOf, type Finding, verdicts } from './finding.ts';

const GB = 1e9;
const scarce = { warn: 10 * GB, fail: 1 * GB };

/** File systems (statfs(2), f_type) on which locks, fsync or file modes aren't what a database needs. */
const unfit: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'SMB',
  4266872130: 'SMB',
  16914839: '9p',
  1702057286: 'FUSE',
  16914836: 'tmpfs (memory)',
};

/** The data folder can be written, has room, and lies on a disk of this machine. */
export async function* checkDataFolder(config: Config): AsyncGenerator<Finding> {
  const { ok, warn, fail } = verdicts('data folder');
  const { dataDir } = config;
  const place = nearest(dataDir);
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch (error) {
    yield fail(
      `${dataDir} can't be written by this user (${codeOf(error)}).`,
      `Give the folder to this user (uid ${process.getuid?.()}), or name another one in ISOCENTER_DATA.`,
    );
    return;
  }
  yield ok(place === dataDir ? dataDir : `${dataDir}, made at the first start`);
  const { type, bavail, bsize } = await statfs(place);
  const fileSystem = unfit[type];
  if (fileSystem !== undefined && config.databaseUrl === undefined) {
    yield warn(
      `It lies on ${fileSystem}: the embedded database may lose data there.`,
      'Use a disk of this machine, or a PostgreSQL of your own (DATABASE_URL).',
    );
  }
  yield freeSpace(bavail * bsize);
  yield* tokenFile(dataDir);
}

function freeSpace(bytes: number): Finding {
  const { ok, warn, fail } = verdicts('disk');
  const free = `${(bytes / GB).toFixed(1)} GB free`;
  const remedy = 'Make room, or move the data folder to a larger disk.';
  if (bytes < scarce.fail) return fail(`Only ${free}.`, remedy);
  return bytes < scarce.warn ? warn(`Only ${free}.`, remedy) : ok(free);
}

/** The folder, or of what is above it the lowest that is there. */
function nearest(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearest(dirname(path));
}

function* tokenFile(dataDir: string): Generator<Finding> {
  const file = bootstrapTokenFile(dataDir);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || (found.mode & 0o077) === 0) return;
  yield verdicts('token').warn(`Other users of this machine may read ${join(file)}.`, `Run: chmod 600 '${file}'`);
}
