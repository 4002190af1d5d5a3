import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder } from './pydicom.ts';

/** Why real files can't be read; undefined when they can. */
export const realFilesMissing: string | undefined = sharedFolder
  ? undefined
  : 'there are no real files in ../shared/data';

/** Where the real files lie. */
export const realFilesFolder: string = sharedFolder ? join(sharedFolder, 'data') : '';

/** What is no DICOM file: licences, listings, vectors of other kinds, and one that a byte too much makes unreadable. */
const other = /\.(py|txt|md|csv|json|icc|dump|gz)$|LICENSE|README|merkle-vectors|\/no_meta\.dcm$/;

/** Every real DICOM file, by its path within the folder, in order; none where there is no folder. */
export const realFiles: readonly string[] = sharedFolder ? filesUnder(realFilesFolder) : [];

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !other.test(path))
    .sort();
}
