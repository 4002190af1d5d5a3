import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JobId, StudyUid } from '@isocenter/contract';
import { testServer } from '@isocenter/testkit';
import { expect, test } from 'vitest';
import { addressOf, createClient, type Heard, ProblemError, UnexpectedAnswer, Unreachable } from './index.ts';

const server = testServer();
const client = (token = server.token) => createClient({ baseUrl: server.url, token });

test('[ARCH-1] operations take and give what the contract says', async () => {
  expect(await client().getMe()).toMatchObject({ id: 'bootstrap', roles: ['administrator'] });
  expect(await client().listStudies()).toEqual({ items: [], total: 0, totalIsExact: true });
  const found = await client().listStudies({
    query: { modality: ['CT', 'MR'], zone: 'landing', limit: 5, q: 'a&b c' },
  });
  expect(found.items).toEqual([]);
  expect(await client().getReadiness()).toMatchObject({ ready: true });
  expect(await client().readAllNotifications()).toBeUndefined();
});

test('[ARCH-1] what the server refuses is a typed problem', async () => {
  const missing = client().getStudy({ params: { studyUid: '1.2.3' } });
  await expect(missing).rejects.toMatchObject({ name: 'ProblemError', code: 'not-found', status: 404 });
  const invalid = await client()
    .listStudies({ query: { limit: 1000 } })
    .catch((error: unknown) => error);
  expect(invalid).toBeInstanceOf(ProblemError);
  expect((invalid as ProblemError).problem).toMatchObject({
    code: 'invalid-request',
    params: { fields: [{ field: 'query.limit' }] },
  });
  await expect(client('a-wrong-token-of-16').getMe()).rejects.toMatchObject({ code: 'invalid-credentials' });
  await expect(client().fetch('/dicom-web/studies/1.2.3')).rejects.toMatchObject({ code: 'not-found' });
});

test('[ARCH-1] what is no server of ours is told apart from one that refuses', async () => {
  const stranger = createServer((_request, response) =>
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway'),
  );
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  await expect(createClient({ baseUrl }).getMe()).rejects.toBeInstanceOf(UnexpectedAnswer);
  await new Promise((resolve) => stranger.close(resolve));
  await expect(createClient({ baseUrl }).getMe()).rejects.toBeInstanceOf(Unreachable);
  const abort = new AbortController();
  abort.abort(new Error('gone'));
  await expect(client().getMe({}, { signal: abort.signal })).rejects.toThrow('gone');
});

test('[OPS-4] events are followed over a lost connection, and none is missed', async () => {
  const abort = new AbortController();
  let connections = 0;
  const cutters: (() => void)[] = [];
  // Every connection can be cut, as a network would.
  const cuttable = async (input: URL, init: RequestInit): Promise<Response> => {
    connections += 1;
    const cut = new AbortController();
    cutters.push(() => cut.abort());
    return fetch(input, { ...init, signal: AbortSignal.any([cut.signal, abort.signal]) });
  };
  const states: string[] = [];
  const follower = createClient({ baseUrl: server.url, token: server.token, fetch: cuttable }).events({
    signal: abort.signal,
    onState: (state) => states.push(state),
  });
  const publish = (kind: string) =>
    server.database.pool.query(
      "with e as (insert into event (type, data) values ('job.changed', $1) returning id) select pg_notify('isocenter_event', id::text) from e",
      [{ id: randomUUID() as JobId, kind, state: 'queued', progress: null }],
    );
  const kindOf = (heard: Heard | undefined): string | undefined =>
    heard && 'data' in heard && 'kind' in heard.data ? heard.data.kind : undefined;

  /** What is heard next but for the server's own jobs, which end when they like. */
  const next = async (): Promise<string | undefined> => {
    for (;;) {
      const kind = kindOf((await follower.next()).value ?? undefined);
      if (!kind?.startsWith('archive.')) return kind;
    }
  };

  const first = next();
  await expect.poll(() => states).toEqual(['open']);
  await publish('one');
  expect(await first).toBe('one');
  const second = next();
  cutters[0]?.();
  await publish('two');
  expect(await second).toBe('two');
  expect(states).toEqual(['open', 'lost', 'open']);
  expect(connections).toBe(2);
  const end = follower.next();
  abort.abort();
  expect(await end).toEqual({ value: undefined, done: true });
});

test('[OPS-4] following ends when the server does not let one in', async () => {
  const follower = createClient({ baseUrl: server.url }).events({ signal: new AbortController().signal });
  await expect(follower.next()).rejects.toMatchObject({ code: 'not-authenticated' });
});

test('[ARCH-1] addresses are encoded', () => {
  expect(
    addressOf(
      { path: '/api/studies/{studyUid}' },
      { studyUid: StudyUid.parse('1.2') },
      { a: ['x y', 'é'], b: undefined, c: 0 },
    ),
  ).toBe('/api/studies/1.2?a=x+y&a=%C3%A9&c=0');
  expect(addressOf({ path: '/api/jobs/{id}' }, { id: '../x' })).toBe('/api/jobs/..%2Fx');
});
