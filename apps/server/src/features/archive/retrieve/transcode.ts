import type { Archive } from '../archive.ts';
import type { StoredInstance } from './instance-store.ts';

export const canTranscode = (_instance: StoredInstance, _uid: string): boolean => false;
export async function* transcodedFile(
  _archive: Archive,
  _instance: StoredInstance,
  _uid: string,
): AsyncGenerator<Uint8Array, void, void> {}
