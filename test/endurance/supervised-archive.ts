import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Exit, type ServerProcess, startServerProcess } from '@isocenter/testkit';
import { askEmbeddedDatabase, endEmbeddedDatabase, killEmbeddedDatabase } from '@isocenter/testkit/embedded-database';
import { freePort } from '@isocenter/testkit/programs';

export const VICTIMS = ['server', 'database', 'both'] as const;
/** What a kill -9 hits: the server's process, the embedded PostgreSQL's, or all of them. */
export type Victim = (typeof VICTIMS)[number];

export interface ArchiveOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** An empty folder for the data folder, which stays; by default one of its own among the machine's temporary files. */
  readonly folder?: string;
}

/**
 * `isocenter start` on a port of its own, started again whenever it ends, as a service manager does. Its data folder
 * lives as long as this.
 */
export class SupervisedArchive {
  readonly url: string;
  readonly dataDir: string;
  /** Starts that succeeded, the first included. */
  starts = 0;
  /** A folder that goes with this. */
  readonly #own: string | undefined;
  readonly #env: Readonly<Record<string, string>>;
  #process: ServerProcess | undefined;
  #watching: Promise<void> = Promise.resolve();
  #stopping = false;
  #failure = 'it was never started';
  #failures = 0;

  private constructor(dataDir: string, own: string | undefined, port: number, env: Readonly<Record<string, string>>) {
    this.dataDir = dataDir;
    this.#own = own;
    this.url = `http://127.0.0.1:${port}`;
    this.#env = { ...env, ISOCENTER_DATA: dataDir, ISOCENTER_PORT: String(port) };
  }

  static async start({ env = {}, folder }: ArchiveOptions = {}): Promise<SupervisedArchive> {
    const own = folder === undefined ? await mkdtemp(join(tmpdir(), 'isocenter-endurance-')) : undefined;
    const archive = new SupervisedArchive(join(own ?? folder!, 'data'), own, await freePort(), env);
    await archive.#begin();
    archive.#watching = archive.#watch();
    return archive;
  }

  get token(): string {
    return this.#running.token;
  }

  /** The process of the server as it runs now. */
  get pid(): number {
    return this.#running.pid;
  }

  /** All that its present process has written. */
  get output(): string {
    return this.#running.output.join('\n');
  }

  get #running(): ServerProcess {
    if (!this.#process) throw new Error(`The server doesn't run: ${this.#failure}`);
    return this.#process;
  }

  /** Calls the server as its administrator. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.token}`);
    return fetch(new URL(path, this.url), { ...init, headers });
  }

  /** Waits until it says that it is ready; whatever stands in the way now. */
  async untilReady(): Promise<void> {
    const ready = async (): Promise<boolean> =>
      this.#process !== undefined && (await fetch(new URL('/health/ready', this.url))).ok;
    while (!(await ready().catch(() => false))) {
      if (this.#stopping) throw new Error('The archive was stopped');
      await pause(50);
    }
  }

  /** Waits until it was started in vain. */
  async untilItFailsToStart(): Promise<void> {
    const before = this.#failures;
    while (this.#failures === before) await pause(20);
  }

  ask<Row extends object>(sql: string): Promise<Row[]> {
    return askEmbeddedDatabase<Row>(this.dataDir, sql);
  }

  /** `kill -9`, without warning. */
  async kill(victim: Victim): Promise<void> {
    const deaths: Promise<unknown>[] = [];
    if (victim !== 'database') deaths.push(this.#running.end('SIGKILL'));
    if (victim !== 'server') deaths.push(killEmbeddedDatabase(this.dataDir));
    await Promise.all(deaths);
  }

  /** Ends it as Ctrl-C does and waits for the next start. */
  async restart(): Promise<Exit> {
    const before = this.starts;
    const exit = await this.#running.end('SIGTERM');
    while (this.starts === before) await pause(20);
    return exit;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#process?.end('SIGTERM');
    await this.#watching;
    await endEmbeddedDatabase(this.dataDir);
    await rm(this.#own ?? this.dataDir, { recursive: true, force: true });
  }

  async #begin(): Promise<ServerProcess> {
    try {
      const begun = await startServerProcess(this.#env);
      this.#process = begun;
      this.starts++;
      return begun;
    } catch (error) {
      this.#failure = (error as Error).message;
      this.#failures++;
      throw error;
    }
  }

  async #beginAgain(): Promise<void> {
    while (!this.#stopping) {
      try {
        const begun = await this.#begin();
        if (this.#stopping) await begun.end('SIGTERM');
        return;
      } catch {
        await pause(200);
      }
    }
  }

  async #watch(): Promise<void> {
    for (;;) {
      await this.#process?.ended;
      if (this.#stopping) return;
      this.#process = undefined;
      // What keeps it from starting may pass.
      await this.#beginAgain();
    }
  }
}
