import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { findBinaries } from '../database/binaries.ts';
import { clusterDirOf, type Database, openDatabase } from '../database/database.ts';
import { pendingMigrations, readMigrations } from '../database/migrate.ts';
import { runAsUser } from '../database/run-as.ts';
import { silentLog } from '../log.ts';
import { codeOf, type Finding, verdicts } from './finding.ts';

/** Seconds by which the database's clock may differ from ours. */
const maxSkew = 5;

/** The database answers and has the schema; or, with the embedded one at rest, it can be run. */
export async function* checkDatabase(config: Config, isServerRunning: boolean): AsyncGenerator<Finding> {
  const { fail } = verdicts('database');
  try {
    if (config.databaseUrl === undefined && !isServerRunning) yield await checkEmbedded(config);
    else yield* checkOpen(config);
  } catch (error) {
    yield fail((error as Error).message, 'Do what the message says, then run the doctor again.');
  }
}

async function* checkOpen(config: Config): AsyncGenerator<Finding> {
  const { ok, warn } = verdicts('database');
  const database = await openDatabase(config, silentLog(), { embedded: 'join' });
  try {
    const { version, skew, ms } = await ask(database);
    const which = config.databaseUrl === undefined ? 'embedded' : 'of your own';
    yield ok(`PostgreSQL ${version}, ${which}, answers in ${ms} ms`);
    const pending = await pendingMigrations(database.pool, await readMigrations());
    yield pending.length === 0
      ? verdicts('schema').ok('up to date')
      : verdicts('schema').warn(
          `${pending.length} migrations to come.`,
          'They are applied at the next start; make a backup before.',
        );
    if (skew > maxSkew) {
      yield warn(
        `Its clock differs from ours by ${Math.round(skew)} s.`,
        'Let both machines follow a time server (NTP).',
      );
    }
  } finally {
    await database.close();
  }
}

async function ask({ pool }: Database): Promise<{ version: string; skew: number; ms: number }> {
  const client = await pool.connect();
  try {
    const began = performance.now();
    const { rows } = await client.query<{ version: string; now: Date }>(
      "select current_setting('server_version') as version, clock_timestamp() as now",
    );
    const ms = Math.ceil(performance.now() - began);
    const [row] = rows;
    return { version: row?.version ?? 'unknown', skew: Math.abs(Date.now() - (row?.now.getTime() ?? 0)) / 1000, ms };
  } finally {
    client.release();
  }
}

/** The server starts it: here it is only seen to that its program runs. */
async function checkEmbedded(config: Config): Promise<Finding> {
  const { ok, fail } = verdicts('database');
  const clusterDir = clusterDirOf(config.dataDir);
  const runAs = runAsUser(clusterDir);
  const { postgres } = await findBinaries(runAs, join(config.dataDir, 'runtime'));
  const { status, stdout, stderr, error } = spawnSync(postgres, ['--version'], {
    encoding: 'utf8',
    cwd: '/',
    ...(runAs === undefined ? {} : { uid: runAs.uid, gid: runAs.gid }),
  });
  if (status !== 0) {
    return fail(
      `The embedded PostgreSQL can't be run (${error ? codeOf(error) : stderr.trim().split('\n')[0]}).`,
      'Install what is missing, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const version = /\d+\.\d+/.exec(stdout)?.[0] ?? 'of an unknown version';
  const user = runAs === undefined ? '' : `, runs as user ${runAs.name}`;
  return ok(`embedded PostgreSQL ${version}${user}; ${existsSync(clusterDir) ? 'at rest' : 'made at the first start'}`);
}
