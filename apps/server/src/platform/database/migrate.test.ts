import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, testDatabase } from '@isocenter/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../log.ts';
import { type Migration, migrate, pendingMigrations, readMigrations } from './migrate.ts';

const own = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'isocenter-migrations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The database as it is before the first migration. */
beforeEach(async () => {
  await own.database.pool.query('drop schema public cascade; create schema public');
});

const step = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
});
const run = (...migrations: Migration[]) => migrate(own.database.pool, silentLog(), migrations);
const query = async (sql: string) => (await own.database.pool.query(sql)).rows;

const first = step('0001-begin', 'create table thing (id int)');
const second = step('0002-go-on', 'alter table thing add name text');

test('[ARCH-4] the migrations of the program apply to an empty database, once', async () => {
  const all = await readMigrations();
  expect(await migrate(own.database.pool, silentLog())).toEqual(all.map((migration) => migration.name));
  expect(await migrate(own.database.pool, silentLog())).toEqual([]);
  expect(await pendingMigrations(own.database.pool, all)).toEqual([]);
});

test('[ARCH-4] migrations apply in order, each once, and later ones to a database that has the earlier', async () => {
  expect(await run(first)).toEqual(['0001-begin']);
  expect(await pendingMigrations(own.database.pool, [first, second])).toEqual([second]);
  expect(await run(first, second)).toEqual(['0002-go-on']);
  expect(await query('select name from migration order by name')).toEqual([
    { name: '0001-begin' },
    { name: '0002-go-on' },
  ]);
});

test('[ARCH-4] a migration that fails leaves nothing of itself, keeps the ones before, and says where', async () => {
  const broken = step('0002-break', 'create table other (id int);\nselect nonsense');
  await expect(run(first, broken)).rejects.toThrow(
    'The migration 0002-break failed (line 2): column "nonsense" does not exist. Nothing of it was kept.',
  );
  expect(
    await query("select to_regclass('thing') is not null as thing, to_regclass('other') is not null as other"),
  ).toEqual([{ thing: true, other: false }]);
  expect(await run(first, second)).toEqual(['0002-go-on']);
});

test('[ARCH-4] a migration that was edited after it was applied is refused', async () => {
  await run(first);
  await expect(run(step('0001-begin', 'create table thing (id bigint)'))).rejects.toThrow(
    'The migration 0001-begin has changed since it was applied',
  );
});

test('[ARCH-4] a database that a newer version has used is refused', async () => {
  await run(first, second);
  await expect(run(first)).rejects.toThrow(
    "has the migration 0002-go-on, which this version of Isocenter doesn't know",
  );
});

test('[OPS-2] of servers that start at once on one database, one migrates and the others wait', async () => {
  const slow = step('0001-slow', 'create table thing (id int); select pg_sleep(0.2)');
  const applied = await Promise.all(Array.from({ length: 4 }, () => run(slow, second)));
  expect(applied.flat().sort()).toEqual(['0001-slow', '0002-go-on']);
});

test('[ARCH-4] migrations that are misnamed or share a number are refused', async () => {
  writeFileSync(join(folder, '0001-a.sql'), 'select 1');
  expect(await readMigrations(folder)).toMatchObject([{ name: '0001-a', sql: 'select 1' }]);
  writeFileSync(join(folder, '0001-b.sql'), 'select 1');
  await expect(readMigrations(folder)).rejects.toThrow('0001-a.sql and 0001-b.sql have the same number');
  rmSync(join(folder, '0001-b.sql'));
  writeFileSync(join(folder, 'Two.sql'), 'select 1');
  await expect(readMigrations(folder)).rejects.toThrow('Two.sql is not named NNNN-what-it-does.sql');
});

test('[ARCH-4] counts come as numbers and dates as they are written', async () => {
  expect(await query("select count(*), date '2024-02-29' as day from pg_class where false")).toEqual([
    { count: 0, day: '2024-02-29' },
  ]);
});

test('[ARCH-4] a transaction is kept when its function returns, and undone when it throws', async () => {
  await run(first);
  const { database } = own;
  const insert = (name: string) => ({ name, checksum: '' });
  await database.transaction((tx) =>
    tx
      .insertInto('migration')
      .values(migrationRow(insert('kept')))
      .execute(),
  );
  const failing = database.transaction(async (tx) => {
    await tx
      .insertInto('migration')
      .values(migrationRow(insert('undone')))
      .execute();
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await query("select name from migration where checksum = ''")).toEqual([{ name: 'kept' }]);
});

const migrationRow = (row: { name: string; checksum: string }) => ({ ...row, applied_at: new Date() });

test('[ARCH-4] a test file has a database of its own', async () => {
  const other = await createTestDatabase();
  try {
    await own.database.pool.query('create table only_here (id int)');
    expect((await other.database.pool.query("select to_regclass('only_here') as found")).rows).toEqual([
      { found: null },
    ]);
  } finally {
    await other.drop();
  }
});
