import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Sha256 } from '@isocenter/contract';
import { checksumOf, type S3Bucket } from './s3-bucket.ts';
import type { SpooledFile } from './spool-file.ts';

const MIB = 1024 * 1024;
/** Up to this size the body is read into memory; beyond, each try streams the file again. */
const IN_MEMORY = 8 * MIB;
/** S3 allows 10,000 parts. */
const MOST_PARTS = 10_000;
const PARTS_AT_ONCE = 3;

export interface UploadOptions {
  /** Refuse (412 PreconditionFailed) when there is an object already. */
  readonly onlyIfAbsent: boolean;
}

/** Uploads a file in one request, with its SHA-256: a server that got anything else refuses it. */
export async function uploadWhole(
  bucket: S3Bucket,
  sha256: Sha256,
  file: SpooledFile,
  options: UploadOptions,
): Promise<void> {
  const inMemory = file.storedSize <= IN_MEMORY ? await readFile(file.path) : undefined;
  const bodySha256 = await storedSha256(file, inMemory);
  await bucket.ask(
    async (signal) => {
      const body = inMemory ?? createReadStream(file.path, { highWaterMark: 256 * 1024 });
      try {
        const put = new PutObjectCommand({
          Bucket: bucket.name,
          Key: bucket.keyOf(sha256),
          Body: body,
          ContentLength: file.storedSize,
          ContentType: 'application/octet-stream',
          ChecksumSHA256: checksumOf(bodySha256),
          ...(options.onlyIfAbsent && { IfNoneMatch: '*' }),
        });
        await bucket.client.send(put, { abortSignal: signal });
      } finally {
        if (!Buffer.isBuffer(body)) body.destroy();
      }
    },
    { sha256, bytes: file.storedSize },
  );
}

/** Uploads a large file in parts, each with its SHA-256 and its own tries. Nothing is visible before the last step. */
export async function uploadInParts(
  bucket: S3Bucket,
  sha256: Sha256,
  file: SpooledFile,
  options: UploadOptions & { readonly partSize: number },
): Promise<void> {
  const target = { Bucket: bucket.name, Key: bucket.keyOf(sha256) };
  const create = new CreateMultipartUploadCommand({
    ...target,
    ContentType: 'application/octet-stream',
    ChecksumAlgorithm: 'SHA256',
  });
  const { UploadId } = await bucket.ask((signal) => bucket.client.send(create, { abortSignal: signal }), { sha256 });
  const upload = { ...target, UploadId };
  try {
    const parts = await sendParts(bucket, sha256, file, upload, options.partSize);
    const complete = new CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts: parts },
      ...(options.onlyIfAbsent && { IfNoneMatch: '*' }),
    });
    // The server joins the parts before it answers, which takes the longer the larger the object is.
    const about = { sha256, bytes: file.storedSize };
    await bucket.ask((signal) => bucket.client.send(complete, { abortSignal: signal }), about);
  } catch (error) {
    // If this fails too, `S3Store.removeLeftovers` finds the upload later.
    const signal = AbortSignal.timeout(bucket.patience.silenceMs);
    await bucket.client.send(new AbortMultipartUploadCommand(upload), { abortSignal: signal }).catch(() => undefined);
    throw error;
  }
}

interface Upload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

async function sendParts(
  bucket: S3Bucket,
  sha256: Sha256,
  file: SpooledFile,
  upload: Upload,
  smallestPart: number,
): Promise<CompletedPart[]> {
  const partSize = Math.max(smallestPart, Math.ceil(file.storedSize / MOST_PARTS / MIB) * MIB);
  const parts: CompletedPart[] = Array.from({ length: Math.ceil(file.storedSize / partSize) });
  const handle = await open(file.path, 'r');
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < parts.length) {
      const index = next++;
      const start = index * partSize;
      const body = await readPart(handle, start, Math.min(partSize, file.storedSize - start));
      parts[index] = await sendPart(bucket, sha256, upload, index + 1, body);
    }
  };
  const senders = Array.from({ length: PARTS_AT_ONCE }, () =>
    sender().catch((error: unknown) => {
      next = parts.length; // the other senders stop after the part they are at
      throw error;
    }),
  );
  try {
    await Promise.all(senders);
    return parts;
  } finally {
    await Promise.allSettled(senders);
    await handle.close();
  }
}

async function sendPart(
  bucket: S3Bucket,
  sha256: Sha256,
  upload: Upload,
  PartNumber: number,
  body: Buffer,
): Promise<CompletedPart> {
  const partSha256 = createHash('sha256').update(body).digest('hex');
  const ChecksumSHA256 = checksumOf(partSha256);
  return bucket.ask(
    async (signal) => {
      const part = new UploadPartCommand({ ...upload, PartNumber, Body: body, ChecksumSHA256 });
      const { ETag } = await bucket.client.send(part, { abortSignal: signal });
      return { ETag, PartNumber, ChecksumSHA256 };
    },
    { sha256, bytes: body.length },
  );
}

async function readPart(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const body = Buffer.allocUnsafeSlow(length);
  const { bytesRead } = await handle.read(body, 0, length, start);
  if (bytesRead !== length) throw new Error('the spooled file is shorter than it was');
  return body;
}

/** The SHA-256 of the bytes as they lie in the file: known already unless they are encrypted. */
export async function storedSha256(file: SpooledFile, inMemory?: Buffer): Promise<string> {
  if (!file.sealed) return file.sha256;
  const hash = createHash('sha256');
  if (inMemory) return hash.update(inMemory).digest('hex');
  for await (const chunk of createReadStream(file.path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
