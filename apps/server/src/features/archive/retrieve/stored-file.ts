import type { ObjectStore } from '../../../platform/storage/index.ts';
import { missingHeader } from './file-header.ts';
import type { StoredInstance } from './instance-store.ts';

/** Objects up to this size are read at once: cheaper than a stream. */
const AT_ONCE = 4 * 1024 * 1024;

/** The instance as a DICOM file, its data set as it was received. */
export async function* storedFile(
  objects: ObjectStore,
  instance: StoredInstance,
): AsyncGenerator<Uint8Array, void, void> {
  const header = missingHeader(instance);
  if (header) yield header;
  if (instance.size <= AT_ONCE) yield await objects.read(instance.sha256);
  else yield* (await objects.open(instance.sha256)) as AsyncIterable<Uint8Array>;
}

export const storedFileSize = (instance: StoredInstance): number =>
  instance.size + (missingHeader(instance)?.length ?? 0);
