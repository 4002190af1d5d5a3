import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeBundle, encodeBundle } from './bundle.ts';
import { openCheckpoint } from './checkpoint.ts';
import { firstDifference } from './first-difference.ts';
import { noteSigner } from './note-key.ts';
import { type MemoryLog, memoryLog } from './testing/memory-log.ts';
import { verifyLog } from './verify-log.ts';

const signer = noteSigner('log.example/tracer', new Uint8Array(32).fill(7));
const size = 1300;
const entries = Array.from({ length: size }, (_, i) => `{"entry":${i},"of":"${(i * 7919) % 65_537}"}`);
const honest = await memoryLog(signer, entries);
let log: MemoryLog;

beforeEach(() => {
  const files = new Map(honest.files);
  log = { files, read: async (path) => files.get(path) };
});

const checkpointOf = (some: MemoryLog) =>
  openCheckpoint(new TextDecoder().decode(some.files.get('checkpoint')), signer);
const verify = async (options: Partial<Parameters<typeof verifyLog>[0]> = {}) =>
  (await verifyLog({ source: log, verifier: signer, ...options })).faults;

const sized = (some: MemoryLog) => ({ source: some, size: checkpointOf(some).size });

/** Changes the entries of one bundle. */
function edit(path: string, change: (entries: Uint8Array[]) => void): void {
  const inside = decodeBundle(log.files.get(path)!);
  change(inside);
  log.files.set(path, encodeBundle(inside));
}

describe('[TRACE-4] verifying a whole log', () => {
  test('finds nothing in an honest one, and tells how far it is', async () => {
    const seen: number[] = [];
    expect(await verify({ onProgress: (done) => seen.push(done) })).toEqual([]);
    expect(seen.at(-1)).toBe(size);
    for (const count of [0, 1, 255, 256, 257, 512]) {
      log = await memoryLog(signer, entries.slice(0, count));
      expect([count, await verify()]).toEqual([count, []]);
      expect(await verify({ remembered: checkpointOf(log) })).toEqual([]);
    }
    log = honest;
    for (const count of [1, 256, 300, 1299]) {
      const remembered = checkpointOf(await memoryLog(signer, entries.slice(0, count)));
      expect(await verify({ remembered })).toEqual([]);
    }
  });

  test('names an entry of which any byte is another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(size - 1), fc.nat(11), fc.integer({ min: 1, max: 255 }), async (leaf, at, change) => {
        const files = new Map(honest.files);
        log = { files, read: async (path) => files.get(path) };
        const path = leaf < 1280 ? `tile/entries/00${leaf >> 8}` : 'tile/entries/005.p/20';
        edit(path, (inside) => {
          const entry = Uint8Array.from(inside[leaf & 255]!);
          entry[at % entry.length]! ^= change;
          inside[leaf & 255] = entry;
        });
        expect(await verify()).toEqual([
          { kind: 'altered', leaf, message: expect.stringContaining(`Entry ${leaf} `) as string },
        ]);
      }),
      { numRuns: 50 },
    );
  });

  test('names entries that stand in each other’s places', async () => {
    edit('tile/entries/001', (inside) => {
      [inside[3], inside[9]] = [inside[9]!, inside[3]!];
    });
    expect(await verify()).toMatchObject([
      { kind: 'moved', leaf: 259, message: 'In the place of entry 259 stands entry 265.' },
      { kind: 'moved', leaf: 265, message: 'In the place of entry 265 stands entry 259.' },
    ]);
  });

  test('names an entry that was left out, whether the others moved up or not', async () => {
    edit('tile/entries/005.p/20', (inside) => inside.splice(7, 1));
    expect((await verify())[0]).toMatchObject({ kind: 'missing', leaf: 1287 });
    edit('tile/entries/002', (inside) => inside.pop());
    expect(await verify()).toContainEqual(expect.objectContaining({ kind: 'missing', leaf: 767 }));
    log.files.delete('tile/entries/000');
    for (let width = 1; width <= 40; width++)
      log.files.set(
        `tile/entries/000.p/${width}`,
        encodeBundle(entries.slice(0, width).map((entry) => new TextEncoder().encode(entry))),
      );
    expect(await verify()).toContainEqual(expect.objectContaining({ kind: 'missing', leaf: 40 }));
  });

  test('names an entry at which a bundle can’t be read', async () => {
    const bundle = Uint8Array.from(log.files.get('tile/entries/003')!);
    log.files.set('tile/entries/003', bundle.subarray(0, bundle.length - 3));
    expect(await verify()).toContainEqual(expect.objectContaining({ kind: 'altered', leaf: 1023 }));
  });

  test('names a tile of which any byte is another, or that is missing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('tile/0/000', 'tile/0/004', 'tile/0/005.p/20', 'tile/1/000.p/5'),
        fc.nat(),
        async (path, at) => {
          const files = new Map(honest.files);
          log = { files, read: async (each) => files.get(each) };
          const tile = Uint8Array.from(files.get(path)!);
          tile[at % tile.length]! ^= 1;
          files.set(path, tile);
          const faults = await verify();
          expect(faults).toContainEqual({ kind: 'tile', message: expect.stringContaining(path) as string });
          files.delete(path);
          expect(await verify()).toContainEqual({ kind: 'tile', message: expect.stringContaining(path) as string });
        },
      ),
      { numRuns: 30 },
    );
  });

  test('does not believe a checkpoint that is missing, altered or another’s', async () => {
    const note = new TextDecoder().decode(log.files.get('checkpoint'));
    for (const bad of [note.replace('1300', '1299'), note.replace('log.example', 'log.elsewhere'), 'nonsense', '']) {
      log.files.set('checkpoint', new TextEncoder().encode(bad));
      expect(await verify()).toMatchObject([{ kind: 'checkpoint' }]);
    }
    expect(await verify({ verifier: noteSigner(signer.name, new Uint8Array(32).fill(8)) })).toMatchObject([
      { kind: 'checkpoint' },
    ]);
    log.files.delete('checkpoint');
    expect(await verify()).toMatchObject([{ kind: 'checkpoint' }]);
  });

  test('tells of a log that was rolled back, and of one whose history is another, though all of it is signed', async () => {
    const remembered = checkpointOf(honest);
    log = await memoryLog(signer, entries.slice(0, 1000));
    expect(await verify({ remembered })).toMatchObject([{ kind: 'rolled-back', leaf: 1000 }]);
    const otherwise = entries.with(700, '{"entry":"rewritten"}');
    log = await memoryLog(signer, [...otherwise, '{"entry":1300}']);
    expect(await verify()).toEqual([]);
    expect(await verify({ remembered })).toMatchObject([{ kind: 'rewritten' }]);
    log = await memoryLog(signer, otherwise);
    expect(await verify({ remembered })).toMatchObject([{ kind: 'rewritten' }]);
  });
});

describe('[TRACE-4] the first difference of two logs', () => {
  test('is the leaf that was changed, wherever it stands', async () => {
    const leaves = [0, 1, 255, 256, 700, 1279, 1280, 1299];
    for (const leaf of leaves) {
      const other = await memoryLog(signer, entries.with(leaf, 'another'));
      expect([leaf, await firstDifference(sized(honest), sized(other), size)]).toEqual([leaf, leaf]);
    }
    expect(
      await firstDifference(sized(honest), sized(await memoryLog(signer, [...entries, 'more'])), size),
    ).toBeUndefined();
    expect(
      await firstDifference(sized(honest), sized(await memoryLog(signer, entries.with(1290, 'x'))), 1285),
    ).toBeUndefined();
  });
});
