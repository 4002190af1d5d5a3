import { randomBytes } from 'node:crypto';
import type { Actor, LogEntry, LogObject, Outcome, TracerAction } from '@isocenter/contract';
import type { Signer } from '@isocenter/ledger';
import { type Kysely, sql } from 'kysely';
import type { ClientBase, Pool } from 'pg';
import type { Config } from '../config.ts';
import type { Tables } from '../database/tables.ts';
import { columnsOf, type EntryRow, entryRow } from './entry.ts';
import { logIdentity } from './log-identity.ts';
import type { LogKey } from './log-key.ts';
import { uuid7 } from './uuid7.ts';

/** What a command tells of what it does; the tracer adds who knows when. Identifiers are plain: the tracer hashes them. */
export interface Draft extends Omit<LogEntry, 'v' | 'id' | 'time' | 'actor' | 'action' | 'objects' | 'outcome'> {
  readonly actor: Actor;
  readonly action: TracerAction;
  readonly objects?: readonly LogObject[];
  /** `done` unless said. */
  readonly outcome?: Outcome;
}

/** The transaction in which an action happens. */
export type Recording = Kysely<Tables> | Pick<ClientBase, 'query'> | Pool;

export interface TracerParts {
  readonly pool: Pool;
  readonly key: LogKey;
  readonly signer: Signer;
  readonly now?: () => number;
}

/** Writes down who does what. */
export class Tracer {
  readonly signer: Signer;
  readonly #pool: Pool;
  readonly #key: LogKey;
  readonly #now: () => number;
  #wake: () => void = () => undefined;

  constructor({ pool, key, signer, now = Date.now }: TracerParts) {
    this.signer = signer;
    this.#pool = pool;
    this.#key = key;
    this.#now = now;
  }

  /** Called whenever there may be entries that wait for their place. */
  onRecorded(wake: () => void): void {
    this.#wake = wake;
  }

  /** Records in the transaction of the action: both are there when it commits, or neither. Answers the entries' ids. */
  async record(tx: Recording, ...drafts: readonly Draft[]): Promise<string[]> {
    const rows = drafts.map((draft) => entryRow(this.entryOf(draft)));
    if (rows.length > 0) await insertEntries(tx, rows);
    this.#wake();
    return rows.map(({ id }) => id);
  }

  /** Records what changes nothing else in the database; durable when it returns. */
  async recordAlone(draft: Draft): Promise<string> {
    const [id] = await this.record(this.#pool, draft);
    return id!;
  }

  /** The entry as it would be written now. */
  entryOf({ objects = [], outcome = 'done', ...draft }: Draft): LogEntry {
    const now = this.#now();
    return {
      v: 1,
      id: uuid7(now, randomBytes(16)),
      time: new Date(now).toISOString(),
      ...draft,
      objects: objects.map((object) => this.#key.objectOf(object)),
      outcome,
    };
  }

  /** As entries name it: by its pseudonym where its kind asks for one. */
  objectOf(object: LogObject): LogObject {
    return this.#key.objectOf(object);
  }

  columnsOf(entry: LogEntry): Omit<EntryRow, 'body'> {
    this.#wake();
    return columnsOf(entry);
  }
}

/** Opens the tracer with the key and the name of its log, which are made at the first start. */
export async function openTracer(pool: Pool, config: Config): Promise<Tracer> {
  return new Tracer({ pool, ...(await logIdentity(pool, config)) });
}

async function insertEntries(tx: Recording, rows: readonly EntryRow[]): Promise<void> {
  const entries = JSON.stringify(rows);
  if ('executeQuery' in tx) await sql`select log_record(${entries})`.execute(tx);
  else await tx.query({ name: 'log-record', text: 'select log_record($1)', values: [entries] });
}
