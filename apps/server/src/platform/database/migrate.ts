import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import type { Log } from '../log.ts';
import { DatabaseStartError } from './database-error.ts';

/** One forward step of the schema. */
export interface Migration {
  /** The file's name without `.sql`: `0010-archive`. */
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Held while migrating, so that of several servers that start at once one migrates and the others wait. */
const advisoryLock = 0x150c3e7e;

const migrationsFolder = fileURLToPath(new URL('../../../migrations/', import.meta.url));
const fileName = /^\d{4}-[a-z0-9-]+\.sql$/;

/** The migrations of the program, in order. */
export async function readMigrations(folder: string = migrationsFolder): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const seen = new Map<string, string>();
  return Promise.all(
    files.map(async (file) => {
      if (!fileName.test(file))
        throw new DatabaseStartError(`The migration ${file} is not named NNNN-what-it-does.sql.`);
      const twin = seen.get(file.slice(0, 4));
      if (twin) throw new DatabaseStartError(`The migrations ${twin} and ${file} have the same number.`);
      seen.set(file.slice(0, 4), file);
      const sql = await readFile(new URL(file, `file://${folder.endsWith('/') ? folder : `${folder}/`}`), 'utf8');
      return { name: file.slice(0, -4), sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** What migrating would do: the ones not applied yet. Refuses a database that this version can't have made. */
export async function pendingMigrations(
  client: pg.Pool | pg.ClientBase,
  migrations: readonly Migration[],
): Promise<Migration[]> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    "select to_regclass('migration') is not null as exists",
  );
  if (!found[0]?.exists) return [...migrations];
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from migration order by name',
  );
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum } of rows) {
    const migration = known.get(name);
    if (!migration) {
      throw new DatabaseStartError(
        `The database has the migration ${name}, which this version of Isocenter doesn't know: it was used by a newer one. ` +
          'Start that version, or restore a backup made before the upgrade.',
      );
    }
    if (migration.checksum !== checksum) {
      throw new DatabaseStartError(
        `The migration ${name} has changed since it was applied to this database. Migrations are never edited: ` +
          'restore its file from the release, and put the change into a new one.',
      );
    }
  }
  const applied = new Set(rows.map((row) => row.name));
  return migrations.filter((migration) => !applied.has(migration.name));
}

/** Brings the schema forward: each migration in a transaction of its own, under a lock. Returns the names applied. */
export async function migrate(pool: pg.Pool, log: Log, migrations?: readonly Migration[]): Promise<string[]> {
  const all = migrations ?? (await readMigrations());
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLock]);
    await client.query(
      'create table if not exists migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    );
    const pending = await pendingMigrations(client, all);
    for (const migration of pending) await apply(client, migration, log);
    return pending.map((migration) => migration.name);
  } finally {
    // The lock belongs to the session: a connection that can't give it up is closed.
    const kept = await client.query('select pg_advisory_unlock($1)', [advisoryLock]).catch((error: Error) => error);
    client.release(kept instanceof Error ? kept : undefined);
  }
}

async function apply(client: pg.ClientBase, { name, sql, checksum }: Migration, log: Log): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into migration (name, checksum) values ($1, $2)', [name, checksum]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    const { message, position } = cause as { message: string; position?: string };
    const line = position === undefined ? '' : ` (line ${sql.slice(0, Number(position)).split('\n').length})`;
    throw new DatabaseStartError(`The migration ${name} failed${line}: ${message}. Nothing of it was kept.`, { cause });
  }
  log.info({ migration: name }, 'migrated the database');
}
