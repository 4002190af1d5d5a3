import { createHash, randomBytes } from 'node:crypto';
import type { Sha256 } from '@isocenter/contract';
import type { ListedObject, ObjectStore, Spool, SpooledFile } from '../index.ts';

export const addressOf = (content: Uint8Array): Sha256 => createHash('sha256').update(content).digest('hex') as Sha256;

/** Content that no other call makes. */
export const fresh = (size: number): Buffer => randomBytes(size);

/** Spools content as a connection would bring it, in chunks. */
export async function spooled(spool: Spool, content: Uint8Array, chunk = 65_536): Promise<SpooledFile> {
  const file = await spool.create();
  for (let at = 0; at < content.length; at += chunk) await file.write(content.subarray(at, at + chunk));
  return file.finish();
}

/** The error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it was expected to fail');
    },
    (error: unknown) => error,
  );
}

/** All of a stream. */
export async function drain(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function listed(objects: ObjectStore, prefix?: string): Promise<ListedObject[]> {
  const all: ListedObject[] = [];
  for await (const object of objects.list(prefix)) all.push(object);
  return all;
}
