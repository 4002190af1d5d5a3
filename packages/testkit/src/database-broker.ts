import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, clusterSettings, endLeftovers, migrate, silentLog } from '@isocenter/server/testing';
import pg from 'pg';

/** Names of the run's folder: the process id tells later runs whether it is still in use. */
const folderName = (pid: number): string => `isocenter-test-${pid}-`;
const folderPattern = /^isocenter-test-(\d+)-/;

/** The database that every test database is a copy of. */
export const templateName = 'template_isocenter';

/**
 * Lends the run's PostgreSQL to test files, which are processes of their own. It is started when the first one asks, so
 * that a run without database tests doesn't wait for it.
 */
export class DatabaseBroker {
  readonly url: string;
  readonly #server: Server;
  #cluster: Promise<TestCluster> | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  static async listen(): Promise<DatabaseBroker> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const broker = new DatabaseBroker(server);
    server.unref();
    server.on('request', (_request, response) => {
      broker.#cluster ??= startTestCluster();
      broker.#cluster.then(
        ({ url }) => response.end(url),
        (error: Error) => response.writeHead(500).end(error.message),
      );
    });
    return broker;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await (await this.#cluster?.catch(() => undefined))?.stop();
  }
}

interface TestCluster {
  /** Address of its `postgres` database, by the path of its socket's folder. */
  readonly url: string;
  stop(): Promise<void>;
}

async function startTestCluster(): Promise<TestCluster> {
  await removeAbandoned();
  const folder = await mkdtemp(join(tmpdir(), folderName(process.pid)));
  const clusterDir = join(folder, 'postgres');
  const cluster = await Cluster.start({
    clusterDir,
    runtimeDir: join(tmpdir(), `isocenter-runtime-${process.getuid?.() ?? 0}`),
    // What a test writes needn't outlive it.
    settings: {
      ...clusterSettings(200),
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      shared_buffers: '128MB',
    },
    log: silentLog(),
  });
  const { user, password } = cluster.connection;
  const url = `postgresql://${user}:${String(password)}@/postgres?host=${encodeURIComponent(clusterDir)}`;
  await makeTemplate(url);
  return {
    url,
    stop: async () => {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(url: string): Promise<void> {
  await runStatement(url, `create database ${templateName}`);
  const pool = new pg.Pool({ connectionString: databaseUrl(url, templateName), max: 1 });
  try {
    await migrate(pool, silentLog());
  } finally {
    await pool.end();
  }
}

/** The address of another database of the same server. */
export function databaseUrl(url: string, name: string): string {
  return url.replace('/postgres?', `/${name}?`);
}

/** Runs one statement over a connection of its own: creating and dropping databases can't share one. */
export async function runStatement(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Ends and removes what killed runs left. */
async function removeAbandoned(): Promise<void> {
  await mkdir(tmpdir(), { recursive: true });
  for (const name of await readdir(tmpdir())) {
    const pid = Number(folderPattern.exec(name)?.[1] ?? 0);
    if (pid === 0 || isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    await endLeftovers(join(folder, 'postgres'), silentLog()).catch(() => undefined);
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
