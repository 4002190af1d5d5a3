import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import type { Binaries } from './binaries.ts';
import { here, run } from './cluster-processes.ts';
import { DatabaseStartError } from './database-error.ts';
import { endLeftovers } from './leftovers.ts';
import type { RunAs } from './run-as.ts';

/** The major version whose clusters our binaries read. */
const majorVersion = '18';

/** The role that owns everything in an embedded cluster. */
export const superuser = 'isocenter';

/**
 * The password lies in the cluster's own folder, which only its user and root may enter: it can't be lost without the
 * cluster, and guards the socket should its user (`nobody`) be shared with other programs.
 */
export const passwordFile = 'isocenter-password';

/** Makes the cluster where there is none; refuses one that these binaries can't read. */
export async function ensureCluster(
  clusterDir: string,
  binaries: Binaries,
  runAs: RunAs | undefined,
  log: Log,
): Promise<void> {
  const version = await readVersion(clusterDir);
  if (version === undefined) {
    log.info('making the embedded database');
    await makeCluster(clusterDir, binaries, runAs, log);
  } else if (version !== majorVersion) {
    throw new DatabaseStartError(
      `The embedded database (${clusterDir}) was made by PostgreSQL ${version}; this version of Isocenter has ${majorVersion}. ` +
        'Export it with the version that made it, and import it here.',
    );
  }
}

async function readVersion(clusterDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).trim();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      throw new DatabaseStartError(
        `The folder of the embedded database (${clusterDir}) can't be read (${code}). ` +
          'It belongs to the user that made it: start Isocenter as that user, or as root.',
        { cause },
      );
    }
  }
  const strangers = await readdir(clusterDir).catch(() => []);
  if (strangers.length === 0) return undefined;
  throw new DatabaseStartError(
    `The folder ${clusterDir} is not empty and holds no database. Move away what is in it, or name another folder in ISOCENTER_DATA.`,
  );
}

/** Under another name until it is complete: a kill in between leaves nothing that looks like a cluster. */
async function makeCluster(clusterDir: string, binaries: Binaries, runAs: RunAs | undefined, log: Log): Promise<void> {
  const workplace = `${clusterDir}.new`;
  const cluster = join(workplace, 'cluster');
  const password = join(workplace, 'password');
  // A killed run may have left behind not only files, but also the program that is still making them.
  if (existsSync(cluster)) await endLeftovers(cluster, log);
  await rm(workplace, { recursive: true, force: true });
  for (const folder of [workplace, cluster]) {
    await mkdir(folder, { mode: 0o700 });
    await handOver(folder, runAs);
  }
  await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  await handOver(password, runAs);
  // Collation by code point, independent of the machine's locale and of the versions of its libraries: an index made
  // on one machine is right on every other.
  const flags = [
    `--pgdata=${here}`,
    '--pwfile=../password',
    `--username=${superuser}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
  ];
  const { code, output } = await run(cluster, binaries.initdb, flags, runAs);
  if (code !== 0)
    throw new DatabaseStartError(`The embedded database can't be made. PostgreSQL says:\n${output.trim()}`);
  await rename(password, join(cluster, passwordFile));
  await rename(cluster, clusterDir);
  await rm(workplace, { recursive: true, force: true });
}

async function handOver(path: string, runAs: RunAs | undefined): Promise<void> {
  if (runAs === undefined) return;
  try {
    await chown(path, runAs.uid, runAs.gid);
  } catch (cause) {
    throw new DatabaseStartError(
      `The folder of the embedded database can't be given to the user '${runAs.name}' (${(cause as NodeJS.ErrnoException).code}), ` +
        "and PostgreSQL doesn't run as root. Start Isocenter as an ordinary user, or set DATABASE_URL.",
      { cause },
    );
  }
}
