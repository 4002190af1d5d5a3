import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Sha256 } from '@isocenter/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ByteRange, ObjectMissing, type ObjectStore, type Spool, StorageUnavailable } from '../index.ts';
import { addressOf, drain, failureOf, fresh, listed, spooled } from './content.ts';

/** A storage to test, and a way to its bytes behind its back. */
export interface Subject {
  readonly spool: Spool;
  readonly objects: ObjectStore;
  readonly tamper: (sha256: Sha256, change: (stored: Buffer) => Buffer) => Promise<void>;
  readonly close: () => Promise<void>;
}

const KIB = 1024;
/** Around the sizes at which something changes: chunks of encryption, the spool's memory, parts of an upload. */
const SIZES = [0, 1, 4095, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 128 * KIB, 512 * KIB, 5 * KIB * KIB + 3];

/** What every storage must do, whatever it is made of. */
export function storageSuite(name: string, open: () => Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject?.close());
    const put = async (content: Buffer) => {
      const file = await spooled(subject.spool, content);
      return { sha256: file.sha256, outcome: await subject.objects.put(file.sha256, file), path: file.path };
    };

    test.each(SIZES)('[ARCH-3] an object of %i bytes comes back under the SHA-256 of its content', async (size) => {
      const content = fresh(size);
      const { sha256, path } = await put(content);
      expect(sha256).toBe(addressOf(content));
      expect((await subject.objects.read(sha256)).equals(content)).toBe(true);
      expect((await drain(await subject.objects.open(sha256))).equals(content)).toBe(true);
      expect(await subject.objects.stat(sha256)).toEqual({ size });
      expect(await subject.objects.verify(sha256)).toBe('intact');
      expect(await readdir(dirname(path))).not.toContain(basename(path));
    });

    test('[ARCH-3] the same content is stored once: the old object stays, the new file goes', async () => {
      const content = fresh(100_000);
      expect((await put(content)).outcome).toBe('stored');
      const [before] = await listed(subject.objects, addressOf(content));
      const again = await put(content);
      expect(again.outcome).toBe('present');
      expect(await listed(subject.objects, addressOf(content))).toEqual([before]);
      expect(await readdir(dirname(again.path))).toEqual(['heartbeat', 'owner.json']);
    });

    test('[ARCH-3] of many puts of the same content at once, one stores and all succeed', async () => {
      const content = fresh(80_000);
      const files = await Promise.all(Array.from({ length: 8 }, () => spooled(subject.spool, content)));
      const outcomes = await Promise.all(files.map((file) => subject.objects.put(file.sha256, file)));
      expect(outcomes.sort()).toEqual([...Array.from({ length: 7 }, () => 'present'), 'stored']);
      expect(await subject.objects.verify(addressOf(content))).toBe('intact');
    });

    test('[ARCH-3] an object of the wrong length is replaced by a good one', async () => {
      const content = fresh(90_000);
      const { sha256 } = await put(content);
      await subject.tamper(sha256, (stored) => stored.subarray(0, 50_000));
      expect(await subject.objects.verify(sha256)).toBe('damaged');
      expect((await put(content)).outcome).toBe('repaired');
      expect(await subject.objects.verify(sha256)).toBe('intact');
    });

    test('[ARCH-3] a changed byte is found', async () => {
      const { sha256 } = await put(fresh(200_000));
      await subject.tamper(sha256, (stored) => {
        stored[150_000] = (stored[150_000] ?? 0) ^ 1;
        return stored;
      });
      expect(await subject.objects.verify(sha256)).toBe('damaged');
    });

    test('[ARCH-3] a range ends where the object ends, and beyond it is empty', async () => {
      const content = fresh(100);
      const { sha256 } = await put(content);
      const ranges: ByteRange[] = [
        { start: 0 },
        { start: 0, end: 0 },
        { start: 50, end: 50 },
        { start: 99 },
        { start: 99, end: 100 },
        { start: 90, end: 1000 },
        { start: 100 },
        { start: 100, end: 100 },
        { start: 1000, end: 1000 },
        { start: 1000, end: 2000 },
        { start: 100_000_000 },
      ];
      for (const range of ranges) {
        const expected = content.subarray(range.start, range.end);
        expect(await subject.objects.read(sha256, range), JSON.stringify(range)).toEqual(expected);
        expect(await drain(await subject.objects.open(sha256, range)), JSON.stringify(range)).toEqual(expected);
      }
    });

    test('[ARCH-3] an empty object has only empty ranges', async () => {
      const { sha256 } = await put(Buffer.alloc(0));
      for (const range of [{ start: 0 }, { start: 0, end: 10 }, { start: 5 }, { start: 5, end: 5 }]) {
        expect(await subject.objects.read(sha256, range)).toHaveLength(0);
        expect(await drain(await subject.objects.open(sha256, range))).toHaveLength(0);
      }
    });

    test('[ARCH-3] an impossible range is refused', async () => {
      const { sha256 } = await put(fresh(100));
      for (const range of [{ start: -1 }, { start: 5, end: 4 }, { start: 0.5 }, { start: 0, end: Number.NaN }]) {
        expect(await failureOf(subject.objects.read(sha256, range))).toBeInstanceOf(RangeError);
        expect(await failureOf(subject.objects.open(sha256, range))).toBeInstanceOf(RangeError);
      }
    });

    test('[ARCH-3] any range of any object equals the slice of its content', async () => {
      const content = fresh(300_001);
      const { sha256 } = await put(content);
      const range = fc
        .tuple(fc.nat(content.length + 10), fc.oneof(fc.nat(2_000), fc.nat(content.length)))
        .map(([start, length]) => ({ start, end: start + length }));
      await fc.assert(
        fc.asyncProperty(range, async (wanted) => {
          const expected = content.subarray(wanted.start, wanted.end);
          expect((await subject.objects.read(sha256, wanted)).equals(expected)).toBe(true);
          expect((await drain(await subject.objects.open(sha256, wanted))).equals(expected)).toBe(true);
        }),
        { numRuns: 60 },
      );
    });

    test('[ARCH-3] what was never stored is missing', async () => {
      const sha256 = addressOf(fresh(10));
      for (const range of [undefined, { start: 0, end: 0 }, { start: 3, end: 9 }]) {
        expect(await failureOf(subject.objects.read(sha256, range))).toBeInstanceOf(ObjectMissing);
        expect(await failureOf(subject.objects.open(sha256, range))).toBeInstanceOf(ObjectMissing);
      }
      expect(await subject.objects.stat(sha256)).toBeUndefined();
      expect(await subject.objects.has(sha256)).toBe(false);
      expect(await subject.objects.verify(sha256)).toBe('missing');
    });

    test('[ARCH-3] a deleted object is missing, and deleting it again does nothing', async () => {
      const { sha256 } = await put(fresh(1000));
      await subject.objects.delete(sha256);
      await subject.objects.delete(sha256);
      expect(await subject.objects.has(sha256)).toBe(false);
      expect(await failureOf(subject.objects.read(sha256))).toBeInstanceOf(ObjectMissing);
    });

    test('[ARCH-3] the list names every object once, in order, and by prefix', async () => {
      const stored = await Promise.all(Array.from({ length: 20 }, async () => (await put(fresh(500))).sha256));
      const all = (await listed(subject.objects)).map(({ sha256 }) => sha256);
      expect(all).toEqual([...new Set(all)].sort());
      expect(all).toEqual(expect.arrayContaining(stored));
      for (const prefix of ['a', '0f', stored[0]?.slice(0, 3) ?? '', stored[1]?.slice(0, 10) ?? '']) {
        const found = (await listed(subject.objects, prefix)).map(({ sha256 }) => sha256);
        expect(found).toEqual(all.filter((sha256) => sha256.startsWith(prefix)));
      }
    });

    test('[ARCH-3] a stream that nobody reads to its end lets go of what it holds', async () => {
      const { sha256 } = await put(fresh(3 * KIB * KIB));
      for (const wait of [true, false]) {
        const stream = await subject.objects.open(sha256);
        const closed = new Promise((resolve) => stream.once('close', resolve));
        if (wait) await stream[Symbol.asyncIterator]().next();
        stream.destroy();
        await closed;
      }
    });

    test('[ARCH-3] a put without its file promises nothing', async () => {
      const file = await spooled(subject.spool, fresh(1000));
      await subject.objects.delete(file.sha256);
      const gone = { ...file, path: `${file.path}-gone` };
      expect(await failureOf(subject.objects.put(file.sha256, gone))).toBeInstanceOf(StorageUnavailable);
      expect(await subject.objects.has(file.sha256)).toBe(false);
      expect(await subject.objects.put(file.sha256, file)).toBe('stored');
    });

    test('[OPS-4] a storage in order says so', async () => {
      expect(await subject.objects.check()).toMatchObject({ ok: true });
    });
  });
}
