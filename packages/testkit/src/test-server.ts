import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, type Environment, type StartOptions, startServer } from '@isocenter/server';
import { type Database, type Route, silentLog } from '@isocenter/server/testing';
import { afterAll, beforeAll } from 'vitest';
import { createTestDatabase } from './test-database.ts';

/** The whole server as it runs for people, on a free port, with a database and a data folder of its own. */
export interface TestServer {
  readonly url: string;
  /** The administrator's bearer token. */
  readonly token: string;
  readonly config: Config;
  /** Every route that it has. */
  readonly routes: readonly Route[];
  /** A second way into the server's database. */
  readonly database: Database;
  /** Calls the server as its administrator. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts a server; `overrides` are configuration keys. The caller stops it. */
export async function startTestServer(overrides: Environment = {}, options: StartOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-server-'));
  const { url: databaseUrl, database, drop } = await createTestDatabase();
  const token = randomBytes(24).toString('base64url');
  const cleanUp = async (): Promise<void> => {
    await drop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const env = {
      ISOCENTER_DATA: join(folder, 'data'),
      ISOCENTER_PORT: '0',
      ISOCENTER_BOOTSTRAP_TOKEN: token,
      ISOCENTER_DRAIN_SECONDS: '5',
      DATABASE_URL: databaseUrl,
      ...overrides,
    };
    const server = await startServer(env, { log: silentLog(), ...options });
    return {
      url: server.url,
      token: server.token.token,
      config: server.config,
      routes: server.routes,
      database,
      fetch: (path, init = {}) => {
        const headers = new Headers(init.headers);
        if (!headers.has('authorization')) headers.set('authorization', `Bearer ${server.token.token}`);
        return fetch(new URL(path, server.url), { ...init, headers });
      },
      stop: async () => {
        await server.stop();
        await cleanUp();
      },
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

/** A server for the whole test file, stopped after its last test. Use what it returns from the first hook on. */
export function testServer(overrides: Environment = {}, options: StartOptions = {}): Omit<TestServer, 'stop'> {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await startTestServer(overrides, options);
  });
  afterAll(async () => {
    await server?.stop();
  });
  const use = (): TestServer => {
    if (!server)
      throw new Error('The test server is there from the first beforeAll hook on, not while tests are declared.');
    return server;
  };
  return {
    get url() {
      return use().url;
    },
    get token() {
      return use().token;
    },
    get config() {
      return use().config;
    },
    get routes() {
      return use().routes;
    },
    get database() {
      return use().database;
    },
    fetch: (path, init) => use().fetch(path, init),
  };
}
