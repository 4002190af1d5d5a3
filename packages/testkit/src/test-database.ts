import { randomBytes } from 'node:crypto';
import { type Database, openDatabase, silentLog } from '@isocenter/server/testing';
import { afterAll, beforeAll, inject } from 'vitest';
import { databaseUrl, runStatement, templateName } from './database-broker.ts';

/** A database of a test file's own, migrated and empty. */
export interface TestDatabase {
  /** For DATABASE_URL. */
  readonly url: string;
  readonly database: Database;
}

/**
 * Gives the test file a database of its own, a copy of the migrated template, and drops it after the file's last test.
 * Call it once at the top of the file; what it returns can be used from the first hook on.
 */
export function testDatabase(): TestDatabase {
  let made: (TestDatabase & { drop(): Promise<void> }) | undefined;
  beforeAll(async () => {
    made = await createTestDatabase();
  });
  afterAll(async () => {
    await made?.drop();
  });
  const use = (): TestDatabase => {
    if (!made)
      throw new Error('The test database is there from the first beforeAll hook on, not while tests are declared.');
    return made;
  };
  return {
    get url() {
      return use().url;
    },
    get database() {
      return use().database;
    },
  };
}

/** The same without hooks, for tests that need several. */
export async function createTestDatabase(): Promise<TestDatabase & { drop(): Promise<void> }> {
  const server = await serverUrl();
  const name = `test_${randomBytes(6).toString('hex')}`;
  // Two copies of one template can't be made at once; PostgreSQL says so at once, and it takes some milliseconds.
  await retryWhileInUse(() =>
    runStatement(server, `create database ${name} template ${templateName} strategy wal_log`),
  );
  const url = databaseUrl(server, name);
  const database = await openDatabase({ dataDir: '', databaseUrl: url, databaseConnections: 8 }, silentLog());
  return {
    url,
    database,
    drop: async () => {
      await database.close();
      await runStatement(server, `drop database if exists ${name} with (force)`);
    },
  };
}

async function serverUrl(): Promise<string> {
  const response = await fetch(inject('databaseBroker'));
  const text = await response.text();
  if (!response.ok) throw new Error(`The test database can't be started: ${text}`);
  return text;
}

/** SQLSTATE object_in_use. */
const objectInUse = '55006';

async function retryWhileInUse(make: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await make();
    } catch (error) {
      if ((error as { code?: string }).code !== objectInUse || tries >= 50) throw error;
    }
  }
}
