import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { canonicalJson } from '@isocenter/ledger';
import { type ServerProcess, startServerProcess } from '@isocenter/testkit';
import { openEmbeddedDatabase } from '@isocenter/testkit/embedded-database';
import { type Measure, printMeasures } from './report.ts';
import { fillLog, type Queries } from './tracer-fill.ts';

/** Transactions at a time, as of as many requests. */
const CONNECTIONS = 16;

/** How long is recorded for one number. */
const SECONDS = 20;

/** Requests for one number. */
const REQUESTS = 300;

/** What spec and issue ask for. */
const FLOOR_PER_SECOND = 2000;
const PROOF_MS = 5;

/** The size that a large log is compared with. */
const SMALL = 10_000;

/** The tracer: how fast actions are recorded beside plain inserts, and what a long log costs those who read it. */
export async function benchTracer(entries: number, parent: string): Promise<void> {
  const folder = await mkdtemp(join(parent, 'isocenter-bench-'));
  try {
    const server = await startServerProcess({ ISOCENTER_DATA: folder });
    const database = await openEmbeddedDatabase(folder, CONNECTIONS + 2);
    try {
      await fillLog(database.pool, SMALL);
      const small = await measureReading(server, SMALL);
      await fillLog(database.pool, entries);
      const large = await measureReading(server, entries);
      reportReading(entries, large, small);
      await reportRecording(database.pool, entries);
    } finally {
      await database.close();
      await server.end('SIGTERM');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Addresses of what people and programs ask for; each with other values every time. */
const readings: readonly (readonly [what: string, address: (size: number, random: () => number) => string])[] = [
  ['page: the newest', () => 'entries?limit=50'],
  ['page: of a person', (_, random) => `entries?limit=50&actor=user:person-${Math.floor(random() * 400)}`],
  [
    'page: of a person and an action',
    (_, random) => `entries?limit=50&action=study.export&actor=user:person-${Math.floor(random() * 400)}`,
  ],
  [
    'page: of a project, denied',
    (_, random) => `entries?limit=50&outcome=denied&project=project-${Math.floor(random() * 53)}`,
  ],
  ['page: from a random time on', (size, random) => `entries?limit=50&to=${timeOf(random() * size)}`],
  ['proof of inclusion', (size, random) => `proof/inclusion?leaf=${Math.floor(random() * size)}`],
  ['proof of consistency', (size, random) => `proof/consistency?from=${1 + Math.floor(random() * (size - 1))}`],
];

/** As the filling has it. */
const timeOf = (leaf: number): string => new Date(Date.parse('2026-01-01T00:00:00Z') + leaf * 37).toISOString();

/** The 95th percentile of each, in milliseconds. */
async function measureReading({ url, token }: ServerProcess, size: number): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const [what, address] of readings) {
    const taken: number[] = [];
    for (let i = 0; i < REQUESTS; i++) {
      const started = performance.now();
      const answer = await fetch(`${url}/api/log/${address(size, Math.random)}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`${what}: ${answer.status}`);
      taken.push(performance.now() - started);
    }
    times.set(what, taken.sort((a, b) => a - b)[Math.floor(REQUESTS * 0.95)]!);
  }
  return times;
}

function reportReading(entries: number, large: ReadonlyMap<string, number>, small: ReadonlyMap<string, number>): void {
  const lines = readings.map(
    ([what]): Measure => ({
      what: `${what}, p95`,
      unit: 'ms',
      ours: large.get(what)!,
      peer: small.get(what)!,
      better: 'less',
      goal: 0.5,
    }),
  );
  printMeasures(`The tracer over HTTP at ${entries} entries`, lines, [`${entries}`, `${SMALL}`]);
  const proofs = ['proof of inclusion', 'proof of consistency'].map(
    (what): Measure => ({
      what: `${what}, p95`,
      unit: 'ms',
      ours: large.get(what)!,
      peer: PROOF_MS,
      better: 'less',
      goal: 1,
    }),
  );
  printMeasures('What is asked of it', proofs, ['Isocenter', 'limit']);
}

async function reportRecording(pool: Queries, entries: number): Promise<void> {
  const plain = await measurePlain(pool);
  const { recorded, placed } = await measureRecording(pool);
  const title = `Recording at ${entries} entries: one entry a transaction, ${CONNECTIONS} connections, ${SECONDS} s`;
  printMeasures(
    title,
    [{ what: 'actions recorded', unit: '/s', ours: recorded, peer: plain, better: 'more' }],
    ['Isocenter', 'plain insert'],
  );
  printMeasures(
    'What is asked of it',
    [
      {
        what: 'recorded, placed in the tree and signed, sustained',
        unit: '/s',
        ours: placed,
        peer: FLOOR_PER_SECOND,
        better: 'more',
        goal: 1,
      },
    ],
    ['Isocenter', 'floor'],
  );
}

/** The same rows into a table with the index that the queue has: what PostgreSQL can do at all. */
async function measurePlain(pool: Queries): Promise<number> {
  await pool.query(`create table bench_plain (seq bigint generated always as identity primary key, id uuid, at timestamptz, actor text,
    action text, outcome text, project text, objects text[], body text)`);
  const inserted = await forSomeTime(async () => {
    const { id, at, actor, action, outcome, project, objects, body } = entryRow();
    await pool.query(
      'insert into bench_plain (id, at, actor, action, outcome, project, objects, body) values ($1, $2, $3, $4, $5, $6, $7, $8)',
      [id, at, actor, action, outcome, project, objects, body],
    );
  });
  await pool.query('drop table bench_plain');
  return inserted / SECONDS;
}

async function measureRecording(pool: Queries): Promise<{ recorded: number; placed: number }> {
  const sizeNow = async (): Promise<number> =>
    (await pool.query<{ size: number }>('select size from log_head')).rows[0]!.size;
  const before = await sizeNow();
  const started = performance.now();
  const recorded = await forSomeTime(() => pool.query('select log_record($1)', [JSON.stringify([entryRow()])]));
  while ((await sizeNow()) < before + recorded) await pause(20);
  return { recorded: recorded / SECONDS, placed: recorded / ((performance.now() - started) / 1000) };
}

/** How often it was done. */
async function forSomeTime(work: () => Promise<unknown>): Promise<number> {
  const end = performance.now() + SECONDS * 1000;
  let done = 0;
  const connection = async (): Promise<void> => {
    while (performance.now() < end) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return done;
}

/** As a server makes it of somebody who looks at a study. */
function entryRow() {
  const id = randomUUID();
  const at = new Date().toISOString();
  const study = randomUUID().replaceAll('-', '').slice(0, 22);
  const body = canonicalJson({
    v: 1,
    id,
    time: at,
    actor: { kind: 'user', id: 'person-1' },
    action: 'study.view',
    objects: [{ kind: 'study', id: study }],
    outcome: 'done',
  });
  const objects = [`study:${study}`];
  return { id, at, actor: 'user:person-1', action: 'study.view', outcome: 'done', project: null, objects, body };
}
