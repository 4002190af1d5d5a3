import { randomBytes } from 'node:crypto';
import { chmod, copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256 } from '@isocenter/contract';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  EncryptedStore,
  FileStore,
  Keyring,
  ObjectDamaged,
  openStorage,
  Spool,
  StorageMisconfigured,
  storageKey,
} from './index.ts';
import { contentSize, SEALED_CHUNK, SEALED_HEADER_LENGTH, sealedSize } from './sealed-object.ts';
import { addressOf, drain, failureOf, fresh, spooled } from './test/content.ts';
import { filePath, newKeyring, temporaryFolder } from './test/subjects.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

describe('encrypted objects', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let inner: FileStore;
  let spool: Spool;
  let keyring: Keyring;
  let store: EncryptedStore;
  const opened: Spool[] = [];

  const openWith = async (keys: Keyring) => {
    const own = await Spool.open({ root: join(folder.path, 'spool'), keyring: keys });
    opened.push(own);
    return { spool: own, store: new EncryptedStore({ inner, keyring: keys, spool: own }) };
  };
  const put = async (content: Buffer, into = { spool, store }): Promise<Sha256> => {
    const file = await spooled(into.spool, content);
    await into.store.put(file.sha256, file);
    return file.sha256;
  };
  const pathOf = (sha256: Sha256) => filePath(folder.path, sha256);
  const rewrite = async (sha256: Sha256, bytes: Uint8Array) => {
    await chmod(pathOf(sha256), 0o640);
    await writeFile(pathOf(sha256), bytes);
  };

  beforeEach(async () => {
    folder = await temporaryFolder();
    inner = await FileStore.open(join(folder.path, 'objects'));
    keyring = newKeyring();
    ({ spool, store } = await openWith(keyring));
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await folder.remove();
  });

  test('[ARCH-3] the content never reaches the disk, neither as an object nor on its way there', async () => {
    const marker = Buffer.from('a name that must not be readable on the disk');
    const content = Buffer.concat([marker, fresh(6 * MIB), marker, fresh(100), marker]);
    const file = await spool.create();
    await file.write(content);
    const finished = await file.finish();
    expect(await occurrences(folder.path, marker)).toBe(0);
    expect((await spool.read(finished)).equals(content)).toBe(true);
    expect((await spool.read(finished, { start: 6 * MIB, end: 7 * MIB })).equals(content.subarray(6 * MIB))).toBe(true);
    await store.put(finished.sha256, finished);
    expect(await occurrences(folder.path, marker)).toBe(0);
    expect((await store.read(addressOf(content))).equals(content)).toBe(true);
  });

  test('[ARCH-3] two objects with the same bytes in them have none in common', async () => {
    const same = fresh(64 * KIB);
    const first = await put(Buffer.concat([same, Buffer.from('1')]));
    const second = await put(Buffer.concat([same, Buffer.from('2')]));
    const [one, two] = await Promise.all([readFile(pathOf(first)), readFile(pathOf(second))]);
    const chunk = (bytes: Buffer) => bytes.subarray(SEALED_HEADER_LENGTH, SEALED_HEADER_LENGTH + 64);
    expect(chunk(one).equals(chunk(two))).toBe(false);
  });

  test('[ARCH-3] a range reads only the chunks that hold it', async () => {
    const sha256 = await put(fresh(MIB));
    const asked: (number | undefined)[] = [];
    const counting = new Proxy(inner, {
      get: (target, name) =>
        name === 'read'
          ? async (...call: Parameters<FileStore['read']>) => {
              const bytes = await target.read(...call);
              asked.push(bytes.length);
              return bytes;
            }
          : Reflect.get(target, name, target),
    });
    const watched = new EncryptedStore({ inner: counting, keyring, spool });
    await watched.read(sha256, { start: 500_000, end: 500_010 });
    await watched.read(sha256, { start: 600_000, end: 600_010 });
    expect(asked).toEqual([SEALED_HEADER_LENGTH, SEALED_CHUNK, SEALED_CHUNK]);
  });

  test('[ARCH-3] any changed bit of a stored object is noticed', async () => {
    const content = fresh(130_000);
    const sha256 = await put(content);
    const sealed = await readFile(pathOf(sha256));
    const somewhere = fc.oneof(fc.nat(SEALED_HEADER_LENGTH - 1), fc.nat(sealed.length - 1));
    await fc.assert(
      fc.asyncProperty(somewhere, fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        await rewrite(sha256, changed);
        const reader = new EncryptedStore({ inner, keyring, spool });
        // Another key id looks like a key that is missing, which is no verdict about the object.
        const expected = at >= 8 && at < 16 ? StorageMisconfigured : ObjectDamaged;
        expect(await failureOf(reader.read(sha256))).toBeInstanceOf(expected);
        expect(await failureOf(reader.open(sha256).then(drain))).toBeInstanceOf(expected);
        if (expected === ObjectDamaged) expect(await reader.verify(sha256)).toBe('damaged');
      }),
      { numRuns: 80 },
    );
  });

  test('[ARCH-3] an object cut short anywhere is noticed, at the border of a chunk too', async () => {
    const sha256 = await put(fresh(200_000));
    const sealed = await readFile(pathOf(sha256));
    const borders = [0, 1, 2, 3].map((chunk) => SEALED_HEADER_LENGTH + chunk * SEALED_CHUNK);
    for (const length of [...borders, 0, 5, SEALED_HEADER_LENGTH - 1, 100_000, sealed.length - 1]) {
      await rewrite(sha256, sealed.subarray(0, length));
      const reader = new EncryptedStore({ inner, keyring, spool });
      expect(await failureOf(reader.read(sha256)), `${length} bytes`).toBeInstanceOf(ObjectDamaged);
      expect(await failureOf(reader.open(sha256).then(drain)), `${length} bytes`).toBeInstanceOf(ObjectDamaged);
    }
  });

  test('[ARCH-3] chunks that changed places, were repeated or come from another object are noticed', async () => {
    const [content, other] = [fresh(200_000), fresh(200_000)];
    const [sha256, otherSha256] = [await put(content), await put(other)];
    const [sealed, foreign] = [await readFile(pathOf(sha256)), await readFile(pathOf(otherSha256))];
    const chunk = (bytes: Buffer, number: number) => {
      const at = SEALED_HEADER_LENGTH + number * SEALED_CHUNK;
      return bytes.subarray(at, at + SEALED_CHUNK);
    };
    const header = sealed.subarray(0, SEALED_HEADER_LENGTH);
    const [a, b, c, d] = [0, 1, 2, 3].map((number) => chunk(sealed, number)) as [Buffer, Buffer, Buffer, Buffer];
    const forged = [
      [header, b, a, c, d],
      [header, a, a, c, d],
      [header, a, chunk(foreign, 1), c, d],
      [foreign.subarray(0, SEALED_HEADER_LENGTH), a, b, c, d],
    ];
    for (const parts of forged) {
      await rewrite(sha256, Buffer.concat(parts));
      const reader = new EncryptedStore({ inner, keyring, spool });
      expect(await failureOf(reader.read(sha256))).toBeInstanceOf(ObjectDamaged);
      expect(await failureOf(reader.open(sha256).then(drain))).toBeInstanceOf(ObjectDamaged);
    }
  });

  test('[ARCH-3] an object under the address of another is noticed, even for a small range', async () => {
    const [sha256, other] = [await put(fresh(100_000)), await put(fresh(100_000))];
    await rm(pathOf(sha256));
    await copyFile(pathOf(other), pathOf(sha256));
    const reader = new EncryptedStore({ inner, keyring, spool });
    expect(await failureOf(reader.read(sha256, { start: 10, end: 11 }))).toBeInstanceOf(ObjectDamaged);
  });

  test('[ARCH-3] the length of what is stored tells the length of the content, and no other length passes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(300_000), fc.nat(2 ** 52)), (size) => {
        expect(contentSize(sealedSize(size))).toBe(size);
      }),
    );
    const possible = new Set(Array.from({ length: 140_000 }, (_, size) => sealedSize(size)));
    for (let stored = 0; stored < 140_000; stored++) {
      expect(contentSize(stored) !== undefined).toBe(possible.has(stored));
    }
  });

  test('[ARCH-3] without the key nothing can be read, and the message names the key that is missing', async () => {
    const sha256 = await put(fresh(1000));
    const other = await openWith(newKeyring());
    const failure = await failureOf(other.store.read(sha256));
    expect(failure).toBeInstanceOf(StorageMisconfigured);
    expect(String(failure)).toContain(keyring.current.id);
  });

  test('[ARCH-3] after a new key, old objects are readable and can be encrypted again', async () => {
    const content = fresh(150_000);
    const sha256 = await put(content);
    const rotated = await openWith(new Keyring([newKeyring().current, keyring.current]));
    expect((await rotated.store.read(sha256)).equals(content)).toBe(true);
    expect(await rotated.store.reseal(sha256)).toBe('resealed');
    expect(await rotated.store.reseal(sha256)).toBe('current');
    expect((await rotated.store.read(sha256)).equals(content)).toBe(true);
    const old = new EncryptedStore({ inner, keyring, spool });
    expect(await failureOf(old.verify(sha256))).toBeInstanceOf(StorageMisconfigured);
  });

  test('[ARCH-3] a reader that remembers an object follows when another process encrypts it again', async () => {
    const content = fresh(150_000);
    const sha256 = await put(content);
    const keys = new Keyring([newKeyring().current, keyring.current]);
    const [reader, rotator] = [await openWith(keys), await openWith(keys)];
    for (const read of [() => reader.store.read(sha256), async () => drain(await reader.store.open(sha256))]) {
      await inner.delete(sha256);
      await put(content); // under the old key again
      expect((await read()).equals(content)).toBe(true);
      expect(await rotator.store.reseal(sha256)).toBe('resealed');
      expect((await read()).equals(content)).toBe(true);
    }
  });

  test('[ARCH-3] objects from before encryption was turned on are not trusted, but can be encrypted', async () => {
    const plain = await Spool.open({ root: join(folder.path, 'plain-spool') });
    opened.push(plain);
    const [content, forged] = [fresh(100_000), fresh(100)];
    for (const one of [content, forged]) {
      const file = await spooled(plain, one);
      await inner.put(file.sha256, file);
    }
    const sha256 = addressOf(content);
    expect(await failureOf(store.read(sha256))).toBeInstanceOf(ObjectDamaged);
    expect(await store.reseal(sha256)).toBe('resealed');
    expect((await store.read(sha256)).equals(content)).toBe(true);
    await rewrite(addressOf(forged), fresh(100));
    expect(await failureOf(store.reseal(addressOf(forged)))).toBeInstanceOf(ObjectDamaged);
  });

  test('[ARCH-3] a file that is not encrypted is refused', async () => {
    const plain = await Spool.open({ root: join(folder.path, 'plain-spool') });
    opened.push(plain);
    const file = await spooled(plain, fresh(100));
    expect(await failureOf(store.put(file.sha256, file))).toBeInstanceOf(TypeError);
  });
});

describe('the key file', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  test('[OPS-3] it holds keys in base64 or hexadecimal, the newest first', async () => {
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const path = join(folder.path, 'keys');
    await writeFile(path, `# since 2026\n${first.toString('base64')}\n\n${second.toString('hex')}\n`);
    const keyring = await Keyring.load(path);
    expect(keyring.current.id).toBe(storageKey(first).id);
    expect(keyring.get(storageKey(second).id)?.id).toBe(storageKey(second).id);
    expect(keyring.get('0000000000000000')).toBeUndefined();
  });

  test.each(['', '# nothing but a comment', 'c2hvcnQ=', 'not a key at all', randomBytes(31).toString('base64')])(
    '[OPS-3] %j is no key, and is not repeated in the message',
    async (text) => {
      const path = join(folder.path, 'keys');
      await writeFile(path, text);
      const failure = await failureOf(openStorage({ dataDir: folder.path, storageKeyFile: path }));
      expect(failure).toBeInstanceOf(StorageMisconfigured);
      if (text.length > 0) expect(String(failure)).not.toContain(text);
    },
  );

  test('[OPS-3] a key file that is missing is named', async () => {
    const path = join(folder.path, 'missing');
    expect(String(await failureOf(Keyring.load(path)))).toContain(path);
  });
});

/** How often some bytes occur in all the files below a folder. */
async function occurrences(folder: string, wanted: Buffer): Promise<number> {
  let count = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) count++;
  }
  return count;
}
