import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { type Environment, startServer } from '@isocenter/server';
import { silentLog } from '@isocenter/server/testing';
import { createTestDatabase, startTestServer, type TestServer } from '@isocenter/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { mirror } from './mirror.ts';
import { verify } from './verify.ts';

let folder: string;
let server: TestServer;
let env: Environment;
let copy: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-log-cli-'));
  copy = join(folder, 'mirror');
  env = { XDG_CACHE_HOME: join(folder, 'cache'), ISOCENTER_TOKEN: server.token };
});
afterEach(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly text: string;
}

async function run(command: (streams: { out: Writable; err: Writable }) => Promise<number>): Promise<Ran> {
  const lines: string[] = [];
  const stream = () =>
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(stripVTControlCharacters(chunk.toString()));
        done();
      },
    });
  const code = await command({ out: stream(), err: stream() });
  return { code, text: lines.join('') };
}

const verified = (where = server.url, options = {}): Promise<Ran> =>
  run((streams) => verify(where, options, env, streams));
const mirrored = (url = server.url, options = {}): Promise<Ran> =>
  run((streams) => mirror(url, copy, options, env, streams));

const sizeOf = async (pool: pg.Pool): Promise<number> =>
  Number((await pool.query('select size from log_head')).rows[0].size);

/** Makes the log as long as this. */
async function growTo(pool: pg.Pool, size: number): Promise<void> {
  await settled(pool);
  await pool.query(
    `insert into log_pending (id, at, actor, action, outcome, objects, body)
     select gen_random_uuid(), now(), 'user:ada', 'study.view', 'done', '{}', json_build_object('entry', i, 'what', md5(random()::text))
     from generate_series(1, $1::int) as i`,
    [size - (await sizeOf(pool))],
  );
  await settled(pool);
}

/** Until everything that was recorded has its place. */
async function settled(pool: pg.Pool): Promise<void> {
  const waiting = async () => (await pool.query('select from log_pending limit 1')).rowCount;
  await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 20_000 });
}

describe('[TRACE-4] isocenter log', () => {
  beforeAll(() => growTo(server.database.pool, 700));

  test('verifies a server, and remembers what it saw', async () => {
    const first = await verified();
    expect(first).toMatchObject({ code: 0 });
    expect(first.text).toMatch(
      /^isocenter\/[0-9a-f]{16}: 7\d\d entries, root .{44}\nSignature, tree and every entry hold\.\n$/,
    );
    expect((await verified()).text).toContain('It goes on from the checkpoint of 7');
  });

  test('mirrors it by plain HTTP, a second time only what is new, and verifies the mirror without the server', async () => {
    expect(await mirrored()).toMatchObject({ code: 0 });
    const full = await stat(join(copy, 'tile/0/000'));
    await growTo(server.database.pool, 1100);
    const again = await mirrored();
    expect(again.text).toMatch(/\n\d{3} new\.\n$/);
    expect((await stat(join(copy, 'tile/0/000'))).ino).toBe(full.ino);
    expect(await verified(copy)).toMatchObject({ code: 0 });
    const partial = (await readdir(copy, { recursive: true })).filter((path) => /\.p\//.test(path));
    expect(partial).toHaveLength(3);
  });

  test('goes on with a mirror that was cut off, and keeps the checkpoint that it had until all is there', async () => {
    let served = 0;
    const proxy = createServer(async (request, response) => {
      served += 1;
      if (served > 5) return response.writeHead(404).end();
      const answer = await server.fetch(request.url ?? '/');
      return response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => proxy.once('listening', listening));
    const cut = await mirrored(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    proxy.close();
    expect(cut).toMatchObject({ code: 1 });
    expect(cut.text).toContain('which its checkpoint speaks of');
    expect(await readdir(copy)).toEqual(['tile']);
    expect(await mirrored()).toMatchObject({ code: 0 });
    expect(await verified(copy)).toMatchObject({ code: 0 });
  });

  test('names the entry of a mirror of which any byte is another', async () => {
    await mirrored();
    const path = join(copy, 'tile/entries/001');
    const bundle = await readFile(path);
    // The first byte behind the length of the first entry.
    bundle[2]! ^= 1;
    await writeFile(path, bundle);
    const { code, text } = await verified(copy);
    expect(code).toBe(1);
    expect(text).toContain('ALTERED Entry 256 was altered');
    expect(text).toContain('1 thing is wrong');
  });

  test('says why it can’t: no server, no token, no right, no log, no key', async () => {
    const wrong = { ...env, ISOCENTER_TOKEN: 'wrong-token-of-no-one' };
    const cases: readonly [() => Promise<Ran>, RegExp][] = [
      [() => verified('http://127.0.0.1:1'), /does not answer/],
      [() => run((streams) => verify(server.url, {}, wrong, streams)), /token/],
      [() => verified(folder), /no key/],
      [() => verified('ftp://log.example'), /not an http/],
      [() => verified(server.url, { key: 'nonsense' }), /verifier key/],
    ];
    for (const [attempt, reason] of cases) {
      const { code, text } = await attempt();
      expect([code, text]).toEqual([1, expect.stringMatching(reason)]);
    }
  }, 60_000);
});

describe('[TRACE-4] isocenter log verify notices what was done to the database', () => {
  /** As someone does who owns the database and takes away what guards it. */
  async function tamper(...statements: string[]): Promise<() => Promise<void>> {
    const { pool } = server.database;
    await settled(pool);
    await pool.query('create table kept as select * from log_entry');
    await pool.query(`alter table log_entry disable trigger user; ${statements.join('; ')}`);
    return async () => {
      await pool.query(`delete from log_entry; insert into log_entry select * from kept; drop table kept;
        alter table log_entry enable trigger user`);
    };
  }

  test.each([
    [
      'an entry that was altered',
      ["update log_entry set body = replace(body, 'entry', 'Entry') where leaf = 300"],
      /ALTERED Entry 300 was altered/,
    ],
    [
      'entries that changed places',
      [
        'update log_entry set leaf = 9999999 where leaf = 310',
        'update log_entry set leaf = 310 where leaf = 320',
        'update log_entry set leaf = 320 where leaf = 9999999',
      ],
      /MOVED In the place of entry 310 stands entry 320\.\nMOVED In the place of entry 320 stands entry 310\./,
    ],
    ['an entry that was dropped', ['delete from log_entry where leaf = 333'], /MISSING Entry 333 is missing/],
    [
      'an entry that was dropped, where the others moved up',
      [
        'delete from log_entry where leaf = 333',
        'update log_entry set leaf = leaf + 1000000 where leaf > 333',
        'update log_entry set leaf = leaf - 1000001 where leaf > 1000000',
      ],
      /MISSING Entry 333 is missing: in its place stands entry 334/,
    ],
  ])('%s', async (_, statements, expected) => {
    const restore = await tamper(...statements);
    const { code, text } = await verified();
    await restore();
    expect(code).toBe(1);
    expect(text).toMatch(expected);
    expect(await verified()).toMatchObject({ code: 0, text: expect.stringContaining('hold') as string });
  });
});

describe('[TRACE-7] an old database that was restored', () => {
  test('is noticed, first by its size, later by its history, and a mirror says from which entry on', async () => {
    const { url, drop } = await createTestDatabase();
    const old = url.replace(/\/[^/?]+\?/, (name) => `${name.slice(0, -1)}_old?`);
    const start = (DATABASE_URL: string) =>
      startServer(
        {
          ISOCENTER_DATA: join(folder, 'data'),
          ISOCENTER_PORT: '0',
          ISOCENTER_BOOTSTRAP_TOKEN: server.token,
          ISOCENTER_DRAIN_SECONDS: '1',
          DATABASE_URL,
        },
        { log: silentLog() },
      );
    const pools = {
      now: new pg.Pool({ connectionString: url, max: 2 }),
      old: new pg.Pool({ connectionString: old, max: 2 }),
    };
    const types = (pool: pg.Pool) => pool.on('error', () => undefined);
    Object.values(pools).forEach(types);
    try {
      let running = await start(url);
      await growTo(pools.now, 300);
      await running.stop();
      await backUp(url, old);
      running = await start(url);
      await growTo(pools.now, 500);
      expect(await mirrored(running.url)).toMatchObject({ code: 0 });
      await running.stop();

      running = await start(old);
      const rolledBack = await verified(running.url, { mirror: copy });
      expect(rolledBack.text).toMatch(/ROLLED-BACK The log has 30\d entries and had 50\d/);
      expect(rolledBack.code).toBe(1);
      expect((await mirrored(running.url)).text).toContain('ROLLED-BACK');
      const before = await sizeOf(pools.old);

      await growTo(pools.old, 600);
      const rewritten = await verified(running.url, { mirror: copy });
      expect(rewritten.text).toContain('REWRITTEN');
      const first = Number(/Entry (\d+) is the first that is another than in the mirror/.exec(rewritten.text)?.[1]);
      expect(first).toBeGreaterThanOrEqual(300);
      expect(first).toBeLessThanOrEqual(before);
      expect(await mirrored(running.url)).toMatchObject({
        code: 1,
        text: expect.stringContaining(`Entry ${first} is the first`) as string,
      });
      // By itself it is a log like any other.
      expect(await verified(running.url)).toMatchObject({ code: 0 });
      expect(await verified(copy)).toMatchObject({ code: 0 });
      await running.stop();
    } finally {
      for (const pool of Object.values(pools)) await pool.end();
      await admin(url, `drop database if exists ${nameOf(old)} with (force)`);
      await drop();
    }
  }, 120_000);
});

const nameOf = (url: string): string => /\/([^/?]+)\?/.exec(url)![1]!;

async function admin(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url.replace(`/${nameOf(url)}?`, '/postgres?') });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const backUp = (url: string, to: string): Promise<void> =>
  admin(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${nameOf(url)}'`,
    `create database ${nameOf(to)} template ${nameOf(url)}`,
  );
