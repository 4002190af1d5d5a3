export { EncryptedStore, type EncryptedStoreOptions } from './encrypted-store.ts';
export { FileStore } from './file-store.ts';
export type { ListedObject, ObjectStore, PutOptions, PutOutcome, StorageHealth } from './object-store.ts';
export { openStorage, type Storage, type StorageConfig } from './open-storage.ts';
export type { PatienceOptions } from './patience.ts';
export { type ByteRange, clampRange } from './range.ts';
export { S3Store, type S3StoreOptions } from './s3-store.ts';
export { Spool, type SpoolOptions } from './spool.ts';
export type { SpooledFile, SpoolFile } from './spool-file.ts';
export type { Leftovers, StagedFile } from './spool-folder.ts';
export { Staging } from './staging.ts';
export {
  ObjectDamaged,
  ObjectMissing,
  StorageDenied,
  StorageError,
  type StorageErrorCode,
  StorageFull,
  StorageMisconfigured,
  StorageUnavailable,
} from './storage-error.ts';
export { Keyring, type StorageKey, storageKey } from './storage-key.ts';
export type { StorageEvent, StorageObserver } from './storage-observer.ts';
export { verifyObject } from './verify-object.ts';
