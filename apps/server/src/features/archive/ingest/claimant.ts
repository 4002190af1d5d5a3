import { randomInt } from 'node:crypto';
import pg from 'pg';
import type { Database } from '../../../platform/database/database.ts';
import type { Log } from '../../../platform/log.ts';

/** First half of the advisory locks by which claimants show that they live; the second is their number. */
export const CLAIMANT_LOCK = 7_105_118;

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;

/**
 * A process as the cleaner knows it: a number, and a session that holds an advisory lock of that number for as long as
 * the process lives. PostgreSQL lets go of the lock when the session ends, however it ends, so nobody has to wait for a
 * lease to run out before the unfinished work of a killed process is cleaned away.
 *
 * When only the connection is lost, the claims of the process count as nobody's until it is connected again. That costs
 * at most a refused instance: see endClaims.
 */
export class Claimant {
  readonly number: number = randomInt(1, 2 ** 31);
  /** Called when the connection was lost and is there again. */
  readonly onReconnected: Set<() => void> = new Set();
  private readonly connection: Database['connection'];
  private readonly log: Log;
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(connection: Database['connection'], log: Log) {
    this.connection = connection;
    this.log = log;
  }

  static async open({ connection }: Pick<Database, 'connection'>, log: Log): Promise<Claimant> {
    const claimant = new Claimant(connection, log);
    await claimant.connect();
    return claimant;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({ ...this.connection, keepAlive: true, application_name: 'isocenter claimant' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select pg_advisory_lock($1, $2)', [CLAIMANT_LOCK, this.number]);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    if (this.closed) return client.end();
    this.client = client;
    client.on('end', () => this.reconnect(FIRST_RETRY_MS));
  }

  private reconnect(afterMs: number): void {
    if (this.closed) return;
    this.client = undefined;
    this.log.warn('the connection that keeps the claims of this process was lost');
    this.retry = setTimeout(() => {
      this.connect().then(
        () => {
          for (const listener of this.onReconnected) listener();
        },
        () => this.reconnect(Math.min(afterMs * 2, LAST_RETRY_MS)),
      );
    }, afterMs);
  }
}
