import { randomUUID } from 'node:crypto';
import {
  type NotificationId,
  type NotificationKind,
  type NotificationList,
  type NotificationParams,
  notificationKinds,
} from '@isocenter/contract';
import type { Kysely } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Events } from '../events/index.ts';
import { Problem } from '../http/problem.ts';
import * as store from './notification-store.ts';

/** Tells people what happened while they were away. */
export interface Notifications {
  notify<K extends NotificationKind>(
    recipient: store.Recipient,
    kind: K,
    params: NotificationParams<K>,
    tx?: Kysely<Tables>,
  ): Promise<void>;
  /** Whether the recipient heard of the same within so many hours. */
  wasNotified<K extends NotificationKind>(
    recipient: store.Recipient,
    kind: K,
    params: Partial<NotificationParams<K>>,
    hours: number,
    tx?: Kysely<Tables>,
  ): Promise<boolean>;
  list(reader: store.Reader, filter: store.NotificationFilter): Promise<NotificationList>;
  markRead(reader: store.Reader, id: NotificationId): Promise<void>;
  markAllRead(reader: store.Reader): Promise<void>;
  prune(): Promise<number>;
}

const KEPT_DAYS = 90;

export function createNotifications(database: Database, events: Events): Notifications {
  const { db } = database;
  return {
    async notify(recipient, kind, params, tx) {
      const id = randomUUID() as NotificationId;
      const known = notificationKinds[kind].params.parse(params);
      const write = async (inTx: Kysely<Tables>): Promise<void> => {
        await store.insertNotification(inTx, { id, recipient, kind, params: known });
        const event = {
          type: 'notification.created',
          data: { id, ...('role' in recipient ? recipient : {}) },
        } as const;
        await events.publish(event, { tx: inTx, ...('callerId' in recipient ? recipient : {}) });
      };
      await (tx === undefined ? database.transaction(write) : write(tx));
    },
    wasNotified: (recipient, kind, params, hours, tx) => store.wasNotified(tx ?? db, recipient, kind, params, hours),
    async list(reader, filter) {
      const [items, unread] = await Promise.all([
        store.selectNotifications(db, reader, filter),
        store.countUnread(db, reader),
      ]);
      return { items, unread };
    },
    async markRead(reader, id) {
      if ((await store.markRead(db, reader, id)) === 0) throw new Problem('not-found', { what: 'notification' });
    },
    async markAllRead(reader) {
      await store.markRead(db, reader);
    },
    prune: () => store.deleteOldNotifications(db, KEPT_DAYS),
  };
}
