import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import type { Sha256 } from '@isocenter/contract';
import { fileSystemFailure } from './file-system-error.ts';
import type { ListedObject, ObjectStore, PutOptions, PutOutcome, StorageHealth } from './object-store.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { Patience } from './patience.ts';
import { type ByteRange, checkRange } from './range.ts';
import { looksLike, S3Bucket, type S3BucketOptions } from './s3-bucket.ts';
import { beginDownload, downloaded } from './s3-download.ts';
import { s3Failure, symptomsOf } from './s3-failure.ts';
import { uploadInParts, uploadWhole } from './s3-upload.ts';
import type { SpooledFile } from './spool-file.ts';
import { ObjectMissing, StorageError, StorageUnavailable } from './storage-error.ts';
import { verifyObject } from './verify-object.ts';

const MIB = 1024 * 1024;
const ADDRESS = /^[0-9a-f]{64}$/;

export interface S3StoreOptions extends S3BucketOptions {
  /** Objects larger than this go up in parts. */
  readonly multipartAbove?: number;
  /** At least 5 MiB, which is S3's limit. */
  readonly partSize?: number;
}

/** Objects in a bucket of an S3-compatible server: durable when the server has said so for bytes of the right SHA-256. */
export class S3Store implements ObjectStore {
  readonly #bucket: S3Bucket;
  readonly #multipartAbove: number;
  readonly #partSize: number;
  readonly #puts = new OneAtATime();
  /** Whether the server knows `If-None-Match` on uploads; assumed until it says otherwise. */
  #conditional = true;

  constructor(options: S3StoreOptions) {
    this.#bucket = new S3Bucket(options);
    this.#multipartAbove = options.multipartAbove ?? 64 * MIB;
    this.#partSize = options.partSize ?? 16 * MIB;
  }

  put(sha256: Sha256, spooled: SpooledFile, options: PutOptions = {}): Promise<PutOutcome> {
    return this.#puts.run(sha256, async () => {
      try {
        const outcome = await this.#put(sha256, spooled, options);
        await rm(spooled.path, { force: true });
        return outcome;
      } catch (error) {
        throw fileSystemFailure(error, `Storing ${sha256}`);
      }
    });
  }

  async open(sha256: Sha256, range?: ByteRange): Promise<Readable> {
    const download = await this.#begin(sha256, range);
    if (!download) return Readable.from([]);
    const stream = Readable.from(downloaded(this.#bucket, sha256, download), { objectMode: false });
    return stream.once('close', () => download.body.destroy());
  }

  async read(sha256: Sha256, range?: ByteRange): Promise<Buffer> {
    const download = await this.#begin(sha256, range);
    const chunks: Buffer[] = [];
    if (download) for await (const chunk of downloaded(this.#bucket, sha256, download)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async stat(sha256: Sha256): Promise<{ size: number } | undefined> {
    const head = await this.#head(sha256);
    return head && { size: head.ContentLength ?? 0 };
  }

  async has(sha256: Sha256): Promise<boolean> {
    return (await this.#head(sha256)) !== undefined;
  }

  verify(sha256: Sha256): Promise<'intact' | 'damaged' | 'missing'> {
    return verifyObject(this, sha256);
  }

  async delete(sha256: Sha256): Promise<void> {
    const { client, name } = this.#bucket;
    const remove = new DeleteObjectCommand({ Bucket: name, Key: this.#bucket.keyOf(sha256) });
    try {
      await this.#bucket.ask((abortSignal) => client.send(remove, { abortSignal }), { sha256 });
    } catch (error) {
      if (!(error instanceof ObjectMissing)) throw error;
    }
  }

  async *list(prefix = ''): AsyncGenerator<ListedObject> {
    const { client, name, prefix: folder } = this.#bucket;
    let token: string | undefined;
    do {
      const page = new ListObjectsV2Command({
        Bucket: name,
        Prefix: folder + prefix,
        ...(token && { ContinuationToken: token }),
      });
      const answer = await this.#bucket.ask((abortSignal) => client.send(page, { abortSignal }));
      for (const { Key = '', Size = 0, LastModified } of answer.Contents ?? []) {
        const address = Key.slice(folder.length);
        if (!ADDRESS.test(address)) continue;
        yield { sha256: address as Sha256, storedSize: Size, modified: LastModified ?? new Date(0) };
      }
      token = answer.IsTruncated ? answer.NextContinuationToken : undefined;
    } while (token);
  }

  async check(): Promise<StorageHealth> {
    const { client, name, where } = this.#bucket;
    const patience = new Patience({ attempts: 1, attemptMs: Math.min(5_000, this.#bucket.patience.silenceMs) });
    // Not HeadBucket: an answer to HEAD has no body, so it can't say what is wrong.
    const list = new ListObjectsV2Command({ Bucket: name, Prefix: this.#bucket.prefix, MaxKeys: 1 });
    try {
      await this.#bucket.ask((abortSignal) => client.send(list, { abortSignal }), { patience });
      return { ok: true };
    } catch (error) {
      return { ok: false, error: s3Failure(error, where) };
    }
  }

  /** Gives up uploads in parts that a process began and never finished; the server keeps their bytes until then. */
  async removeLeftovers(olderThanMs = 24 * 60 * 60 * 1000): Promise<number> {
    const { client, name, prefix } = this.#bucket;
    const list = new ListMultipartUploadsCommand({ Bucket: name, Prefix: prefix });
    const { Uploads = [] } = await this.#bucket.ask((abortSignal) => client.send(list, { abortSignal }));
    const old = Uploads.filter(({ Initiated }) => Initiated && Date.now() - Initiated.getTime() >= olderThanMs);
    for (const { Key, UploadId } of old) {
      const abort = new AbortMultipartUploadCommand({ Bucket: name, Key, UploadId });
      await this.#bucket.ask((abortSignal) => client.send(abort, { abortSignal }));
    }
    return old.length;
  }

  async close(): Promise<void> {
    this.#bucket.client.destroy();
  }

  async #put(sha256: Sha256, spooled: SpooledFile, { replace = false }: PutOptions): Promise<PutOutcome> {
    if (replace) {
      await this.#upload(sha256, spooled, false);
      return 'repaired';
    }
    // A small upload asks and stores in one request; before a large one, or without conditions, it pays to ask first.
    if (!this.#conditional || spooled.storedSize > this.#multipartAbove) {
      const outcome = await this.#settleWithPresent(sha256, spooled);
      if (outcome) return outcome;
    }
    try {
      await this.#upload(sha256, spooled, this.#conditional);
      return 'stored';
    } catch (error) {
      return this.#settleRefusal(sha256, spooled, error);
    }
  }

  /** What follows when an upload was refused for another reason than failing. */
  async #settleRefusal(sha256: Sha256, spooled: SpooledFile, error: unknown): Promise<PutOutcome> {
    const { name, status } = symptomsOf(error instanceof StorageError ? error.cause : error);
    if (this.#conditional && (status === 501 || status === 400)) {
      this.#conditional = false;
      return this.#put(sha256, spooled, {});
    }
    // 412: it is there. NoSuchUpload: an earlier try to complete may have succeeded without our hearing of it.
    if (status !== 412 && name !== 'NoSuchUpload') throw error;
    const outcome = await this.#settleWithPresent(sha256, spooled);
    if (outcome) return outcome;
    throw new StorageUnavailable(`${this.#bucket.where} changed its mind about ${sha256}.`, { cause: error });
  }

  /** Keeps what is there when it can be the object, replaces it when it can't; undefined when nothing is there. */
  async #settleWithPresent(sha256: Sha256, spooled: SpooledFile): Promise<PutOutcome | undefined> {
    const head = await this.#head(sha256);
    if (!head) return undefined;
    if (looksLike(head, spooled.storedSize, spooled.sealed ? undefined : sha256)) return 'present';
    await this.#upload(sha256, spooled, false);
    return 'repaired';
  }

  #upload(sha256: Sha256, spooled: SpooledFile, onlyIfAbsent: boolean): Promise<void> {
    return spooled.storedSize > this.#multipartAbove
      ? uploadInParts(this.#bucket, sha256, spooled, { onlyIfAbsent, partSize: this.#partSize })
      : uploadWhole(this.#bucket, sha256, spooled, { onlyIfAbsent });
  }

  async #begin(sha256: Sha256, range: ByteRange | undefined) {
    checkRange(range);
    if (range === undefined || range.start !== range.end) return beginDownload(this.#bucket, sha256, range);
    if (!(await this.has(sha256))) throw new ObjectMissing(sha256);
    return undefined;
  }

  async #head(sha256: Sha256): Promise<HeadObjectCommandOutput | undefined> {
    const { client, name } = this.#bucket;
    const head = new HeadObjectCommand({ Bucket: name, Key: this.#bucket.keyOf(sha256), ChecksumMode: 'ENABLED' });
    const ask = () => this.#bucket.ask((abortSignal) => client.send(head, { abortSignal }), { sha256 });
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ObjectMissing)) throw error;
    }
    // The answer to HEAD has no body, so "not found" may also mean bucket or user: only GET tells.
    try {
      const download = await beginDownload(this.#bucket, sha256, { start: 0, end: 1 });
      download?.body.destroy();
      return await ask();
    } catch (error) {
      if (error instanceof ObjectMissing) return undefined;
      throw error;
    }
  }
}
