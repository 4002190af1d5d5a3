import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogEntry } from '@isocenter/contract';
import { canonicalJson } from '@isocenter/ledger';
import { createTestDatabase, testDatabase } from '@isocenter/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryParts } from './instance-entries.ts';
import { logIdentity } from './log-identity.ts';
import { LogKey, logKeyFile } from './log-key.ts';
import { Once } from './once.ts';
import { ada, testTracer } from './test/test-tracer.ts';
import { uuid7 } from './uuid7.ts';

const db = testDatabase();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-tracer-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function pending(): Promise<{ id: string; actor: string; objects: string[]; body: string }[]> {
  const { rows } = await db.database.pool.query('select * from log_pending order by seq');
  return rows;
}

describe('[TRACE-2] an entry', () => {
  test('is canonical JSON with who, what, when, and pseudonyms instead of identifiers', async () => {
    const tracer = testTracer(db.database.pool);
    const [id] = await tracer.record(db.database.pool, {
      actor: ada,
      action: 'study.view',
      objects: [{ kind: 'study', id: '1.2.840.999.1' }],
      project: 'lung-2',
    });
    const row = (await pending()).find((each) => each.id === id)!;
    const entry = LogEntry.parse(JSON.parse(row.body));
    expect(entry).toMatchObject({ v: 1, id, actor: ada, action: 'study.view', project: 'lung-2', outcome: 'done' });
    expect(row.body).toBe(canonicalJson(entry));
    expect(row.body).not.toContain('1.2.840.999.1');
    expect(entry.objects[0]!.id).toMatch(/^[\w-]{22}$/);
    expect(row).toMatchObject({ actor: 'user:ada', objects: [`study:${entry.objects[0]!.id}`], project: 'lung-2' });
    expect(Math.abs(Date.parse(entry.time) - Date.now())).toBeLessThan(60_000);
  });

  test('is recorded through Kysely as through a client', async () => {
    const tracer = testTracer(db.database.pool);
    const [id] = await db.database.transaction((tx) => tracer.record(tx, { actor: ada, action: 'session.begin' }));
    expect((await pending()).map((row) => row.id)).toContain(id);
  });

  test('that the schema does not know, or that is too long, keeps its action from happening', async () => {
    const tracer = testTracer(db.database.pool);
    const before = (await pending()).length;
    const long = { kind: 'instance' as const, id: '1.2' };
    const tooMany = tracer.recordAlone({ actor: ada, action: 'study.delete', objects: Array(2000).fill(long) });
    await expect(tooMany).rejects.toThrow(/too long/);
    await expect(tracer.recordAlone({ actor: { kind: 'user', id: '' }, action: 'study.delete' })).rejects.toThrow();
    expect(await pending()).toHaveLength(before);
  });

  test('about stored instances is canonical whichever of them turn out to be new', () => {
    const tracer = testTracer(db.database.pool);
    const instances = Array.from({ length: 900 }, (_, i) => ({
      place: i + 1,
      sopInstanceUid: `1.2.${i}`,
      sha256: 'ab'.repeat(32),
    }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.infiniteStream(fc.boolean()), (count, coin) => {
        const study = {
          actor: ada,
          zone: 'landing' as const,
          studyInstanceUid: '1.2',
          instances: instances.slice(0, count),
        };
        const parts = entryParts(tracer, study);
        expect(parts.flatMap((part) => part.instances.map(({ place }) => place))).toEqual(
          study.instances.map(({ place }) => place),
        );
        for (const { before, after, instances: fragments } of parts) {
          const body =
            before +
            fragments
              .filter(() => coin.next().value)
              .map(({ text }) => text)
              .join('') +
            after;
          const entry = LogEntry.parse(JSON.parse(body));
          expect(canonicalJson(entry)).toBe(body);
          expect(Buffer.byteLength(body)).toBeLessThan(65_536);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('has a UUIDv7: sorted by time, version and variant in place', () => {
    const random = new Uint8Array(16).fill(255);
    expect(uuid7(0x0123456789ab, random)).toBe('01234567-89ab-7fff-bfff-ffffffffffff');
    expect(uuid7(1, random) < uuid7(2 ** 33, new Uint8Array(16))).toBe(true);
  });
});

describe('[TRACE-1.6] the key', () => {
  test('is made once, readable for this user only, and found again', async () => {
    const { database, drop } = await createTestDatabase();
    const first = await logIdentity(database.pool, { dataDir: folder });
    const file = logKeyFile(folder);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const again = await logIdentity(database.pool, { dataDir: folder });
    expect(again.signer.name).toBe(first.signer.name);
    expect(first.signer.name).toMatch(/^isocenter\/[0-9a-f]{16}$/);
    expect(again.key.pseudonym('study', '1.2')).toBe(first.key.pseudonym('study', '1.2'));
    const secret = (await readFile(file, 'utf8')).trim();
    const { rows } = await database.pool.query(
      "select row_to_json(log_identity)::text as row, encode(public_key, 'base64') as key from log_identity",
    );
    expect(rows[0].row).not.toContain(Buffer.from(secret, 'base64').toString('hex'));
    expect(rows[0].key).not.toBe(secret);
    await drop();
  });

  test('of another log, or none beside a log, keeps the server from starting', async () => {
    const { database, drop } = await createTestDatabase();
    const [right, wrong, nowhere] = ['right', 'wrong', 'nowhere'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(right, `${'ab'.repeat(32)}\n`);
    await writeFile(wrong, Buffer.alloc(32, 7).toString('base64'));
    const open = (tracerKeyFile: string, tracerOrigin?: string) =>
      logIdentity(database.pool, {
        dataDir: folder,
        tracerKeyFile,
        ...(tracerOrigin !== undefined && { tracerOrigin }),
      });
    expect((await open(right, 'log.example/one')).signer.name).toBe('log.example/one');
    expect((await open(right)).signer.name).toBe('log.example/one');
    await expect(open(right, 'log.example/two')).rejects.toThrow(/stays so/);
    await expect(open(wrong)).rejects.toThrow(/not the one/);
    await expect(open(nowhere)).rejects.toThrow(/can't be read/);
    await expect(logIdentity(database.pool, { dataDir: nowhere })).rejects.toThrow(/every server and worker/i);
    await writeFile(wrong, 'short');
    await expect(open(wrong)).rejects.toThrow(/32 bytes/);
    await drop();
  });

  test('makes a pseudonym of an identifier for each kind, and another with another key', () => {
    const [one, two] = [new LogKey(Buffer.alloc(32, 1)), new LogKey(Buffer.alloc(32, 2))];
    const names = [
      one.pseudonym('study', '1.2'),
      one.pseudonym('series', '1.2'),
      one.pseudonym('study', '1.3'),
      two.pseudonym('study', '1.2'),
    ];
    expect(new Set(names).size).toBe(4);
    expect(one.objectOf({ kind: 'job', id: 'abc' })).toEqual({ kind: 'job', id: 'abc' });
  });
});

describe('[TRACE-3.1] what is done once for a while', () => {
  test('is awaited by all who come meanwhile, and done anew after it', async () => {
    let [now, times] = [1000, 0];
    const once = new Once({ spanMs: 100, now: () => now });
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = async () => {
      times += 1;
      await promise;
    };
    const both = Promise.all([once.do('a', work), once.do('a', work)]);
    resolve();
    await both;
    now = 1099;
    await once.do('a', work);
    expect(times).toBe(1);
    await once.do('b', work);
    now = 1101;
    await once.do('a', work);
    expect(times).toBe(3);
  });

  test('counts as not done when it failed', async () => {
    const once = new Once({ spanMs: 100 });
    await expect(once.do('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(once.do('a', async () => 'yes')).resolves.toBe('yes');
  });
});
