import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../log.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { ensureCluster, passwordFile, superuser } from './cluster-making.ts';
import { here, send, spawnIn } from './cluster-processes.ts';
import { DatabaseStartError } from './database-error.ts';
import { endLeftovers } from './leftovers.ts';
import { type RunAs, runAsUser } from './run-as.ts';

/** How to reach a database: given to every client that this process makes. */
export type Connection = Readonly<
  Pick<pg.ClientConfig, 'host' | 'port' | 'user' | 'password' | 'database' | 'connectionString'>
>;

export interface ClusterOptions {
  /** The folder of the cluster itself; made when missing. */
  readonly clusterDir: string;
  /** Where a runnable copy of PostgreSQL may be put when the installed one can't be run in place. */
  readonly runtimeDir: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: Log;
  /** Called when PostgreSQL has ended by itself and can't be brought back. */
  readonly onLost?: (reason: string) => void;
}

/** A PostgreSQL that ends by itself more often than this within a minute stays ended. */
const restartsPerMinute = 3;

/** Milliseconds that a fast, then an immediate shutdown may take. */
const patience = { fast: 60_000, immediate: 10_000 };

/** A running PostgreSQL that belongs to this process. */
export class Cluster {
  readonly connection: Connection;
  readonly #options: ClusterOptions;
  readonly #binaries: Binaries;
  readonly #runAs: RunAs | undefined;
  readonly #folder: number;
  #restarts: number[] = [];
  #child: ChildProcess | undefined;
  #stopping = false;

  private constructor(options: ClusterOptions, binaries: Binaries, runAs: RunAs | undefined, password: string) {
    this.#options = options;
    this.#binaries = binaries;
    this.#runAs = runAs;
    this.#folder = openSync(options.clusterDir, 'r');
    this.connection = socketConnection(this.#folder, password);
  }

  /**
   * Makes the cluster where there is none, ends what a killed run left, starts, and waits until it answers. The caller
   * holds the lock of the data folder.
   */
  static async start(options: ClusterOptions): Promise<Cluster> {
    if (process.platform !== 'linux') {
      throw new DatabaseStartError(
        `The embedded PostgreSQL runs on Linux, not on ${process.platform}. Set DATABASE_URL to a PostgreSQL of your own.`,
      );
    }
    const runAs = runAsUser(options.clusterDir);
    const binaries = await findBinaries(runAs, options.runtimeDir);
    await ensureCluster(options.clusterDir, binaries, runAs, options.log);
    const cluster = new Cluster(options, binaries, runAs, await readPassword(options.clusterDir));
    try {
      await cluster.#launch();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Ends PostgreSQL cleanly: open transactions are rolled back, everything else is written down. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    if (this.#child) await end(this.#child);
    closeSync(this.#folder);
  }

  /** Ends PostgreSQL without waiting: what was committed is recovered at the next start. */
  kill(): void {
    this.#stopping = true;
    if (this.#child?.pid !== undefined) send(this.#child.pid, 'SIGQUIT');
  }

  async #launch(): Promise<void> {
    const { clusterDir, settings, log } = this.#options;
    await endLeftovers(clusterDir, log);
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawnIn(clusterDir, this.#binaries.postgres, ['-D', here, ...flags], this.#runAs);
    this.#child = child;
    let isReady = false;
    const said = forwardLog(child, log, () => this.#stopping || !isReady);
    const ended = new Promise<string>((settle) => {
      child.once('error', (error) => settle(error.message));
      child.once('close', (code, signal) => settle(signal ?? `exit code ${code}`));
    });
    await untilReady(this.connection, ended, said, log);
    isReady = true;
    void ended.then((reason) => this.#onEnd(reason));
  }

  /** The postmaster ended though nobody told it to (the out-of-memory killer, an administrator): bring it back. */
  async #onEnd(reason: string): Promise<void> {
    if (this.#stopping) return;
    const { log, onLost } = this.#options;
    const now = Date.now();
    this.#restarts = [...this.#restarts.filter((time) => time > now - 60_000), now];
    log.error({ reason }, 'the embedded PostgreSQL ended by itself');
    if (this.#restarts.length > restartsPerMinute) return onLost?.(`PostgreSQL ended ${this.#restarts.length} times`);
    try {
      await this.#launch();
      log.info('the embedded PostgreSQL runs again');
    } catch (error) {
      if (!this.#stopping) onLost?.((error as Error).message);
    }
  }
}

/** The password of a cluster that is there already. */
export async function readPassword(clusterDir: string): Promise<string> {
  return (await readFile(join(clusterDir, passwordFile), 'utf8')).trim();
}

/**
 * The way to a cluster on this machine by an open descriptor of its folder. The descriptor stands for the folder's path,
 * which may be longer than a socket's address can be; it must stay open as long as the connection is used.
 */
export function socketConnection(folder: number, password: string): Connection {
  return { host: `/proc/self/fd/${folder}`, port: 5432, user: superuser, password, database: 'postgres' };
}

/** PostgreSQL's severities of what is logged (see clusterSettings), by how much they matter to an operator. */
const severities = { LOG: 'debug', WARNING: 'warn', ERROR: 'error', FATAL: 'warn', PANIC: 'error' } as const;

/** Passes PostgreSQL's log on to ours; returns its last lines, for the message when it doesn't start. */
function forwardLog(child: ChildProcess, log: Log, isQuiet: () => boolean): readonly string[] {
  const said: string[] = [];
  const database = log.child({ component: 'postgresql' });
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      const [, severity, text] = /^([A-Z]+): {2}(.*)$/.exec(line) ?? [];
      const level = severities[severity as keyof typeof severities] ?? 'debug';
      // Sessions that it refuses while it starts, or ends because it is told to stop, are nothing to look into.
      database[isQuiet() ? 'debug' : level](text ?? line);
      said.push(line);
      if (said.length > 20) said.shift();
    });
  }
  return said;
}

/** Waits until the database answers; as long as it recovers from a crash, however long that takes. */
async function untilReady(
  connection: Connection,
  ended: Promise<string>,
  said: readonly string[],
  log: Log,
): Promise<void> {
  let reason: string | undefined;
  void ended.then((text) => {
    reason = text;
  });
  for (let started = Date.now(), told = started; ; await delay(20)) {
    if (await answers(connection)) return;
    if (reason !== undefined) {
      throw new DatabaseStartError(
        `The embedded PostgreSQL ended at its start (${reason}). It says:\n${said.join('\n')}`,
      );
    }
    if (Date.now() - told > 10_000) {
      told = Date.now();
      log.info(
        { seconds: Math.round((told - started) / 1000) },
        'waiting for the embedded PostgreSQL, which is recovering',
      );
    }
  }
}

/** SQLSTATE cannot_connect_now: starting up or recovering. */
const notYet = new Set(['57P03', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EAGAIN']);

async function answers(connection: Connection): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    if ((code !== undefined && notYet.has(code)) || message?.includes('terminated') || message?.includes('timeout'))
      return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<true>((settle) => child.once('exit', () => settle(true)));
  // PostgreSQL's fast shutdown, then its immediate one, from which the next start recovers.
  for (const [signal, limit] of [
    ['SIGINT', patience.fast],
    ['SIGQUIT', patience.immediate],
  ] as const) {
    send(pid, signal);
    const timer = new AbortController();
    const done = await Promise.race([ended, delay(limit, false, { signal: timer.signal }).catch(() => false)]);
    timer.abort();
    if (done) return;
  }
  send(pid, 'SIGKILL');
  await ended;
}
