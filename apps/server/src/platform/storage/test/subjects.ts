import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sha256 } from '@isocenter/contract';
import { EncryptedStore, Keyring, openStorage, S3Store, type S3StoreOptions, Spool, storageKey } from '../index.ts';
import type { Subject } from './storage-suite.ts';

/** A folder for one test, and its removal. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'isocenter-storage-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export const newKeyring = (): Keyring => new Keyring([storageKey(randomBytes(32))]);

async function changeFile(path: string, change: (stored: Buffer) => Buffer): Promise<void> {
  const changed = change(await readFile(path));
  await chmod(path, 0o640);
  await writeFile(path, changed);
}

/** What `openStorage` makes when objects are files, with encryption or without. */
export async function fileSubject(options: { encrypted: boolean }): Promise<Subject & { dataDir: string }> {
  const folder = await temporaryFolder();
  const storageKeyFile = join(folder.path, 'key');
  await writeFile(storageKeyFile, `${randomBytes(32).toString('base64')}\n`);
  const storage = await openStorage({ dataDir: folder.path, ...(options.encrypted && { storageKeyFile }) });
  return {
    ...storage,
    dataDir: folder.path,
    tamper: (sha256, change) => changeFile(filePath(folder.path, sha256), change),
    close: async () => {
      await storage.close();
      await folder.remove();
    },
  };
}

export const filePath = (dataDir: string, sha256: Sha256): string =>
  join(dataDir, 'objects', sha256.slice(0, 2), sha256);

/** What is asked of an S3 server that belongs to one subject. */
export interface BucketServer {
  options(): S3StoreOptions;
  pathOf(key: string): string;
  stop(): Promise<void>;
}

/** A store in a bucket of an S3 server of its own, which ends with it. */
export async function s3Subject(
  server: BucketServer,
  options: Partial<S3StoreOptions> & { encrypted?: boolean } = {},
): Promise<Subject> {
  const { encrypted = false, ...storeOptions } = options;
  const folder = await temporaryFolder();
  const prefix = 'isocenter/';
  const inner = new S3Store({ ...server.options(), prefix, ...storeOptions });
  const keyring = encrypted ? newKeyring() : undefined;
  const spool = await Spool.open({ root: folder.path, sync: false, ...(keyring && { keyring }) });
  return {
    spool,
    objects: keyring ? new EncryptedStore({ inner, keyring, spool }) : inner,
    tamper: (sha256, change) => changeFile(server.pathOf(prefix + sha256), change),
    close: async () => {
      await inner.close();
      await spool.close();
      await server.stop();
      await folder.remove();
    },
  };
}
