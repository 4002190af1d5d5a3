import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Sha256 } from '@isocenter/contract';
import type { ByteRange } from './range.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { s3Failure, symptomsOf } from './s3-failure.ts';
import { StorageUnavailable } from './storage-error.ts';

/** A download that began: the server has answered, the bytes are still to come. */
export interface Download {
  readonly body: Readable;
  readonly start: number;
  /** Where it ends in the object. */
  readonly end: number;
  /** The version that was answered, so that a download that broke off goes on with the same one. */
  readonly etag: string | undefined;
}

/** Asks for an object or a part of it; undefined when the part lies beyond the end. */
export async function beginDownload(
  bucket: S3Bucket,
  sha256: Sha256,
  range: ByteRange | undefined,
  etag?: string,
): Promise<Download | undefined> {
  const { start = 0, end } = range ?? {};
  const get = new GetObjectCommand({
    Bucket: bucket.name,
    Key: bucket.keyOf(sha256),
    ...(range && { Range: `bytes=${start}-${end === undefined ? '' : end - 1}` }),
    ...(etag && { IfMatch: etag }),
  });
  try {
    const answer = await bucket.ask((signal) => untilAnswered(signal, (own) => bucket.client.send(get, own)), {
      sha256,
    });
    const { Body, ContentLength, ContentRange, ETag } = answer;
    if (!(Body instanceof Readable) || ContentLength === undefined) {
      throw new StorageUnavailable(`${bucket.where} answered without content.`);
    }
    if (range && !ContentRange?.startsWith(`bytes ${start}-`)) {
      Body.destroy();
      throw new StorageUnavailable(`${bucket.where} answered another range than it was asked for.`);
    }
    return { body: Body, start, end: start + ContentLength, etag: ETag };
  } catch (error) {
    if (error instanceof Error && symptomsOf(error.cause).status === 416) return undefined;
    throw error;
  }
}

/**
 * The bytes of a download. One that breaks off or falls silent goes on where it was, as the object can't have changed;
 * what a slow reader takes its time for doesn't count as silence.
 */
export async function* downloaded(
  bucket: S3Bucket,
  sha256: Sha256,
  first: Download,
): AsyncGenerator<Buffer, void, undefined> {
  let current = first;
  let position = first.start;
  for (let failures = 0; position < first.end; ) {
    try {
      for await (const chunk of withoutSilence(current.body, bucket)) {
        position += chunk.length;
        failures = 0;
        yield chunk;
      }
      if (position < first.end) throw new StorageUnavailable(`${bucket.where} broke off.`);
    } catch (error) {
      const failure = s3Failure(error, bucket.where, sha256);
      failures++;
      if (!failure.retryable || failures >= bucket.patience.attempts) throw failure;
      await pause(bucket.patience.pauseAfter(failures));
      const next = await beginDownload(bucket, sha256, { start: position, end: first.end }, first.etag);
      if (!next) throw new StorageUnavailable(`${bucket.where} has less of the object than it said.`);
      current = next;
    }
  }
}

async function* withoutSilence(body: Readable, bucket: S3Bucket): AsyncGenerator<Buffer, void, undefined> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const silence = new StorageUnavailable(`${bucket.where} fell silent.`);
      const timer = setTimeout(() => body.destroy(silence), bucket.patience.silenceMs);
      const next = await chunks.next().finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value as Buffer;
    }
  } finally {
    body.destroy();
  }
}

/** Passes a signal on only until the answer begins: its time limit must not cut off the body afterwards. */
async function untilAnswered<T>(
  signal: AbortSignal,
  send: (own: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const abort = () => own.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await send({ abortSignal: own.signal });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
