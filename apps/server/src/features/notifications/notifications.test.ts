import { randomUUID } from 'node:crypto';
import { CallerId, type Job, type JobId } from '@isocenter/contract';
import { testDatabase } from '@isocenter/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEvents, type Listener, openListener } from '../../platform/events/index.ts';
import { silentLog } from '../../platform/log.ts';
import { createNotifications, type Notifications, type Reader } from '../../platform/notifications/index.ts';
import { notifyOfJobs } from './index.ts';

const db = testDatabase();
let listener: Listener;
let notifications: Notifications;

beforeAll(async () => {
  listener = await openListener(db.database, silentLog());
  notifications = createNotifications(db.database, await createEvents(db.database, listener, silentLog()));
});
afterAll(() => listener.close());

const ada: Reader = { id: CallerId.parse('ada'), roles: ['administrator'] };
const eve: Reader = { id: CallerId.parse('eve'), roles: [] };
const every = { unread: false, before: undefined, limit: 50 };

const job = (state: Job['state'], createdBy: CallerId | null): Job => ({
  id: randomUUID() as JobId,
  kind: 'x',
  title: 'Tidy up',
  state,
  progress: null,
  result: null,
  error: state === 'failed' ? { code: 'internal', detail: 'It broke.' } : null,
  attempt: 1,
  cancelling: false,
  createdBy,
  createdAt: new Date().toISOString(),
  startedAt: null,
  endedAt: null,
});

test('[OPS-4] who began a job hears that it failed, and when they asked for it that it is done; administrators hear once of the server’s own', async () => {
  const notify = notifyOfJobs(notifications);
  await db.database.transaction(async (tx) => {
    await notify(tx, job('failed', eve.id), false);
    await notify(tx, job('done', eve.id), true);
    await notify(tx, job('done', eve.id), false);
    await notify(tx, job('failed', null), false);
    await notify(tx, job('failed', null), false);
    await notify(tx, job('done', null), true);
  });
  const { items: hers } = await notifications.list(eve, every);
  expect(hers.map(({ kind }) => kind).sort()).toEqual(['job.done', 'job.failed']);
  const { items: administrators, unread } = await notifications.list(ada, every);
  expect(administrators).toMatchObject([{ kind: 'job.failed', text: 'Tidy up: failed. It broke.' }]);
  expect(unread).toBe(1);
});

test('[OPS-4] one reader of a role having read does not make it read for the others', async () => {
  const bob: Reader = { id: CallerId.parse('bob'), roles: ['administrator'] };
  const [first] = (await notifications.list(ada, every)).items;
  await notifications.markRead(ada, first!.id);
  await notifications.markRead(ada, first!.id);
  expect((await notifications.list(ada, { ...every, unread: true })).items).toEqual([]);
  expect((await notifications.list(bob, every)).unread).toBe(1);
  await expect(notifications.markRead(eve, first!.id)).rejects.toMatchObject({ code: 'not-found' });
});

test('[OPS-4] notifications are paged, all read at once, and forgotten after their time', async () => {
  for (let at = 0; at < 5; at++) {
    await notifications.notify({ callerId: eve.id }, 'job.done', { jobId: randomUUID(), title: `${at}` });
  }
  const page = await notifications.list(eve, { ...every, limit: 3 });
  const rest = await notifications.list(eve, { ...every, before: page.items[2]?.id });
  const ids = [...page.items, ...rest.items].map(({ id }) => id);
  expect(ids).toHaveLength(7);
  expect(new Set(ids).size).toBe(7);
  await notifications.markAllRead(eve);
  expect(await notifications.list(eve, { ...every, unread: true })).toEqual({ items: [], unread: 0 });
  await db.database.pool.query(
    "update notification set created_at = now() - interval '1 year' where caller_id = 'eve'",
  );
  expect(await notifications.prune()).toBe(7);
});
