import type { Sha256 } from '@isocenter/contract';

/** What went wrong, as a word that programs can decide by. */
export type StorageErrorCode =
  | 'storage-full'
  | 'storage-unavailable'
  | 'storage-denied'
  | 'storage-misconfigured'
  | 'object-missing'
  | 'object-damaged';

/**
 * Everything that the storage throws on purpose. A store never throws the raw error of a file system or a server:
 * that one is the `cause`.
 */
export abstract class StorageError extends Error {
  abstract readonly code: StorageErrorCode;
  /** The same call may succeed later without anybody changing anything. */
  abstract readonly retryable: boolean;
}

/** No room is left. Nothing of the object was kept where readers look. */
export class StorageFull extends StorageError {
  override readonly name = 'StorageFull';
  readonly code = 'storage-full';
  readonly retryable = false;
}

/** The storage doesn't answer, or broke off. Whether the object arrived is unknown: it does not count as stored. */
export class StorageUnavailable extends StorageError {
  override readonly name = 'StorageUnavailable';
  readonly code = 'storage-unavailable';
  readonly retryable = true;
}

/** The storage refuses us: credentials, permissions, a read-only file system. */
export class StorageDenied extends StorageError {
  override readonly name = 'StorageDenied';
  readonly code = 'storage-denied';
  readonly retryable = false;
}

/** The storage can't work as it is set up; the message says what to change. */
export class StorageMisconfigured extends StorageError {
  override readonly name = 'StorageMisconfigured';
  readonly code = 'storage-misconfigured';
  readonly retryable = false;
}

/** No object has this address. */
export class ObjectMissing extends StorageError {
  override readonly name = 'ObjectMissing';
  readonly code = 'object-missing';
  readonly retryable = false;
  readonly sha256: Sha256;

  constructor(sha256: Sha256, options?: ErrorOptions) {
    super(`There is no object ${sha256}.`, options);
    this.sha256 = sha256;
  }
}

/** The object is there, but its bytes are not those that were stored. */
export class ObjectDamaged extends StorageError {
  override readonly name = 'ObjectDamaged';
  readonly code = 'object-damaged';
  readonly retryable = false;
  readonly sha256: Sha256;

  constructor(sha256: Sha256, how: string, options?: ErrorOptions) {
    super(`The object ${sha256} is damaged: ${how}.`, options);
    this.sha256 = sha256;
  }
}
