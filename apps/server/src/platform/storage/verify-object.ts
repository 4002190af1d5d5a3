import { createHash } from 'node:crypto';
import type { Sha256 } from '@isocenter/contract';
import type { ObjectStore } from './object-store.ts';
import { ObjectDamaged, ObjectMissing } from './storage-error.ts';

/** Reads the whole object and compares its SHA-256 with its address. */
export async function verifyObject(
  store: Pick<ObjectStore, 'open'>,
  sha256: Sha256,
): Promise<'intact' | 'damaged' | 'missing'> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of await store.open(sha256)) hash.update(chunk as Buffer);
  } catch (error) {
    if (error instanceof ObjectMissing) return 'missing';
    if (error instanceof ObjectDamaged) return 'damaged';
    throw error;
  }
  return hash.digest('hex') === sha256 ? 'intact' : 'damaged';
}
