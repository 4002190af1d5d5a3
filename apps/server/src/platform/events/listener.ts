import pg from 'pg';
import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';

/** Hears what transactions of any process say with NOTIFY. */
export interface Listener {
  /** Calls back with each payload, and after every time that the connection was lost: what was said then is missed. */
  listen(channel: string, onPayload: Heard, onReconnect: () => void): Promise<void>;
  /** Resolves when everything that was committed before was heard and is done with. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

/** What it answers is what still has to be done with what was heard; it never rejects. */
type Heard = (payload: string) => void | Promise<void>;

interface Subscription {
  readonly onPayload: Heard;
  readonly onReconnect: () => void;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;

/** One connection of its own, since LISTEN belongs to a session; connected again for as long as it takes. */
export async function openListener({ connection }: Pick<Database, 'connection'>, log: Log): Promise<Listener> {
  const listener = new PostgresListener(connection, log);
  await listener.connect();
  return listener;
}

class PostgresListener implements Listener {
  readonly #connection: Database['connection'];
  readonly #log: Log;
  readonly #subscriptions = new Map<string, Subscription[]>();
  readonly #following = new Set<Promise<void>>();
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(connection: Database['connection'], log: Log) {
    this.#connection = connection;
    this.#log = log;
  }

  async connect(): Promise<void> {
    const client = new pg.Client({ ...this.#connection, keepAlive: true, application_name: 'isocenter listener' });
    client.on('error', () => {});
    client.on('notification', ({ channel, payload = '' }) => {
      for (const { onPayload } of this.#subscriptions.get(channel) ?? []) this.#follow(onPayload(payload));
    });
    await client.connect();
    for (const channel of this.#subscriptions.keys()) await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    this.#client = client;
    client.on('end', () => this.#reconnect(FIRST_RETRY_MS));
  }

  async catchUp(): Promise<void> {
    // PostgreSQL delivers what a session listens for before it answers. A connection that is lost hears nothing, and forgets all.
    await this.#client?.query('select 1').catch(() => undefined);
    await Promise.all(this.#following);
  }

  #follow(work: void | Promise<void>): void {
    if (work === undefined) return;
    const followed = work.finally(() => this.#following.delete(followed));
    this.#following.add(followed);
  }

  async listen(channel: string, onPayload: Heard, onReconnect: () => void): Promise<void> {
    const known = this.#subscriptions.get(channel);
    const subscription = { onPayload, onReconnect };
    if (known !== undefined) {
      known.push(subscription);
      return;
    }
    this.#subscriptions.set(channel, [subscription]);
    await this.#client?.query(`listen ${pg.escapeIdentifier(channel)}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#client?.end();
  }

  #reconnect(afterMs: number): void {
    if (this.#closed) return;
    this.#client = undefined;
    this.#log.warn('the connection that listens to the database was lost');
    this.#retry = setTimeout(async () => {
      try {
        await this.connect();
      } catch {
        this.#reconnect(Math.min(afterMs * 2, LAST_RETRY_MS));
        return;
      }
      for (const subscription of [...this.#subscriptions.values()].flat()) subscription.onReconnect();
    }, afterMs);
  }
}
