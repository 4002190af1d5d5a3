import type { CallerId, Event } from '@isocenter/contract';
import type { Kysely } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Log } from '../log.ts';
import {
  deleteOldEvents,
  EVENT_CHANNEL,
  insertEvent,
  type StoredEvent,
  selectEvents,
  selectEventsSince,
} from './event-store.ts';
import type { Listener } from './listener.ts';

export interface PublishOptions {
  /** The event is told when this transaction commits, and never if it does not. */
  readonly tx?: Kysely<Tables>;
  /** Only for this caller. */
  readonly callerId?: CallerId;
}

/** Tells what happens in any process to subscribers in every process, each at least once. */
export interface Events {
  publish(event: Event, options?: PublishOptions): Promise<void>;
  /** Answers a function that ends the subscription. */
  subscribe(onEvent: (stored: StoredEvent) => void): () => void;
  /** What followed an event; undefined when that is no longer known. Some that came before may be among them. */
  since(id: number): Promise<readonly StoredEvent[] | undefined>;
  /** Forgets what is older than events are kept. */
  prune(): Promise<number>;
}

/** A browser that was away for longer loads its page anew. */
const KEPT_SECONDS = 3600;
const MOST_MISSED = 1000;

export async function createEvents(database: Database, listener: Listener, log: Log): Promise<Events> {
  const hub = new EventHub(database, log);
  await listener.listen(
    EVENT_CHANNEL,
    (payload) => hub.arrived(Number(payload)),
    () => hub.catchUp(),
  );
  return hub;
}

class EventHub implements Events {
  readonly #database: Database;
  readonly #log: Log;
  readonly #subscribers = new Set<(stored: StoredEvent) => void>();
  readonly #arrived: number[] = [];
  #reading = false;
  #lastId: number | undefined;

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  async publish(event: Event, { tx, callerId }: PublishOptions = {}): Promise<void> {
    await insertEvent(tx ?? this.#database.db, event, callerId);
  }

  subscribe(onEvent: (stored: StoredEvent) => void): () => void {
    this.#subscribers.add(onEvent);
    return () => this.#subscribers.delete(onEvent);
  }

  since(id: number): Promise<StoredEvent[] | undefined> {
    return selectEventsSince(this.#database.db, id, MOST_MISSED);
  }

  prune(): Promise<number> {
    return deleteOldEvents(this.#database.db, KEPT_SECONDS, MOST_MISSED);
  }

  /** Notifications come in the order of commits; the events are read in batches and told in that order. */
  arrived(id: number): void {
    this.#lastId = id;
    if (this.#subscribers.size === 0) return;
    this.#arrived.push(id);
    if (!this.#reading) void this.#read();
  }

  /** The connection was away: reads what was published meanwhile. */
  catchUp(): void {
    const { size } = this.#subscribers;
    if (size === 0 || this.#lastId === undefined) return;
    this.since(this.#lastId).then(
      (missed = []) => this.#tell(missed),
      (error) => this.#log.error({ err: error }, 'missed events could not be read'),
    );
  }

  async #read(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#arrived.length > 0) this.#tell(await selectEvents(this.#database.db, this.#arrived.splice(0, 500)));
    } catch (error) {
      this.#log.error({ err: error }, 'events could not be read');
    } finally {
      this.#reading = false;
    }
  }

  #tell(events: readonly StoredEvent[]): void {
    for (const stored of events) {
      for (const subscriber of this.#subscribers) subscriber(stored);
    }
  }
}
