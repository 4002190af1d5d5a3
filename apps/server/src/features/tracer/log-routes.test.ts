import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InclusionProof, LogEntry, LogInfo, LogPage } from '@isocenter/contract';
import {
  decodeBundle,
  fromBase64,
  leafHash,
  openCheckpoint,
  parseVerifier,
  verifyConsistency,
  verifyInclusion,
} from '@isocenter/ledger';
import { testDatabase } from '@isocenter/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Composed, compose } from '../../compose.ts';
import { loadConfig } from '../../platform/config.ts';
import { asAdministrator, asManager, asNobody, byName, manager } from '../../platform/http/test/test-app.ts';
import { silentLog } from '../../platform/log.ts';
import { type Draft, Sequencer } from '../../platform/tracer/index.ts';

const db = testDatabase();
let folder: string;
let server: Composed;

/** Not started: what this test records is all that there is. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-log-'));
  const config = loadConfig({ ISOCENTER_DATA: folder, DATABASE_URL: db.url });
  const deps = { log: silentLog(), database: db.database, bootstrapToken: 'unused-token-of-test', version: '1' };
  server = await compose(config, { ...deps, role: 'server', webRoot: folder, authenticators: [byName] });
  await server.app.ready();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const get = (url: string, headers = asAdministrator) => server.app.inject({ url, headers });
const json = async (url: string, headers = asAdministrator): Promise<unknown> => {
  const answer = await get(url, headers);
  expect([url, answer.statusCode]).toEqual([url, 200]);
  return answer.json();
};

async function record(...drafts: Draft[]): Promise<void> {
  await server.services.tracer.record(db.database.pool, ...drafts);
  await new Sequencer({ ...db.database, signer: server.services.tracer.signer, log: silentLog() }).run();
}

const by = (id: string, action: Draft['action'], more: Partial<Draft> = {}): Draft => ({
  actor: { kind: 'user', id },
  action,
  ...more,
});

describe('[TRACE-4] a log without entries', () => {
  test('has no checkpoint, no tile and no proof, but a name and a key', async () => {
    for (const url of ['checkpoint', 'tile/0/000', 'tile/0/000.p/1', 'tile/entries/000.p/1'])
      expect([url, (await get(`/api/log/${url}`)).statusCode]).toEqual([url, 404]);
    expect((await get('/api/log/proof/inclusion?leaf=0')).statusCode).toBe(400);
    expect(LogInfo.parse(await json('/api/log'))).toMatchObject({ size: 0, sees: 'all' });
    expect(await json('/api/log/entries')).toEqual({ items: [], next: null, searchedTo: null });
  });
});

describe('[TRACE-4] a log with entries', () => {
  beforeAll(async () => {
    await record(
      ...Array.from({ length: 700 }, (_, i) => by('ada', 'study.view', { objects: [{ kind: 'study', id: `1.${i}` }] })),
    );
  });

  const checkpoint = async () => {
    const { key } = LogInfo.parse(await json('/api/log'));
    return openCheckpoint((await get('/api/log/checkpoint')).body, parseVerifier(key));
  };

  test('has a checkpoint that its key signed, and that is asked for again each time', async () => {
    expect(await checkpoint()).toMatchObject({ size: 700 });
    const answer = await get('/api/log/checkpoint');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'private, no-cache',
    });
  });

  test('has tiles and bundles at the addresses of C2SP, which are kept for ever', async () => {
    for (const [url, status, length] of [
      ['tile/0/000', 200, 8192],
      ['tile/0/001', 200, 8192],
      ['tile/0/002', 404, 0],
      ['tile/0/002.p/188', 200, 188 * 32],
      ['tile/0/002.p/100', 200, 100 * 32],
      ['tile/0/002.p/189', 404, 0],
      ['tile/0/000.p/17', 200, 17 * 32],
      ['tile/1/000.p/2', 200, 64],
      ['tile/1/000.p/3', 404, 0],
      ['tile/1/000', 404, 0],
      ['tile/0/0', 404, 0],
      ['tile/0/x001/x000', 404, 0],
      ['tile/x/000', 404, 0],
      ['tile/64/000', 404, 0],
      ['tile/entries/002', 404, 0],
      ['tile/entries/003.p/1', 404, 0],
      ['tile/entries/002.p/189', 404, 0],
    ] as const) {
      const answer = await get(`/api/log/${url}`);
      expect([url, answer.statusCode]).toEqual([url, status]);
      if (status !== 200) continue;
      expect(answer.rawPayload).toHaveLength(length);
      expect(answer.headers['cache-control']).toBe('private, max-age=31536000, immutable');
    }
    const bundle = (await get('/api/log/tile/entries/002.p/188')).rawPayload;
    const hashes = (await get('/api/log/tile/0/002.p/188')).rawPayload;
    const entries = decodeBundle(bundle);
    expect(Buffer.concat(entries.map(leafHash))).toEqual(hashes);
    expect(entries.map((entry) => LogEntry.parse(JSON.parse(new TextDecoder().decode(entry))).action)).toEqual(
      Array(188).fill('study.view'),
    );
  });

  test('proves that entries of a search are in it', async () => {
    const { root, size } = await checkpoint();
    const page = LogPage.parse(await json('/api/log/entries?limit=200'));
    for (const { leaf, body } of page.items.filter((_, i) => i % 20 === 0)) {
      const proof = InclusionProof.parse(await json(`/api/log/proof/inclusion?leaf=${leaf}&size=${size}`));
      const claim = {
        index: leaf,
        size,
        leafHash: leafHash(Buffer.from(body)),
        proof: proof.hashes.map(fromBase64),
        root,
      };
      expect(fromBase64(proof.leafHash)).toEqual(claim.leafHash);
      expect(verifyInclusion(claim)).toBe(true);
      expect(verifyInclusion({ ...claim, leafHash: leafHash(Buffer.from(body.replace('done', 'gone'))) })).toBe(false);
    }
  });

  test('proves that it goes on from what it was', async () => {
    const before = await checkpoint();
    await record(by('ada', 'study.search'), by('bob', 'study.search'));
    const now = await checkpoint();
    const { hashes } = (await json(`/api/log/proof/consistency?from=${before.size}&to=${now.size}`)) as {
      hashes: string[];
    };
    const claim = {
      from: before.size,
      fromRoot: before.root,
      to: now.size,
      toRoot: now.root,
      proof: hashes.map(fromBase64),
    };
    expect(verifyConsistency(claim)).toBe(true);
    expect(await json('/api/log/proof/consistency?from=0')).toEqual({ from: 0, to: now.size, hashes: [] });
    expect(await json(`/api/log/proof/consistency?from=${now.size}`)).toMatchObject({ hashes: [] });
  });

  test('says what cannot be proved', async () => {
    for (const [query, field] of [
      ['inclusion?leaf=9999', 'query.leaf'],
      ['inclusion?leaf=700&size=700', 'query.leaf'],
      ['inclusion?leaf=1&size=9999', 'query.size'],
      ['inclusion?leaf=-1', 'query.leaf'],
      ['inclusion?leaf=1.5', 'query.leaf'],
      ['inclusion', 'query.leaf'],
      ['consistency?from=9&to=8', 'query.from'],
      ['consistency?from=1&to=9999', 'query.to'],
      ['consistency?from=99999999999999999999', 'query.from'],
    ] as const) {
      const answer = await get(`/api/log/proof/${query}`);
      expect([query, answer.statusCode, answer.json().params.fields[0].field]).toEqual([query, 400, field]);
    }
  });
});

describe('[TRACE-6] search', () => {
  const study = '1.2.840.77';
  const job = '0190aaaa-0000-7000-8000-000000000001';

  beforeAll(async () => {
    await record(
      by('carol', 'study.view', { objects: [{ kind: 'study', id: study }], project: 'lung' }),
      by('carol', 'study.export', { objects: [{ kind: 'study', id: study }] }),
      by('dave', 'study.delete', { objects: [{ kind: 'study', id: study }] }),
      by('dave', 'access.deny', { outcome: 'denied', objects: [{ kind: 'permission', id: 'job.read' }] }),
      by('dave', 'job.cancel', { objects: [{ kind: 'job', id: job }], project: 'liver' }),
      by('nemo', 'access.deny', { outcome: 'denied' }),
    );
  });

  const found = async (query: string, headers = asAdministrator): Promise<string[]> =>
    LogPage.parse(await json(`/api/log/entries?${query}`, headers)).items.map(({ body }) => {
      const { actor, action } = LogEntry.parse(JSON.parse(body));
      return `${actor.id} ${action}`;
    });

  test.each([
    [`study=${study}`, ['dave study.delete', 'carol study.export', 'carol study.view']],
    [`study=${study}&actor=user:carol`, ['carol study.export', 'carol study.view']],
    [`study=${study}&action=study.view&action=study.delete`, ['dave study.delete', 'carol study.view']],
    [`object=job:${job}`, ['dave job.cancel']],
    ['actor=user:dave', ['dave job.cancel', 'dave access.deny', 'dave study.delete']],
    ['actor=user:dave&outcome=denied', ['dave access.deny']],
    ['outcome=denied', ['nemo access.deny', 'dave access.deny']],
    ['outcome=failed', []],
    ['outcome=failed&outcome=denied', ['nemo access.deny', 'dave access.deny']],
    ['outcome=done&outcome=denied&limit=2', ['nemo access.deny', 'dave job.cancel']],
    ['action=job.cancel&outcome=done', ['dave job.cancel']],
    ['action=job.cancel&action=study.delete', ['dave job.cancel', 'dave study.delete']],
    ['project=lung', ['carol study.view']],
    ['project=liver&actor=user:carol', []],
    ['limit=2', ['nemo access.deny', 'dave job.cancel']],
    ['actor=user:nobody-there', []],
    ['to=2020-01-01T00:00:00Z', []],
    ['from=2099-01-01T00:00:00Z', []],
  ])('by %s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  test('by time, from one moment to before another', async () => {
    const [newest] = LogPage.parse(await json('/api/log/entries?limit=1')).items;
    const { time } = LogEntry.parse(JSON.parse(newest!.body));
    expect(await found(`from=${time}&actor=user:nemo`)).toEqual(['nemo access.deny']);
    expect(await found(`to=${time}&actor=user:nemo`)).toEqual([]);
  });

  test('page by page gives every entry once, also while others come', async () => {
    const all = LogPage.parse(await json('/api/log/entries?limit=200&actor=user:ada'));
    const leaves = [...all.items.map(({ leaf }) => leaf)];
    let next: string | null = all.next;
    while (next !== null) {
      await record(by('ada', 'session.begin'));
      const page = LogPage.parse(await json(`/api/log/entries?limit=200&actor=user:ada&after=${next}`));
      leaves.push(...page.items.map(({ leaf }) => leaf));
      next = page.next;
    }
    expect(leaves).toHaveLength(701);
    expect(new Set(leaves).size).toBe(701);
    expect(leaves).toEqual(leaves.toSorted((a, b) => b - a));
  });

  test.each([
    'action=study.looked',
    'outcome=maybe',
    'limit=0',
    'limit=201',
    'after=x',
    'from=yesterday',
    'study=..',
    'who=ada',
  ])('refuses %s', async (query) => {
    expect((await get(`/api/log/entries?${query}`)).statusCode).toBe(400);
  });

  test('of filters that few entries meet looks at 2,000 at most and says how far it got', async () => {
    await db.database.pool.query(
      `insert into log_pending (id, at, actor, action, outcome, objects, body)
       select gen_random_uuid(), now() - interval '1 year' + i * interval '1 second', 'user:bulk', case i when 7 then 'job.retry' else 'study.view' end,
         'done', '{}', '{}' from generate_series(1, 2500) as i`,
    );
    await record();
    const first = LogPage.parse(await json('/api/log/entries?actor=user:bulk&action=job.retry'));
    expect(first.items).toEqual([]);
    expect(first.searchedTo).not.toBeNull();
    const second = LogPage.parse(await json(`/api/log/entries?actor=user:bulk&action=job.retry&after=${first.next}`));
    expect(second.items).toHaveLength(1);
    expect(second).toMatchObject({ next: null, searchedTo: null });
  });
});

describe('[TRACE-6] rights', () => {
  test('who may not read all finds their own, whomever they ask for, and no bundles', async () => {
    expect(LogInfo.parse(await json('/api/log', asNobody)).sees).toBe('own');
    for (const query of ['', 'actor=user:nemo', 'outcome=denied']) {
      const { items } = LogPage.parse(await json(`/api/log/entries?${query}`, asNobody));
      expect(items.map(({ body }) => LogEntry.parse(JSON.parse(body)).actor.id)).toEqual(['nemo']);
    }
    for (const query of ['actor=user:ada', 'actor=user:nemo&action=job.cancel'])
      expect(await json(`/api/log/entries?${query}`, asNobody)).toEqual({ items: [], next: null, searchedTo: null });
    const [own] = LogPage.parse(await json('/api/log/entries', asNobody)).items;
    expect(await json(`/api/log/entries/${own!.leaf}`, asNobody)).toEqual(own);
    expect(await json(`/api/log/entries/${own!.leaf}`)).toEqual(own);
    expect((await get('/api/log/entries/0', asNobody)).statusCode).toBe(404);
    expect((await get('/api/log/entries/999999')).statusCode).toBe(404);
    expect((await get('/api/log/tile/entries/000', asNobody)).statusCode).toBe(403);
    for (const path of ['checkpoint', 'tile/0/000', 'proof/inclusion?leaf=0', 'proof/consistency?from=1'])
      expect([path, (await get(`/api/log/${path}`, asNobody)).statusCode]).toEqual([path, 200]);
  });

  test('who manages the data of a project finds what was done with it, by whomever, and their own', async () => {
    const project = manager.holdings[0]!.project!;
    await record(
      by('someone', 'study.view', { project }),
      by('someone', 'study.view', { project: 'another' }),
      by('someone', 'study.search'),
      by('manager', 'study.view', { project }),
      by('manager', 'session.begin'),
    );
    const found = async (query: string): Promise<string[]> =>
      LogPage.parse(await json(`/api/log/entries?limit=50&${query}`, asManager))
        .items.map(({ body }) => LogEntry.parse(JSON.parse(body)))
        .map((entry) => `${entry.actor.id} ${entry.action} ${entry.project ?? '-'}`);
    expect(LogInfo.parse(await json('/api/log', asManager)).sees).toBe('projects');
    const theirs = ['manager session.begin -', `manager study.view ${project}`, `someone study.view ${project}`];
    expect((await found('')).sort()).toEqual(theirs);
    expect(await found(`project=${project}`)).toEqual([theirs[1], theirs[2]]);
    expect(await found('project=another')).toEqual([]);
    expect(await found('actor=user:someone')).toEqual([theirs[2]]);
    expect(await found('actor=user:manager')).toEqual([theirs[0], theirs[1]]);
    expect((await found('action=study.view')).sort()).toEqual([theirs[1], theirs[2]]);
    const { items } = LogPage.parse(await json('/api/log/entries?limit=3&actor=user:someone'));
    const leafOf = (wanted: string | undefined) => items.find(({ body }) => JSON.parse(body).project === wanted)!.leaf;
    expect((await get(`/api/log/entries/${leafOf(project)}`, asManager)).statusCode).toBe(200);
    for (const other of ['another', undefined])
      expect((await get(`/api/log/entries/${leafOf(other)}`, asManager)).statusCode).toBe(404);
  });

  test('who is not known gets nothing', async () => {
    for (const path of ['', '/checkpoint', '/tile/0/000', '/tile/entries/000', '/entries', '/proof/inclusion?leaf=0'])
      expect((await server.app.inject(`/api/log${path}`)).statusCode).toBe(401);
  });

  test('an identifier that is asked for stands in the log by its pseudonym only', async () => {
    const uid = `1.2.${randomBytes(6).readUIntBE(0, 6)}`;
    await record(by('ada', 'study.view', { objects: [{ kind: 'study', id: uid }] }));
    const { items } = LogPage.parse(await json(`/api/log/entries?study=${uid}`));
    expect(items).toHaveLength(1);
    expect(items[0]!.body).not.toContain(uid);
  });
});
