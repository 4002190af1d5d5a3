import type { FastifyInstance } from 'fastify';
import type { Config } from './platform/config.ts';
import type { Database } from './platform/database/database.ts';
import { createApp, drain } from './platform/http/index.ts';
import type { Log } from './platform/log.ts';

/** What the features are made of. */
export interface Dependencies {
  readonly log: Log;
  readonly database: Database;
  /** The administrator's bearer token. */
  readonly bootstrapToken: string;
  readonly version: string;
  /** A worker runs jobs only: it answers no requests and opens no DICOM port. */
  readonly role: 'server' | 'worker';
  /** The built web application's folder. */
  readonly webRoot: string;
}

/** The whole server, not listening yet. */
export interface Composed {
  readonly app: FastifyInstance;
  /** Begins the work that needs no request: jobs, DIMSE. Called once the database is migrated, before listening. */
  start(): Promise<void>;
  /** Ends requests and jobs in order. */
  stop(): Promise<void>;
}

/** Puts the server together: the only file that knows every feature. */
export async function compose(config: Config, deps: Dependencies): Promise<Composed> {
  const app = await createApp({
    log: deps.log,
    authenticators: [],
    version: deps.version,
    corsOrigins: config.corsOrigins,
    trustProxy: config.trustProxy,
    webRoot: deps.webRoot,
  });
  return {
    app,
    start: async () => undefined,
    stop: () => drain(app, config.drainSeconds * 1000),
  };
}
