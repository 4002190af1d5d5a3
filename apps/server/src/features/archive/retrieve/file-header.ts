import { writeFileMeta } from '@isocenter/dicom';
import type { StoredInstance } from './instance-store.ts';

/**
 * What must stand before a stored object to make it a DICOM file: nothing for one that came as a file; preamble and file
 * meta information for a data set that came bare.
 */
export function missingHeader({
  dataSetOffset,
  sopClassUid,
  sopInstanceUid,
  transferSyntaxUid,
}: StoredInstance): Uint8Array | undefined {
  // A preamble and "DICM" take 132 bytes: group 0002 without them ends sooner or is no file either.
  return dataSetOffset === 0 ? writeFileMeta({ sopClassUid, sopInstanceUid, transferSyntaxUid }) : undefined;
}
