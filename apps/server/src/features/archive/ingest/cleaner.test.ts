import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sha256 } from '@isocenter/contract';
import { testDatabase } from '@isocenter/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../../platform/log.ts';
import { openStorage, type StagedFile, type Storage } from '../../../platform/storage/index.ts';
import { ada, testTracer } from '../../../platform/tracer/test/test-tracer.ts';
import { unassigned } from '../../directory/test/unassigned.ts';
import { deleteInstances } from '../delete/delete-instances.ts';
import { instanceFile } from '../test/instance-file.ts';
import { beginClaims, newClaim, settleClaims } from './claim-store.ts';
import { Claimant } from './claimant.ts';
import { cleanObjects } from './cleaner.ts';
import { Ingest } from './ingest.ts';

const db = testDatabase();
const never = new AbortController().signal;
let folder: string;
let storage: Storage;
let claimant: Claimant;
let ingest: Ingest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-cleaner-'));
  storage = await openStorage({ dataDir: folder });
});
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  claimant = await openClaimant();
  ingest = new Ingest(parts());
});
afterEach(async () => {
  await claimant.close();
  await db.database.pool.query('truncate study, object_claim cascade');
  for (const sha256 of await objects()) await storage.objects.delete(sha256);
});

const openClaimant = (): Promise<Claimant> => Claimant.open(db.database, silentLog());
const parts = () => ({
  pool: db.database.pool,
  ...storage,
  claimant,
  tracer: testTracer(db.database.pool),
  log: silentLog(),
});
const clean = () => cleanObjects(parts(), never);
/** As with a store that is no folder. */
const claiming = (): Ingest => {
  const { pool, spool, objects, tracer, log } = parts();
  return new Ingest({ pool, spool, objects, claimant, tracer, log });
};

async function* one(bytes: Buffer): AsyncGenerator<Buffer, void, void> {
  yield bytes;
}
const receive = (bytes: Buffer, to = ingest) => to.receive(one(bytes), { area: unassigned.landing, actor: ada });
const shaOf = (bytes: Buffer): Sha256 => Sha256.parse(createHash('sha256').update(bytes).digest('hex'));

/** Does what a process does that is killed before it enters the instance into the index. */
async function putOnly(of: Claimant, bytes: Buffer): Promise<Sha256> {
  const file = await storage.spool.create();
  await file.write(bytes);
  const spooled = await file.finish();
  await beginClaims(db.database.pool, of.number, [newClaim(spooled.sha256)]);
  await storage.objects.put(spooled.sha256, spooled);
  return spooled.sha256;
}

async function objects(): Promise<Sha256[]> {
  const found: Sha256[] = [];
  for await (const { sha256 } of storage.objects.list()) found.push(sha256);
  return found;
}

async function claims(): Promise<number> {
  const { rows } = await db.database.pool.query<{ count: number }>('select count(*)::int as count from object_claim');
  return rows[0]!.count;
}

test('[ARCH-3] what a dead process put and never entered is removed at once; what a living one puts, stays', async () => {
  const dead = await openClaimant();
  const lost = await putOnly(dead, randomBytes(100));
  const coming = await putOnly(claimant, randomBytes(100));
  expect(await clean()).toEqual({ looked: 0, removed: 0 });
  await dead.close();
  expect(await clean()).toEqual({ looked: 1, removed: 1 });
  expect(await storage.objects.has(lost)).toBe(false);
  expect(await objects()).toEqual([coming]);
  expect(await claims()).toBe(1);
});

test('[ARCH-3] a claim that a living process forgot is settled when its time is over', async () => {
  const forgotten = await putOnly(claimant, randomBytes(100));
  await db.database.pool.query("update object_claim set expires_at = now() - interval '1 second'");
  expect(await clean()).toEqual({ looked: 1, removed: 1 });
  expect(await storage.objects.has(forgotten)).toBe(false);
});

test('[ARCH-3] an instance that is in the index keeps its object, however many claims on it are over', async () => {
  const file = instanceFile();
  expect(await receive(file.bytes)).toMatchObject({ kind: 'stored', alreadyThere: false });
  expect(await receive(file.bytes)).toMatchObject({ kind: 'stored', alreadyThere: true });
  const dead = await openClaimant();
  await putOnly(dead, file.bytes);
  await dead.close();
  expect(await clean()).toEqual({ looked: 1, removed: 0 });
  expect(await objects()).toEqual([shaOf(file.bytes)]);
  expect(await claims()).toBe(0);
});

test('[ARCH-3] an instance whose claim was settled meanwhile is refused, and those that came with it are not', async () => {
  const [lost, ...others] = [instanceFile(), instanceFile(), instanceFile()] as const;
  const sha256 = shaOf(lost.bytes);
  // The cleaner comes in between the claim and the entry, as after a connection was lost for a while.
  const put = storage.objects.put.bind(storage.objects);
  const interrupted = new Ingest({
    pool: db.database.pool,
    tracer: testTracer(db.database.pool),
    spool: storage.spool,
    objects: Object.assign(Object.create(storage.objects), {
      put: async (...[of, ...rest]: Parameters<typeof put>) => {
        const outcome = await put(of, ...rest);
        if (of === sha256) {
          await db.database.pool.query('update object_claim set expires_at = now() where sha256 = $1', [
            Buffer.from(sha256, 'hex'),
          ]);
          await settleClaims(db.database.pool, sha256, () => storage.objects.delete(sha256));
        }
        return outcome;
      },
    }),
    claimant,
    log: silentLog(),
  });
  const outcomes = await Promise.all([lost, ...others].map(({ bytes }) => receive(bytes, interrupted)));
  expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'stored', 'stored']);
  expect(outcomes[0]).toMatchObject({ reason: 'processing-failure' });
  await clean();
  expect((await objects()).sort()).toEqual(others.map(({ bytes }) => shaOf(bytes)).sort());
  expect(await receive(lost.bytes)).toMatchObject({ kind: 'stored', alreadyThere: false });
});

test('[ARCH-3] a deleted instance leaves its object to the cleaner, who keeps what another zone refers to', async () => {
  const file = instanceFile();
  await receive(file.bytes);
  await ingest.receive(one(file.bytes), { area: unassigned.repository, actor: ada });
  expect(
    await deleteInstances(
      db.database.pool,
      { tracer: testTracer(db.database.pool), actor: ada },
      [unassigned.landing.id],
      file,
    ),
  ).toBe(1);
  expect(await clean()).toEqual({ looked: 1, removed: 0 });
  expect(
    await deleteInstances(
      db.database.pool,
      { tracer: testTracer(db.database.pool), actor: ada },
      [unassigned.landing.id, unassigned.repository.id],
      file,
    ),
  ).toBe(1);
  expect(await clean()).toEqual({ looked: 1, removed: 1 });
  expect(await objects()).toEqual([]);
});

test.each([
  { how: 'staged', cleaned: 0, of: () => ingest },
  { how: 'claimed', cleaned: 1, of: claiming },
])('[ARCH-3] what was $how and refused as a duplicate leaves nothing behind', async ({ cleaned, of }) => {
  const file = instanceFile();
  const other = instanceFile({ ...file, elements: { '00100020': { vr: 'LO', Value: ['another'] } } });
  await receive(file.bytes, of());
  expect(await receive(other.bytes, of())).toMatchObject({ kind: 'failed', reason: 'duplicate-sop-instance' });
  expect(await clean()).toEqual({ looked: cleaned, removed: cleaned });
  expect(await objects()).toEqual([shaOf(file.bytes)]);
  expect(await storage.staging!.holds(shaOf(other.bytes))).toBe(false);
});

/** Does what a process does that is killed while it enters an instance. */
async function leave(bytes: Buffer): Promise<Sha256> {
  const file = await storage.spool.create();
  await file.write(bytes);
  const staged = await file.finish();
  await storage.staging!.leave(staged);
  return staged.sha256;
}

test('[ARCH-3] what was left in the spool is placed when the index refers to it, else removed', async () => {
  const file = instanceFile();
  await receive(file.bytes);
  await storage.objects.delete(shaOf(file.bytes));
  const known = await leave(file.bytes);
  const unknown = await leave(randomBytes(100));
  // Until then it is read where it lies.
  expect(await storage.objects.read(known)).toEqual(file.bytes);
  expect(await clean()).toEqual({ looked: 2, removed: 1 });
  expect(await objects()).toEqual([known]);
  expect(await storage.objects.verify(known)).toBe('intact');
  expect(await storage.staging!.holds(unknown)).toBe(false);
});

test('[ARCH-3] what is deleted before it is placed goes the next time', async () => {
  const file = instanceFile();
  let placed = Promise.resolve();
  const slow = Object.assign(Object.create(storage.staging!), {
    place: async (staged: StagedFile) => {
      await deleteInstances(
        db.database.pool,
        { tracer: testTracer(db.database.pool), actor: ada },
        [unassigned.landing.id],
        file,
      );
      expect(await clean()).toEqual({ looked: 0, removed: 0 });
      placed = storage.staging!.place(staged);
      await placed;
    },
  });
  await receive(file.bytes, new Ingest({ ...parts(), staging: slow }));
  await placed;
  expect(await objects()).toEqual([shaOf(file.bytes)]);
  expect(await clean()).toEqual({ looked: 1, removed: 1 });
  expect(await objects()).toEqual([]);
});

test('[ARCH-3] nothing that is referred to is removed while the same object comes, goes and is cleaned away', async () => {
  const file = instanceFile();
  const cleaning = new AbortController();
  const cleaner = (async () => {
    while (!cleaning.signal.aborted) await clean();
  })();
  const coming = Array.from({ length: 4 }, async () => {
    for (let round = 0; round < 12; round++) {
      const outcome = await receive(file.bytes);
      // A deletion may come between the two looks at what is there.
      if (outcome.kind === 'failed') expect(outcome.reason).toMatch(/processing-failure|out-of-resources/);
      await deleteInstances(
        db.database.pool,
        { tracer: testTracer(db.database.pool), actor: ada },
        [unassigned.landing.id],
        file,
      );
    }
  });
  await Promise.all(coming);
  cleaning.abort();
  await cleaner;
  expect(await receive(file.bytes)).toMatchObject({ kind: 'stored', alreadyThere: false });
  await clean();
  expect(await objects()).toEqual([shaOf(file.bytes)]);
  expect(await claims()).toBe(0);
});

test('[ARCH-3] cleaning stops when it is told to', async () => {
  const dead = await openClaimant();
  for (let i = 0; i < 3; i++) await putOnly(dead, randomBytes(100));
  await dead.close();
  await expect(cleanObjects(parts(), AbortSignal.abort())).rejects.toThrow(/abort/);
  expect(await objects()).toHaveLength(3);
});

test('[ARCH-3] the spool is empty after whatever became of what came in', async () => {
  await receive(instanceFile().bytes);
  await receive(randomBytes(200));
  await receive(Buffer.alloc(0));
  await expect(
    ingest.receive(
      (async function* () {
        yield instanceFile().bytes.subarray(0, 200);
        throw new Error('the sender is gone');
      })(),
      { area: unassigned.landing, actor: ada },
    ),
  ).rejects.toThrow('gone');
  const spooled = await readdir(join(folder, 'spool'), { recursive: true });
  expect(spooled.filter((name) => !/^[^/]*$|owner\.json|heartbeat/.test(name))).toEqual([]);
});

/** The database's process that keeps the lock of our claimant. */
async function sessionOfClaimant(): Promise<number | undefined> {
  const { rows } = await db.database.pool.query<{ pid: number }>(
    "select pid from pg_locks where locktype = 'advisory' and objid = $1::bigint::oid and granted",
    [claimant.number],
  );
  return rows[0]?.pid;
}

/** Does something while nobody can use the database. */
async function whileAway(work: () => Promise<void>): Promise<void> {
  const other = new pg.Client({ connectionString: db.url.replace(/\/test_\w+/, '/postgres') });
  await other.connect();
  const name = /\/(test_\w+)/.exec(db.url)![1]!;
  try {
    await other.query(`alter database ${name} allow_connections false`);
    await other.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    await work();
  } finally {
    await other.query(`alter database ${name} allow_connections true`);
    await other.end();
  }
}

test('[ARCH-3] what failed because the database went away is left to the cleaner as soon as it is back', async () => {
  const file = instanceFile();
  const { promise: isPut, resolve: put } = Promise.withResolvers<void>();
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
  const { pool, spool, tracer, log } = parts();
  const objects = Object.assign(Object.create(storage.objects), {
    put: async (...[of, ...rest]: Parameters<typeof storage.objects.put>) => {
      const outcome = await storage.objects.put(of, ...rest);
      put();
      await mayGoOn;
      return outcome;
    },
  });
  const waiting = new Ingest({ pool, spool, objects, claimant, tracer, log });
  const receiving = receive(file.bytes, waiting);
  await isPut;
  await whileAway(async () => {
    goOn();
    expect(await receiving).toMatchObject({ kind: 'failed' });
  });
  // As long as it isn't, its claims count as nobody's.
  await expect.poll(sessionOfClaimant, { timeout: 10_000 }).toBeDefined();
  await expect.poll(clean).toEqual({ looked: 1, removed: 1 });
  expect(await claims()).toBe(0);
  expect(await storage.objects.has(shaOf(file.bytes))).toBe(false);
});

test('[ARCH-3] a process that lost its session claims under the same number again', async () => {
  const before = await sessionOfClaimant();
  await db.database.pool.query('select pg_terminate_backend($1)', [before]);
  await expect.poll(sessionOfClaimant, { timeout: 10_000 }).toSatisfy((pid) => pid !== undefined && pid !== before);
  const sha256 = await putOnly(claimant, randomBytes(50));
  expect(await clean()).toMatchObject({ removed: 0 });
  expect(await storage.objects.has(sha256)).toBe(true);
});
