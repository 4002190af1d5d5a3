import { StorageDenied, StorageError, StorageFull, StorageMisconfigured, StorageUnavailable } from './storage-error.ts';

/** The errno name of a failed system call, if that is what it is. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What a failed system call means for storing. `doing` completes "… failed": "writing the spool". */
export function fileSystemFailure(error: unknown, doing: string): StorageError {
  if (error instanceof StorageError) return error;
  const errno = errnoOf(error);
  const options = { cause: error };
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StorageFull(`${doing} failed: no space is left on the disk (${errno}).`, options);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StorageDenied(`${doing} failed: the file system does not allow it (${errno}).`, options);
    case 'EXDEV':
      return new StorageMisconfigured(
        `${doing} failed: the spool and the objects must lie on the same file system.`,
        options,
      );
    default:
      return new StorageUnavailable(`${doing} failed (${errno ?? 'unknown reason'}).`, options);
  }
}
