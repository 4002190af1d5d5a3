import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { Cluster, type Connection, readPassword, socketConnection } from './cluster.ts';
import { clusterSettings } from './cluster-settings.ts';
import { DatabaseStartError } from './database-error.ts';
import type { Tables } from './tables.ts';

export type { Tables } from './tables.ts';

/** The database as the rest of the server sees it. */
export interface Database {
  readonly pool: pg.Pool;
  readonly db: Kysely<Tables>;
  /** For clients that need a connection of their own (LISTEN, the job queue). */
  readonly connection: Connection;
  /** Runs `fn` in one transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(fn: (tx: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** Ends the connections, and the embedded PostgreSQL if it was started with them. */
  close(): Promise<void>;
  /** Ends the embedded PostgreSQL without waiting for anything. */
  kill(): void;
}

export interface OpenOptions {
  /**
   * `own` (default) starts the embedded PostgreSQL: for the holder of the data folder's lock. `join` uses the one that
   * another process of this machine runs: for workers and the doctor.
   */
  readonly embedded?: 'own' | 'join';
  /** Called when the embedded PostgreSQL is gone for good. */
  readonly onLost?: (reason: string) => void;
}

type Settings = Pick<Config, 'dataDir' | 'databaseUrl' | 'databaseConnections'>;

/** The folder of the embedded cluster. */
export const clusterDirOf = (dataDir: string): string => join(dataDir, 'postgres');

/** Opens the database: the one in DATABASE_URL, or the embedded one. Does not migrate (see migrate). */
export async function openDatabase(config: Settings, log: Log, options: OpenOptions = {}): Promise<Database> {
  if (config.databaseUrl !== undefined) {
    const connection = { connectionString: config.databaseUrl };
    await assertReachable(connection);
    return connect(connection, config.databaseConnections, log, {
      close: async () => undefined,
      kill: () => undefined,
    });
  }
  if (options.embedded === 'join') return joinEmbedded(config, log);
  const cluster = await Cluster.start({
    clusterDir: clusterDirOf(config.dataDir),
    runtimeDir: join(config.dataDir, 'runtime'),
    settings: clusterSettings(),
    log,
    ...(options.onLost ? { onLost: options.onLost } : {}),
  });
  return connect(cluster.connection, config.databaseConnections, log, {
    close: () => cluster.stop(),
    kill: () => cluster.kill(),
  });
}

async function joinEmbedded(config: Settings, log: Log): Promise<Database> {
  const clusterDir = clusterDirOf(config.dataDir);
  let folder: number;
  let password: string;
  try {
    password = await readPassword(clusterDir);
    folder = openSync(clusterDir, 'r');
  } catch (cause) {
    throw new DatabaseStartError(
      `There is no embedded database in ${config.dataDir} that this user may use (${(cause as NodeJS.ErrnoException).code}). ` +
        'Start the server first, with the same ISOCENTER_DATA and as the same user, or set DATABASE_URL.',
      { cause },
    );
  }
  const connection = socketConnection(folder, password);
  try {
    await assertReachable(connection);
  } catch (error) {
    closeSync(folder);
    throw error;
  }
  return connect(connection, config.databaseConnections, log, {
    close: async () => closeSync(folder),
    kill: () => undefined,
  });
}

async function assertReachable(connection: Connection): Promise<void> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 15_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number }>(
      "select current_setting('server_version_num')::int as version",
    );
    const version = rows[0]?.version ?? 0;
    if (version < 160_000) {
      throw new DatabaseStartError(
        `The database is PostgreSQL ${Math.floor(version / 10_000)}; Isocenter needs 16 or newer.`,
      );
    }
  } catch (cause) {
    if (cause instanceof DatabaseStartError) throw cause;
    const { code, message } = cause as { code?: string; message: string };
    throw new DatabaseStartError(
      `The database can't be reached (${code ?? message}). ` +
        (connection.connectionString === undefined
          ? 'Start the server first: it runs the embedded database.'
          : 'Check that PostgreSQL runs, and the host, user, password and database name in DATABASE_URL.'),
      { cause },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** OIDs of types whose values pg would otherwise give as text (int8) or as a moment of this machine's time zone (date). */
const int8 = 20;
const date = 1082;

const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (format !== 'binary') {
      // Counts and sizes stay far below 2^53.
      if (oid === int8) return Number;
      if (oid === date) return (text: string) => text;
    }
    return pg.types.getTypeParser(oid, format);
  },
};

function connect(connection: Connection, max: number, log: Log, server: Pick<Database, 'close' | 'kill'>): Database {
  let closed: Promise<void> | undefined;
  const pool = new pg.Pool({
    ...connection,
    max,
    types,
    application_name: 'isocenter',
    connectionTimeoutMillis: 30_000,
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', (error) => {
    if (closed === undefined) log.warn({ err: error }, 'a database connection broke');
  });
  // So does one that breaks in use: whoever uses it is told by the query at hand or the next one.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    pool,
    db,
    connection,
    transaction: (fn) => db.transaction().execute(fn),
    close: () => {
      closed ??= db.destroy().then(server.close);
      return closed;
    },
    kill: server.kill,
  };
}
