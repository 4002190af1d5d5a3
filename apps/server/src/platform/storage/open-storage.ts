import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { EncryptedStore } from './encrypted-store.ts';
import { FileStore } from './file-store.ts';
import type { ObjectStore } from './object-store.ts';
import { ObservedStore } from './observed-store.ts';
import { S3Store } from './s3-store.ts';
import { Spool } from './spool.ts';
import { Staging } from './staging.ts';
import { StorageMisconfigured } from './storage-error.ts';
import { Keyring } from './storage-key.ts';
import type { StorageObserver } from './storage-observer.ts';

export type StorageConfig = Pick<Config, 'dataDir' | 's3' | 'storageKeyFile'>;

/** The storage of one process: receive into the spool, then put into the objects. */
export interface Storage {
  readonly spool: Spool;
  readonly objects: ObjectStore;
  /** Where objects are files. */
  readonly staging?: Staging;
  /** What is in the spool is gone afterwards. */
  close(): Promise<void>;
}

/** Opens what the configuration asks for: files or S3, encrypted or not. */
export async function openStorage(config: StorageConfig, observer?: StorageObserver): Promise<Storage> {
  const keyring = config.storageKeyFile === undefined ? undefined : await Keyring.load(config.storageKeyFile);
  const root = join(config.dataDir, 'spool');
  const spool = await Spool.open({
    root,
    // With files, the spooled file becomes the object; with S3, it is only on its way there.
    sync: config.s3 === undefined,
    ...(keyring && { keyring }),
    ...(observer && { observer }),
  });
  let plain: S3Store | FileStore;
  try {
    plain = await openPlain(config, spool, root, observer);
  } catch (error) {
    await spool.close();
    throw error;
  }
  const store = keyring ? new EncryptedStore({ inner: plain, keyring, spool }) : plain;
  const objects = observer ? new ObservedStore(store, observer) : store;
  const close = async () => {
    await objects.close();
    await spool.close();
  };
  const staging = plain instanceof FileStore ? new Staging(spool, plain.folders, observer) : undefined;
  return { spool, objects, ...(staging && { staging }), close };
}

async function openPlain(
  { s3, dataDir }: StorageConfig,
  spool: Spool,
  spoolRoot: string,
  observer: StorageObserver | undefined,
): Promise<S3Store | FileStore> {
  if (s3) return new S3Store({ ...s3, ...(observer && { observer }) });
  const root = join(dataDir, 'objects');
  const store = await FileStore.open(root, (sha256) => spool.find(sha256));
  if ((await stat(root)).dev !== (await stat(spoolRoot)).dev) {
    throw new StorageMisconfigured(`${root} and ${spoolRoot} must lie on the same file system: objects are moved.`);
  }
  return store;
}
