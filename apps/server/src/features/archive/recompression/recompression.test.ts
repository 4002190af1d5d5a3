import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JsonDataSet, writePart10 } from '@isocenter/dicom';
import { testDatabase } from '@isocenter/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../../platform/log.ts';
import { ObjectMissing, openStorage, type Storage } from '../../../platform/storage/index.ts';
import { createThreads, type Threads } from '../../../platform/threads/index.ts';
import { ada, testTracer } from '../../../platform/tracer/test/test-tracer.ts';
import { unassigned } from '../../directory/test/unassigned.ts';
import { deleteInstances } from '../delete/delete-instances.ts';
import { Claimant } from '../ingest/claimant.ts';
import { cleanObjects } from '../ingest/cleaner.ts';
import { Ingest } from '../ingest/ingest.ts';
import { recompress } from './recompress.ts';
import { RecompressedStore } from './recompressed-store.ts';
import { removeOriginals } from './recompression-job.ts';
import { candidates } from './recompression-store.ts';

const db = testDatabase();
const { signal } = new AbortController();
let folder: string;
let storage: Storage;
let threads: Threads;
let claimant: Claimant;
let objects: RecompressedStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-recompression-'));
  storage = await openStorage({ dataDir: folder });
  threads = createThreads({ size: 1 });
  claimant = await Claimant.open(db.database, silentLog());
  objects = new RecompressedStore({ inner: storage.objects, pool: db.database.pool, threads });
});

afterAll(async () => {
  await claimant.close();
  await threads.close();
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

const parts = () => ({
  pool: db.database.pool,
  spool: storage.spool,
  objects: storage.objects,
  threads,
  claimant,
  log: silentLog(),
});

/** Three frames of a smooth picture; `noise` makes it worthless to compress. */
function imageFile(instance: string, noise: boolean): Uint8Array {
  const size = 128;
  const words = new Uint16Array(size * size * 3);
  let state = 7;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words[i] = noise ? state >>> 16 : 1000 + Math.round(500 * Math.sin(i / 900)) + (state >>> 30);
  }
  const json: JsonDataSet = {
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7.3'] },
    '00080018': { vr: 'UI', Value: [instance] },
    '0020000D': { vr: 'UI', Value: ['1.2.3.1'] },
    '0020000E': { vr: 'UI', Value: ['1.2.3.2'] },
    '00280002': { vr: 'US', Value: [1] },
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280008': { vr: 'IS', Value: [3] },
    '00280010': { vr: 'US', Value: [size] },
    '00280011': { vr: 'US', Value: [size] },
    '00280100': { vr: 'US', Value: [16] },
    '00280101': { vr: 'US', Value: [16] },
    '00280102': { vr: 'US', Value: [15] },
    '00280103': { vr: 'US', Value: [0] },
    '7FE00010': { vr: 'OW', BulkDataURI: 'pixels' },
  };
  return writePart10(json, { bulkData: () => new Uint8Array(words.buffer) });
}

async function store(file: Uint8Array): Promise<string> {
  const ingest = new Ingest({
    pool: db.database.pool,
    spool: storage.spool,
    objects,
    claimant,
    tracer: testTracer(db.database.pool),
    log: silentLog(),
  });
  const source = async function* () {
    yield file;
  };
  expect(await ingest.receive(source(), { area: unassigned.repository, actor: ada })).toMatchObject({ kind: 'stored' });
  return createHash('sha256').update(file).digest('hex');
}

async function onlyCandidate() {
  const found = await candidates(db.database.pool, 0, 10);
  expect(found).toHaveLength(1);
  return found[0]!;
}

test('[ARCH-3] a recompressed object takes less room and comes back byte by byte, whole and in ranges', async () => {
  const file = imageFile('1.2.3.3', false);
  await store(file);
  const candidate = await onlyCandidate();
  const { sha256 } = candidate;
  expect(await recompress(parts(), candidate, signal)).toBeGreaterThan(file.length / 3);
  expect(await removeOriginals(parts(), signal, 60)).toBe(0);
  expect(await removeOriginals(parts(), signal, -1)).toBe(1);

  await expect(storage.objects.read(sha256)).rejects.toBeInstanceOf(ObjectMissing);
  expect(Buffer.from(file).equals(await objects.read(sha256))).toBe(true);
  expect(await objects.stat(sha256)).toMatchObject({ size: file.length });
  expect(await objects.verify(sha256)).toBe('intact');
  for (const [start, end] of [
    [0, 10],
    [100, 40_000],
    [file.length - 5, file.length],
    [33_000, 33_001],
    [5, 5],
  ] as const) {
    expect((await objects.read(sha256, { start, end })).equals(file.subarray(start, end))).toBe(true);
  }
  expect(await candidates(db.database.pool, 0, 10)).toEqual([]);
});

test('[ARCH-3] what does not shrink is left as it is and not tried again', async () => {
  const file = imageFile('1.2.3.4', true);
  await store(file);
  const candidate = await onlyCandidate();
  expect(await recompress(parts(), candidate, signal)).toBe(0);
  expect(await candidates(db.database.pool, 0, 10)).toEqual([]);
  expect((await storage.objects.read(candidate.sha256)).equals(file)).toBe(true);
});

test('[ARCH-3] the cleaner keeps a container that is in use and removes it with its instance', async () => {
  const list = async () => {
    const all: string[] = [];
    for await (const { sha256 } of storage.objects.list()) all.push(sha256);
    return all;
  };
  const before = await list();
  await cleanObjects({ pool: db.database.pool, objects }, signal);
  expect(await list()).toEqual(before);
  expect(
    await deleteInstances(
      db.database.pool,
      { tracer: testTracer(db.database.pool), actor: ada },
      [unassigned.repository.id],
      {
        study: '1.2.3.1',
      },
    ),
  ).toBe(2);
  await cleanObjects({ pool: db.database.pool, objects }, signal);
  expect(await list()).toEqual([]);
});
