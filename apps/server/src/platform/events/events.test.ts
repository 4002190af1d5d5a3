import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import {
  CallerId,
  type Event,
  type Holding,
  type JobId,
  type NotificationId,
  SiteId,
  StudyUid,
} from '@isocenter/contract';
import { testDatabase } from '@isocenter/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asAdministrator, asCurator, asNobody, curator, testApp } from '../http/test/test-app.ts';
import { silentLog } from '../log.ts';
import type { StoredEvent } from './event-store.ts';
import { createEvents, type Events, type Listener, openListener, serveEvents } from './index.ts';

const db = testDatabase();
let listener: Listener;
let events: Events;
let app: FastifyInstance;
let url: string;

beforeAll(async () => {
  listener = await openListener(db.database, silentLog());
  events = await createEvents(db.database, listener, silentLog());
  app = await testApp();
  serveEvents(app, events, { beatMs: 30 });
  await app.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/events`;
});
afterAll(async () => {
  await app.close();
  await listener.close();
});

const job = (kind = 'x'): Event => ({
  type: 'job.changed',
  data: { id: randomUUID() as JobId, kind, state: 'queued', progress: null },
});

/** Resolves with these events as they are told, in that order. */
function told(...wanted: readonly Event[]): Promise<StoredEvent[]> {
  const got: StoredEvent[] = [];
  const ids = new Set(wanted.map(({ data }) => ('id' in data ? data.id : undefined)));
  return new Promise((resolve) => {
    const end = events.subscribe((stored) => {
      const { data } = stored.event;
      if (!('id' in data) || !ids.has(data.id)) return;
      got.push(stored);
      if (got.length < wanted.length) return;
      end();
      resolve(got);
    });
  });
}

/** What a client of the stream hears; `until` reads on until a message matches. */
async function open(headers: Record<string, string>) {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  const heard: string[] = [];
  const until = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const at = buffer.indexOf('\n\n');
      if (at >= 0) {
        const message = buffer.slice(0, at);
        buffer = buffer.slice(at + 2);
        heard.push(message);
        if (pattern.test(message)) return message;
        continue;
      }
      const { value, done } = await reader.read();
      if (done) throw new Error('The stream ended');
      buffer += decoder.decode(value, { stream: true });
    }
  };
  return { response, until, heard, close: () => abort.abort(), ended: () => until(/(?!)/) };
}

test('[OPS-4] what one process publishes, every process hears, in the order of commits', async () => {
  const other = await openListener(db.database, silentLog());
  const elsewhere = await createEvents(db.database, other, silentLog());
  const all = [job('1'), job('2'), job('3')];
  const heard = told(...all);
  for (const event of all) await elsewhere.publish(event);
  expect((await heard).map(({ event }) => event)).toEqual(all);
  await other.close();
});

test('[OPS-4] an event of a transaction is told at its commit, and never when it is rolled back', async () => {
  const never = job('never');
  const kept = job('kept');
  const heard = told(never, kept).then(() => 'both');
  const one = told(kept);
  await db.database
    .transaction(async (tx) => {
      await events.publish(never, { tx });
      throw new Error('second thoughts');
    })
    .catch(() => {});
  await db.database.transaction((tx) => events.publish(kept, { tx }));
  expect((await one)[0]?.event).toEqual(kept);
  expect(await Promise.race([heard, Promise.resolve('one')])).toBe('one');
});

test('[OPS-4] who comes back misses nothing, also what was begun before and committed after the last one heard', async () => {
  const late = job('late');
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const slow = db.database.transaction(async (tx) => {
    await events.publish(late, { tx });
    begun.resolve();
    await release.promise;
  });
  await begun.promise;
  const quick = job('quick');
  const heard = told(quick);
  await events.publish(quick);
  const [last] = await heard;
  release.resolve();
  await slow;
  const after = job('after');
  await events.publish(after);
  const missed = await events.since(last?.id ?? 0);
  // Transactions of other databases on the same cluster can make it tell more again, never less: at least once.
  expect(missed?.map(({ event }) => event)).toEqual(expect.arrayContaining([late, after]));
});

test('[OPS-4] a connection that was lost is made again, and what was said meanwhile is told', async () => {
  const seen = job('seen');
  const heardSeen = told(seen);
  await events.publish(seen);
  await heardSeen;
  const missed = job('missed');
  const heard = told(missed);
  await db.database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'isocenter listener' and datname = current_database()",
  );
  await events.publish(missed);
  expect((await heard)[0]?.event).toEqual(missed);
});

test('[OPS-4] the stream tells the caller what they may see and nothing else', async () => {
  const stream = await open(asCurator);
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
  expect(stream.response.headers.get('x-request-id')).not.toBeNull();
  await stream.until(/^retry: \d+$/);
  const [{ project, site }] = curator.holdings as [Holding];
  const study = (zone: 'landing' | 'repository', at: SiteId | null = site): Event => ({
    type: 'study.changed',
    data: { studyUid: StudyUid.parse('1.2.3'), zone, project, site: at, change: 'stored' },
  });
  const forSomeone: Event = { type: 'notification.created', data: { id: randomUUID() as NotificationId } };
  await events.publish(study('repository'));
  await events.publish(study('landing', SiteId.parse(randomUUID())));
  await events.publish(study('landing', null));
  await events.publish(forSomeone, { callerId: CallerId.parse('bob') });
  await events.publish(forSomeone, { callerId: curator.id });
  await events.publish(study('landing'));
  expect(await stream.until(/study/)).toMatch(/^id: \d+\nevent: study.changed\ndata: .*"zone":"landing"/);
  expect(stream.heard.filter((message) => message.includes('study.changed'))).toHaveLength(1);
  expect(stream.heard.filter((message) => message.includes('notification.created'))).toHaveLength(1);
  await stream.until(/^: beat$/);
  stream.close();

  const unprivileged = await open(asNobody);
  await unprivileged.until(/retry/);
  await events.publish(job());
  await events.publish({
    type: 'notification.created',
    data: { id: randomUUID() as NotificationId, role: 'administrator' },
  });
  const theirs = { type: 'notification.created', data: { id: randomUUID() as NotificationId } } as const;
  await events.publish(theirs, { callerId: CallerId.parse('nemo') });
  await unprivileged.until(new RegExp(theirs.data.id));
  expect(unprivileged.heard.filter((message) => message.startsWith('id:'))).toHaveLength(1);
  unprivileged.close();
  expect((await fetch(url)).status).toBe(401);
  expect((await fetch(url, { method: 'HEAD', headers: asAdministrator })).status).toBe(405);
});

test('[OPS-4] Last-Event-ID resumes, and says so when too much was missed', async () => {
  const all = [job('first'), job('second'), job('third')];
  const heard = told(...all);
  for (const event of all) await events.publish(event);
  const [first] = await heard;
  const resumed = await open({ ...asAdministrator, 'last-event-id': String(first?.id) });
  await resumed.until(/second/);
  await resumed.until(/third/);
  resumed.close();
  const lost = await open({ ...asAdministrator, 'last-event-id': '999999999' });
  await lost.until(/^event: reset$/m);
  lost.close();
});

test('[OPS-6] a client that takes nothing is cut off, and does not fill the memory', async () => {
  const bounded = await testApp();
  serveEvents(bounded, events, { bufferBytes: 1000 });
  await bounded.listen({ port: 0, host: '127.0.0.1' });
  const response = await fetch(`http://127.0.0.1:${(bounded.server.address() as AddressInfo).port}/api/events`, {
    headers: asAdministrator,
  });
  // Nobody reads the body: once the buffers of both sockets are full, the server gives up on the client.
  const flood = job('x'.repeat(6000));
  for (let at = 0; at < 2000; at++) await events.publish(flood);
  await expect(response.text()).rejects.toThrow();
  await bounded.close();
});

test('[OPS-2] streams end when the server drains, and when their time is over', async () => {
  const draining = await testApp();
  serveEvents(draining, events);
  await draining.listen({ port: 0, host: '127.0.0.1' });
  const response = await fetch(`http://127.0.0.1:${(draining.server.address() as AddressInfo).port}/api/events`, {
    headers: asAdministrator,
  });
  await draining.close();
  expect(await response.text()).toContain('retry: ');

  const short = await testApp();
  serveEvents(short, events, { lifetimeMs: 20 });
  await short.listen({ port: 0, host: '127.0.0.1' });
  const brief = await fetch(`http://127.0.0.1:${(short.server.address() as AddressInfo).port}/api/events`, {
    headers: asAdministrator,
  });
  expect(await brief.text()).toContain('retry: ');
  await short.close();
});

test('[OPS-4] old events are forgotten but for the last ones', async () => {
  await db.database.pool.query("update event set created_at = now() - interval '2 hours'");
  const { rows } = await db.database.pool.query<{ count: number }>('select count(*)::int as count from event');
  expect(await events.prune()).toBe(Math.max(0, (rows[0]?.count ?? 0) - 1000));
});
