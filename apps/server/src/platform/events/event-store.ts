import { type CallerId, type Event, parseEvent } from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';

declare module '../database/tables.ts' {
  interface Tables {
    event: EventTable;
  }
}

interface EventTable {
  id: Generated<number>;
  type: string;
  data: unknown;
  caller_id: string | null;
  transaction: Generated<string>;
  horizon: Generated<string>;
  created_at: Generated<Date>;
}

/** An event as it was published. */
export interface StoredEvent {
  readonly id: number;
  readonly event: Event;
  /** The one caller that it is for. */
  readonly callerId: CallerId | undefined;
}

export const EVENT_CHANNEL = 'isocenter_event';

/** Writes the event and has every process told of it when the transaction commits. */
export async function insertEvent(db: Kysely<Tables>, { type, data }: Event, callerId?: CallerId): Promise<void> {
  await sql`
    with inserted as (
      insert into event (type, data, caller_id) values (${type}, ${JSON.stringify(data)}, ${callerId ?? null}) returning id
    )
    select pg_notify(${EVENT_CHANNEL}, id::text) from inserted`.execute(db);
}

/** In the order of the given ids. */
export async function selectEvents(db: Kysely<Tables>, ids: readonly number[]): Promise<StoredEvent[]> {
  const rows = await db.selectFrom('event').select(columns).where('id', 'in', ids).execute();
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => toStored(found.get(id)));
}

/**
 * What was published after an event was delivered: higher ids, and lower ones of transactions that may have been open
 * then. Undefined when the event itself is no longer kept, or more than `most` follow.
 */
export async function selectEventsSince(
  db: Kysely<Tables>,
  id: number,
  most: number,
): Promise<StoredEvent[] | undefined> {
  const last = await db.selectFrom('event').select('horizon').where('id', '=', id).executeTakeFirst();
  if (last === undefined) return undefined;
  const rows = await db
    .selectFrom('event')
    .select(columns)
    .where(({ or, eb, and }) =>
      or([eb('id', '>', id), and([eb('transaction', '>=', last.horizon), eb('id', '<', id)])]),
    )
    .orderBy('id')
    .limit(most + 1)
    .execute();
  return rows.length > most ? undefined : rows.flatMap(toStored);
}

/** How many were removed; the last ones stay however old, since subscribers of a quiet server resume from them. */
export async function deleteOldEvents(db: Kysely<Tables>, seconds: number, keep: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('event')
    .where('created_at', '<', sql<Date>`now() - make_interval(secs => ${seconds})`)
    .where('id', '<=', (eb) => eb.selectFrom('event').select(sql<number>`max(id) - ${keep}`.as('last')))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

const columns = ['id', 'type', 'data', 'caller_id'] as const;

function toStored(
  row: { id: number; type: string; data: unknown; caller_id: string | null } | undefined,
): StoredEvent[] {
  if (row === undefined) return [];
  const event = parseEvent(row.type, row.data);
  // A newer version of the program may publish kinds that this one does not know.
  if (event === undefined) return [];
  return [{ id: row.id, event, callerId: (row.caller_id ?? undefined) as CallerId | undefined }];
}
