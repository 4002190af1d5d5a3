import { type HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { Sha256 } from '@isocenter/contract';
import { type Attempts, Patience, type PatienceOptions } from './patience.ts';
import { s3Failure } from './s3-failure.ts';
import type { StorageObserver } from './storage-observer.ts';

export interface S3BucketOptions {
  readonly bucket: string;
  readonly region: string;
  /** Without it, AWS's own for the region. */
  readonly endpoint?: string;
  /** Without them, the SDK's usual sources (instance role, profile). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly forcePathStyle?: boolean;
  /** Begins every key, for example `isocenter/`. */
  readonly prefix?: string;
  readonly patience?: PatienceOptions;
  readonly observer?: StorageObserver;
}

/** The SDK would write to the console; what it says comes to us as errors too. */
const say = () => undefined;
const SILENT = { trace: say, debug: say, info: say, warn: say, error: say };

interface About {
  readonly sha256?: Sha256;
  /** What one try transfers at most. */
  readonly bytes?: number;
  readonly patience?: Patience;
}

/** A bucket, how its objects are named, and how often its server is asked. */
export class S3Bucket {
  readonly client: S3Client;
  readonly name: string;
  readonly prefix: string;
  readonly patience: Patience;
  /** For messages: bucket and server. */
  readonly where: string;
  readonly #observer: StorageObserver | undefined;

  constructor(options: S3BucketOptions) {
    const { bucket, region, endpoint, credentials, forcePathStyle = false, prefix = '', patience, observer } = options;
    this.name = bucket;
    this.prefix = prefix;
    this.patience = new Patience(patience);
    this.where = endpoint ? `${bucket} at ${new URL(endpoint).host}` : `${bucket} in ${region}`;
    this.#observer = observer;
    this.client = new S3Client({
      region,
      forcePathStyle,
      ...(endpoint && { endpoint }),
      ...(credentials && { credentials }),
      logger: SILENT,
      maxAttempts: 1, // `patience` tries again: it knows the deadline for all tries together
      // Every upload carries the SHA-256 that is known already; further checksums would only cost time.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: 5_000, httpAgent: { maxSockets: 128 }, httpsAgent: { maxSockets: 128 } },
    });
    signBodies(this.client);
  }

  keyOf(sha256: Sha256): string {
    return this.prefix + sha256;
  }

  /** One request, tried as often as patience allows. Name the object that it is about, if there is one. */
  ask<T>(attempt: (signal: AbortSignal) => Promise<T>, about: About = {}): Promise<T> {
    const attempts: Attempts = {
      bytes: about.bytes ?? 0,
      toFailure: (error) => s3Failure(error, this.where, about.sha256),
      onRetry: ({ code }, seconds) => this.#observer?.({ operation: 's3-retry', seconds, bytes: 0, outcome: code }),
    };
    return (about.patience ?? this.patience).run(attempt, attempts);
  }
}

/**
 * Signs the body's SHA-256 (Signature Version 4, x-amz-content-sha256) where it is known, instead of leaving the body
 * unsigned, as the SDK does with streams: then every S3 server checks it, also one that knows no checksum headers.
 */
function signBodies(client: S3Client): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (typeof request === 'object' && request !== null && 'headers' in request) {
        const headers = request.headers as Record<string, string>;
        const checksum = headers['x-amz-checksum-sha256'];
        if (checksum) headers['x-amz-content-sha256'] = Buffer.from(checksum, 'base64').toString('hex');
      }
      return next(args);
    },
    { step: 'build', name: 'signBodies' },
  );
}

/** A SHA-256 as the checksum headers want it. */
export const checksumOf = (sha256: string): string => Buffer.from(sha256, 'hex').toString('base64');

/** Whether what the server has can be the file: its length, and its checksum where the server tells the whole one's. */
export function looksLike(head: HeadObjectCommandOutput, size: number, sha256: string | undefined): boolean {
  const checksum = head.ChecksumType === 'COMPOSITE' ? undefined : head.ChecksumSHA256;
  const comparable = sha256 !== undefined && checksum !== undefined && !checksum.includes('-');
  return head.ContentLength === size && (!comparable || checksum === checksumOf(sha256));
}
