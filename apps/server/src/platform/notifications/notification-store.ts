import {
  type CallerId,
  describeNotification,
  NOTIFICATION_KINDS,
  type Notification,
  type NotificationId,
  type NotificationKind,
  type Role,
} from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';

declare module '../database/tables.ts' {
  interface Tables {
    notification: NotificationTable;
    notification_read: NotificationReadTable;
  }
}

interface NotificationTable {
  id: string;
  caller_id: string | null;
  role: string | null;
  kind: string;
  params: unknown;
  created_at: Generated<Date>;
}

interface NotificationReadTable {
  notification_id: string;
  caller_id: string;
  read_at: Generated<Date>;
}

type Db = Kysely<Tables>;

/** One caller, or all who have a role. */
export type Recipient = { readonly callerId: CallerId } | { readonly role: Role };

/** Whose notifications are asked for. */
export interface Reader {
  readonly id: CallerId;
  readonly roles: readonly Role[];
}

export async function insertNotification(
  db: Db,
  notification: { id: NotificationId; recipient: Recipient; kind: NotificationKind; params: unknown },
): Promise<void> {
  const { id, recipient, kind, params } = notification;
  await db
    .insertInto('notification')
    .values({
      id,
      kind,
      params: JSON.stringify(params),
      caller_id: 'callerId' in recipient ? recipient.callerId : null,
      role: 'role' in recipient ? recipient.role : null,
    })
    .execute();
}

/** Whether the recipient was told of the same within so many hours: of the kind, with these parameters among its own. */
export async function wasNotified(
  db: Db,
  recipient: Recipient,
  kind: NotificationKind,
  params: Readonly<Record<string, unknown>>,
  hours: number,
): Promise<boolean> {
  const found = await db
    .selectFrom('notification')
    .select('id')
    .where('kind', '=', kind)
    .where(({ eb }) =>
      'role' in recipient ? eb('role', '=', recipient.role) : eb('caller_id', '=', recipient.callerId),
    )
    .where(sql<boolean>`params @> ${JSON.stringify(params)}::jsonb`)
    .where('created_at', '>', sql<Date>`now() - make_interval(hours => ${hours})`)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

export interface NotificationFilter {
  readonly unread: boolean;
  readonly before: NotificationId | undefined;
  readonly limit: number;
}

const addressedTo = (db: Db, { id, roles }: Reader) =>
  db
    .selectFrom('notification as n')
    .leftJoin('notification_read as r', (join) =>
      join.onRef('r.notification_id', '=', 'n.id').on('r.caller_id', '=', id),
    )
    .where(({ or, eb }) => or([eb('n.caller_id', '=', id), ...(roles.length > 0 ? [eb('n.role', 'in', roles)] : [])]))
    .where('n.kind', 'in', NOTIFICATION_KINDS);

export async function selectNotifications(db: Db, reader: Reader, filter: NotificationFilter): Promise<Notification[]> {
  const { unread, before, limit } = filter;
  let query = addressedTo(db, reader).select(['n.id', 'n.kind', 'n.params', 'n.created_at', 'r.read_at']);
  if (unread) query = query.where('r.read_at', 'is', null);
  if (before !== undefined) {
    query = query.where(
      sql<boolean>`(n.created_at, n.id) < (select b.created_at, b.id from notification b where b.id = ${before})`,
    );
  }
  const rows = await query.orderBy('n.created_at', 'desc').orderBy('n.id', 'desc').limit(limit).execute();
  return rows.map(({ id, kind, params, created_at, read_at }) => ({
    id: id as NotificationId,
    kind: kind as NotificationKind,
    params: params as Record<string, unknown>,
    ...describeNotification(kind as NotificationKind, params),
    createdAt: created_at.toISOString(),
    readAt: read_at?.toISOString() ?? null,
  }));
}

export async function countUnread(db: Db, reader: Reader): Promise<number> {
  const { count } = await addressedTo(db, reader)
    .where('r.read_at', 'is', null)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Marks those as read that are the reader's: one, or all. Answers how many of them there are. */
export async function markRead(db: Db, reader: Reader, one?: NotificationId): Promise<number> {
  let mine = addressedTo(db, reader).select('n.id');
  if (one !== undefined) mine = mine.where('n.id', '=', one);
  else mine = mine.where('r.read_at', 'is', null);
  const rows = await mine.execute();
  if (rows.length === 0) return 0;
  await db
    .insertInto('notification_read')
    .values(rows.map(({ id }) => ({ notification_id: id, caller_id: reader.id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return rows.length;
}

export async function deleteOldNotifications(db: Db, days: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('notification')
    .where('created_at', '<', sql<Date>`now() - make_interval(days => ${days})`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
