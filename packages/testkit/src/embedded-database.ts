import { join } from 'node:path';
import { type Database, endLeftovers, openDatabase, processesIn, silentLog } from '@isocenter/server/testing';

/** The embedded PostgreSQL of a server process, as others on its machine see it. */

/** Where a server keeps its cluster. */
const clusterDirOf = (dataDir: string): string => join(dataDir, 'postgres');

/** A way into the database of a running server, as a worker has it. */
export const openEmbeddedDatabase = (dataDir: string, databaseConnections: number): Promise<Database> =>
  openDatabase({ dataDir, databaseConnections }, silentLog(), { embedded: 'join' });

/** Uses the database of a running server as a worker would. */
export async function askEmbeddedDatabase<Row extends object>(dataDir: string, sql: string): Promise<Row[]> {
  const database = await openEmbeddedDatabase(dataDir, 2);
  try {
    return (await database.pool.query<Row>(sql)).rows;
  } finally {
    await database.close();
  }
}

/** `kill -9` of every one of its processes, as the out-of-memory killer or a power failure would. */
export async function killEmbeddedDatabase(dataDir: string): Promise<void> {
  for (const pid of await processesIn(clusterDirOf(dataDir))) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // Each ends by itself when another one is gone.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Ends what a killed server left running: for the end of a test. */
export async function endEmbeddedDatabase(dataDir: string): Promise<void> {
  await endLeftovers(clusterDirOf(dataDir), silentLog()).catch(() => undefined);
}
