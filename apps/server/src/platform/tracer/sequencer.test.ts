import type { LogObject } from '@isocenter/contract';
import { LogEntry } from '@isocenter/contract';
import {
  leafHash,
  openCheckpoint,
  proveConsistency,
  rootOf,
  type TileReader,
  verifyConsistency,
} from '@isocenter/ledger';
import { createTestDatabase, testDatabase } from '@isocenter/testkit';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { silentLog } from '../log.ts';
import { Sequencer } from './sequencer.ts';
import { ada, testTracer } from './test/test-tracer.ts';
import type { Tracer } from './tracer.ts';

const db = testDatabase();
let tracer: Tracer;
let sequencer: Sequencer;
const sequencerOf = (pool = db.database.pool) => new Sequencer({ pool, signer: tracer.signer, log: silentLog() });

beforeAll(() => {
  tracer = testTracer(db.database.pool);
  sequencer = sequencerOf();
});

const study = (id: string): LogObject => ({ kind: 'study', id });
const record = (count: number) =>
  tracer.record(
    db.database.pool,
    ...Array.from({ length: count }, (_, i) => ({
      actor: ada,
      action: 'study.view' as const,
      objects: [study(`1.2.${i}`)],
    })),
  );

const read: TileReader = async (tiles) => {
  const { rows } = await db.database.pool.query<{ level: number; index: number; hashes: Buffer }>(
    'select * from log_tile',
  );
  return tiles.map(({ level, index, width }) => {
    const found = rows.find((row) => row.level === level && row.index === index);
    return found?.hashes.subarray(0, width * 32) ?? new Uint8Array(0);
  });
};

async function head() {
  const { rows } = await db.database.pool.query<{ size: number; root: Buffer; note: string | null }>(
    'select * from log_head',
  );
  return rows[0]!;
}

async function bodies(): Promise<string[]> {
  const { rows } = await db.database.pool.query<{ leaf: number; body: string }>(
    'select leaf, body from log_entry order by leaf',
  );
  expect(rows.map(({ leaf }) => leaf)).toEqual(rows.map((_, i) => i));
  return rows.map(({ body }) => body);
}

/** The whole of what there must be: a checkpoint that holds over tiles that hold over entries. */
async function expectConsistent(): Promise<number> {
  const { size, root, note } = await head();
  const entries = await bodies();
  expect(entries).toHaveLength(size);
  if (size === 0) return 0;
  expect(openCheckpoint(note!, tracer.signer)).toEqual({
    origin: tracer.signer.name,
    size,
    root: new Uint8Array(root),
  });
  expect(Buffer.from(await rootOf(size, read))).toEqual(root);
  const [tile] = await read([{ level: 0, index: 0, width: Math.min(size, 256) }]);
  for (const [i, body] of entries.slice(0, 256).entries())
    expect(Buffer.from(tile!.subarray(i * 32, i * 32 + 32))).toEqual(Buffer.from(leafHash(Buffer.from(body))));
  return size;
}

describe('[TRACE-1] the sequencer', () => {
  test('places what was recorded, in the order in which it came, and signs it', async () => {
    await record(3);
    expect(await head()).toMatchObject({ size: 0, note: null });
    await sequencer.run();
    expect(await expectConsistent()).toBe(3);
    const entries = (await bodies()).map((body) => LogEntry.parse(JSON.parse(body)));
    expect(entries.map(({ objects: [object] }) => object)).toEqual(
      [0, 1, 2].map((i) => tracer.objectOf(study(`1.2.${i}`))),
    );
    const { rows } = await db.database.pool.query('select from log_pending');
    expect(rows).toHaveLength(0);
  });

  test('grows over many batches into a tree that is consistent with each it was before', async () => {
    const trees = [await head()];
    for (const count of [1, 252, 1, 300, 3000]) {
      await record(count);
      await sequencer.run();
      trees.push(await head());
    }
    expect(await expectConsistent()).toBe(3 + 1 + 252 + 1 + 300 + 3000);
    const now = trees.at(-1)!;
    for (const { size, root } of trees) {
      const proof = await proveConsistency(size, now.size, read);
      const claim = { from: size, fromRoot: root, to: now.size, toRoot: now.root, proof };
      expect(verifyConsistency({ ...claim, fromRoot: new Uint8Array(root), toRoot: new Uint8Array(now.root) })).toBe(
        true,
      );
    }
  });

  test('[TRACE-1.6] of many that run at once, every entry is placed by one', async () => {
    const before = (await head()).size;
    const others = [sequencer, sequencerOf(), sequencerOf()];
    const recording = Array.from({ length: 20 }, () => record(50));
    await Promise.all([...recording, ...others.map((one) => one.run())]);
    await Promise.all(others.map((one) => one.run()));
    await sequencer.run();
    expect(await expectConsistent()).toBe(before + 1000);
  });

  test('[TRACE-1.4] what is rolled back leaves nothing, and what commits late is placed then', async () => {
    const before = (await head()).size;
    const [early, late] = [await db.database.pool.connect(), await db.database.pool.connect()];
    await early.query('begin');
    await late.query('begin');
    await tracer.record(early, { actor: ada, action: 'session.begin' });
    await tracer.record(late, { actor: ada, action: 'session.end' });
    await record(1);
    await sequencer.run();
    expect((await head()).size).toBe(before + 1);
    await early.query('rollback');
    await late.query('commit');
    early.release();
    late.release();
    await sequencer.run();
    expect(await expectConsistent()).toBe(before + 2);
    expect((await bodies()).at(-1)).toContain('"action":"session.end"');
  });

  test('[TRACE-7] a step that is cut off anywhere leaves all as it was, and the next one does it', async () => {
    const { size, note } = await head();
    await record(5);
    for (const nth of [1, 2, 3, 4, 5, 6]) {
      await expect(sequencerOf(breakingAt(nth)).run()).rejects.toThrow('cut off');
      expect(await head()).toMatchObject({ size, note });
    }
    await sequencer.run();
    expect(await expectConsistent()).toBe(size + 5);
  });

  test('by itself, soon after something was recorded', async () => {
    const running = sequencerOf();
    tracer.onRecorded(() => running.wake());
    running.start();
    const { size } = await head();
    await record(1);
    await vi.waitFor(async () => expect((await head()).size).toBe(size + 1), { timeout: 20_000 });
    await record(1);
    await running.stop();
    expect((await head()).size).toBe(size + 2);
    tracer.onRecorded(() => undefined);
  });
});

/** A pool whose connections end with the n-th statement of a transaction. */
function breakingAt(nth: number): typeof db.database.pool {
  const { pool } = db.database;
  const connect = async () => {
    const client = await pool.connect();
    let statements = 0;
    const query = (...args: Parameters<typeof client.query>) => {
      statements += 1;
      // PostgreSQL ends the transaction, as when the process is killed.
      if (statements === nth) return client.query('rollback').then(() => Promise.reject(new Error('cut off')));
      return client.query(...args);
    };
    return Object.assign(Object.create(client) as typeof client, { query });
  };
  return Object.assign(Object.create(pool) as typeof pool, { connect });
}

describe('[TRACE-1.5] the database refuses', () => {
  test.each([
    "update log_entry set body = '{}' where leaf = 0",
    'delete from log_entry where leaf = 1',
    'truncate log_entry',
    "update log_pending set body = '{}'",
    'delete from log_pending',
    'truncate log_pending',
    'delete from log_object',
    "update log_object set object = 'study:x'",
    'truncate log_object',
    'delete from log_tile',
    'truncate log_tile',
    'update log_tile set index = 77 where index = 0',
    "update log_tile set hashes = hashes || sha256('a') where octet_length(hashes) = 8192",
    "update log_tile set hashes = sha256('a') || hashes where octet_length(hashes) < 8192",
    'update log_tile set hashes = substring(hashes for 32)',
    'update log_head set size = size - 1',
    "update log_head set root = sha256('a')",
    'delete from log_head',
    'truncate log_head',
    "update log_identity set origin = 'x'",
    'delete from log_identity',
  ])('%s', async (statement) => {
    await record(1);
    await db.database.pool.query(
      "insert into log_identity (origin, public_key, pseudonym_check) values ('a', sha256('a'), '') on conflict do nothing",
    );
    await expect(db.database.pool.query(statement)).rejects.toMatchObject({
      code: expect.stringMatching(/^(IS010|23514)$/) as string,
    });
    await sequencer.run();
    await expectConsistent();
  });
});

test('[TRACE-1] a log without entries has no checkpoint and no tile', async () => {
  const { database, drop } = await createTestDatabase();
  await new Sequencer({ pool: database.pool, signer: tracer.signer, log: silentLog() }).run();
  const { rows } = await database.pool.query(
    'select note from log_head where size = 0 union all select null from log_tile',
  );
  expect(rows).toEqual([{ note: null }]);
  await drop();
});
