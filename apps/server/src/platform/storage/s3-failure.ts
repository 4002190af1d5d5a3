import type { Sha256 } from '@isocenter/contract';
import {
  ObjectMissing,
  StorageDenied,
  StorageError,
  StorageFull,
  StorageMisconfigured,
  StorageUnavailable,
} from './storage-error.ts';

/** What an S3 server, the network or the SDK says when something fails, as far as it is needed to decide. */
interface Symptoms {
  /** The error code of the S3 protocol, or the name that the SDK gave. */
  readonly name: string;
  readonly status: number | undefined;
}

const DENIED = new Set([
  'AccessDenied',
  'AccountProblem',
  'AllAccessDisabled',
  'CredentialsProviderError',
  'ExpiredToken',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'XAdminUserNotFound', // versitygw's word for an access key that it doesn't know
]);
const FULL = new Set(['InsufficientStorage', 'QuotaExceeded', 'ServiceQuotaExceeded', 'XMinioStorageFull']);
/** The server got other bytes than we sent: the connection's fault, so another try is worth it. */
const TORN = new Set([
  'BadDigest',
  'ContentSHA256Mismatch',
  'IncompleteBody',
  'InvalidDigest',
  'RequestTimeout',
  'XAmzContentChecksumMismatch',
  'XAmzContentSHA256Mismatch',
]);

export function symptomsOf(error: unknown): Symptoms {
  const name = error instanceof Error ? error.name : 'unknown';
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  const hasStatus = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
  return {
    name,
    status: hasStatus && typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined,
  };
}

/** What a failed request means for storing. `where` names bucket and server; `sha256` is the object it was about. */
export function s3Failure(error: unknown, where: string, sha256?: Sha256): StorageError {
  if (error instanceof StorageError) return error;
  const { name, status } = symptomsOf(error);
  const options = { cause: error };
  const said = status === undefined ? name : `${name}, status ${status}`;
  if (name === 'NoSuchBucket' || (name === 'NotFound' && sha256 === undefined)) {
    return new StorageMisconfigured(`There is no bucket ${where}: create it, or name another one.`, options);
  }
  if ((name === 'NoSuchKey' || name === 'NotFound') && sha256 !== undefined) return new ObjectMissing(sha256, options);
  if (name === 'RequestTimeTooSkewed') {
    return new StorageMisconfigured(`The clocks of this machine and of ${where} differ too much.`, options);
  }
  if (FULL.has(name) || status === 507) return new StorageFull(`No space is left in ${where} (${said}).`, options);
  if (TORN.has(name)) return new StorageUnavailable(`What reached ${where} was not what was sent (${said}).`, options);
  if (DENIED.has(name) || status === 401 || status === 403) {
    return new StorageDenied(
      `${where} refuses these credentials (${said}): check key, secret and bucket policy.`,
      options,
    );
  }
  const transient = status !== undefined && status >= 500 && status !== 501;
  if (status === undefined || transient || status === 408 || status === 409 || status === 429) {
    return new StorageUnavailable(`${where} does not answer properly (${said}).`, options);
  }
  return new StorageMisconfigured(`${where} refuses the request (${said}).`, options);
}
