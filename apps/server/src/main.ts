import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { type Composed, compose, type Dependencies } from './compose.ts';
import { type Config, type Environment, loadConfig } from './platform/config.ts';
import { openDatabase } from './platform/database/database.ts';
import { migrate, pendingMigrations, readMigrations } from './platform/database/migrate.ts';
import { examine as examineServer } from './platform/doctor/examine.ts';
import type { Finding } from './platform/doctor/finding.ts';
import { type Route, routeTable } from './platform/http/index.ts';
import { type BootstrapToken, bootstrapToken } from './platform/lifecycle/bootstrap-token.ts';
import { lockDataFolder } from './platform/lifecycle/data-folder.ts';
import type { Running } from './platform/lifecycle/run-until-signal.ts';
import { StartError } from './platform/lifecycle/start-error.ts';
import { createLog, type Log } from './platform/log.ts';
import { StorageError } from './platform/storage/index.ts';

/** A server that answers. */
export interface RunningServer extends Running {
  /** Where it answers from this machine. */
  readonly url: string;
  readonly config: Config;
  readonly token: BootstrapToken;
  /** Where the first administrator makes their account, once; undefined when there is one. */
  readonly administratorLink: string | undefined;
  /** Every route with the right that it needs. */
  readonly routes: readonly Route[];
}

export interface StartOptions {
  /** Aborted when the server shall not be started after all. */
  readonly signal?: AbortSignal;
  /** Instead of the one that the configuration asks for. */
  readonly log?: Log;
  /** Lets people of the demo sign in by a click: refused for a server that others could reach. */
  readonly demo?: boolean;
}

export const version: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** Where `npm start` puts the built web application. */
export const webRoot: string = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** What the server stands on, checked: see `isocenter doctor`. */
export const examine = (env: Environment): AsyncGenerator<Finding> => examineServer(env, webRoot);

/**
 * Starts the server: configuration, log, data folder, database, migrations, features, port. What was begun is ended again
 * when a later step fails.
 */
export async function startServer(env: Environment, options: StartOptions = {}): Promise<RunningServer> {
  const config = loadConfig(env);
  const { demo = false } = options;
  if (demo) demandPrivate(config);
  const log = options.log ?? createLog(config);
  for (const key of config.unknownKeys)
    log.warn({ key }, 'the environment has a key that is not ours; a typing mistake?');
  const { promise: lost, resolve: lose } = Promise.withResolvers<string>();

  await using begun = new AsyncDisposableStack();
  const folder = lockDataFolder(config.dataDir);
  begun.defer(() => folder.release());
  const token = bootstrapToken(config);

  options.signal?.throwIfAborted();
  const database = await openDatabase(config, log, { onLost: lose });
  begun.defer(() => database.close());
  options.signal?.throwIfAborted();
  await migrate(database.pool, log);

  options.signal?.throwIfAborted();
  const composed = await composeOrExplain(config, {
    log,
    database,
    bootstrapToken: token.token,
    version,
    webRoot,
    role: 'server',
    demo,
  });
  begun.defer(() => composed.stop());
  await composed.start();
  options.signal?.throwIfAborted();
  const url = await listen(composed.app, config);
  folder.announce(url);
  const administratorLink = await composed.administratorLink();
  log.info({ url, version, dataDir: config.dataDir }, 'ready');

  const running = begun.move();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    log.info('stopping');
    stopped ??= running.disposeAsync().then(() => log.info('stopped'));
    return stopped;
  };
  const routes = routeTable(composed.app);
  return { url, config, token, administratorLink, routes, lost, stop, kill: () => database.kill() };
}

/** Starts a worker: jobs beside a running server, which has made and migrated the database. */
export async function startWorker(env: Environment, options: StartOptions = {}): Promise<Running> {
  const config = loadConfig(env);
  const log = options.log ?? createLog(config);
  await using begun = new AsyncDisposableStack();
  const database = await openDatabase(config, log, { embedded: 'join' });
  begun.defer(() => database.close());
  const pending = await pendingMigrations(database.pool, await readMigrations());
  if (pending.length > 0) {
    throw new StartError(
      `The database is older than this program (${pending.length} migrations to come, first ${pending[0]?.name}). ` +
        'Start the server of this version first: it migrates the database.',
    );
  }
  options.signal?.throwIfAborted();
  // A worker answers nobody: no token opens it.
  const token = randomBytes(32).toString('base64url');
  const composed = await composeOrExplain(config, {
    log,
    database,
    bootstrapToken: token,
    version,
    webRoot,
    role: 'worker',
  });
  begun.defer(() => composed.stop());
  await composed.start();
  log.info({ version }, 'the worker is ready');
  const running = begun.move();
  return { stop: () => running.disposeAsync(), kill: () => undefined, lost: new Promise(() => undefined) };
}

/** A store that can't be used is for people to put right, so it is explained like the rest. */
async function composeOrExplain(config: Config, deps: Dependencies): Promise<Composed> {
  try {
    return await compose(config, deps);
  } catch (cause) {
    if (!(cause instanceof StorageError)) throw cause;
    throw new StartError(`The object store can't be used (${cause.code}): ${cause.message}`, { cause });
  }
}

function demandPrivate({ host, publicUrl }: Config): void {
  if (['127.0.0.1', '::1', 'localhost'].includes(host) && publicUrl === undefined) return;
  throw new StartError(
    'The demo lets everybody in without a password, so it serves this machine only: leave ISOCENTER_HOST and ISOCENTER_PUBLIC_URL out.',
  );
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw cannotListen(host, port, cause as NodeJS.ErrnoException);
  }
  const address = app.server.address() as AddressInfo;
  // From this machine, a server on every interface is reached by loopback.
  const reachable =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return `http://${reachable}:${address.port}`;
}

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): unknown {
  const remedies: Readonly<Record<string, string>> = {
    EADDRINUSE: `Another program uses port ${port} of ${host}. Stop it, or choose another port in ISOCENTER_PORT.`,
    EACCES: `This user may not open port ${port}. Choose one above 1023 in ISOCENTER_PORT.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Set ISOCENTER_HOST to 127.0.0.1, or to 0.0.0.0 for all of its addresses.`,
    ENOTFOUND: `The name ${host} is unknown. Set ISOCENTER_HOST to 127.0.0.1, or to 0.0.0.0 for all addresses.`,
  };
  const remedy = remedies[cause.code ?? ''];
  return remedy === undefined ? cause : new StartError(remedy, { cause });
}
