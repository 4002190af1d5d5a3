import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DicomError, firstString, type Part10, readPart10 } from '@isocenter/dicom';
import { realFiles, realFilesFolder } from './real-files.ts';

/** A real file that a store takes: it can be read, and has the UIDs. */
export interface RealInstance {
  /** Within the folder of the real files. */
  readonly name: string;
  readonly path: string;
  readonly bytes: Buffer;
  readonly part10: Part10;
  /** The bytes behind the file meta information. */
  readonly dataSet: Buffer;
  readonly sopClass: string;
  readonly uid: string;
  readonly study: string;
  readonly series: string;
}

const identifying = [0x00080016, 0x00080018, 0x0020000d, 0x0020000e];

/** Those of the files that a store takes, in order; of several with one SOP Instance UID all. */
export function realInstances(names: readonly string[] = realFiles): RealInstance[] {
  return names.flatMap((name) => {
    const path = join(realFilesFolder, name);
    const bytes = readFileSync(path);
    const part10 = readable(bytes);
    if (!part10) return [];
    const [sopClass, uid, study, series] = identifying.map((tag) => firstString(part10.dataSet, tag));
    if (!sopClass || !uid || !study || !series) return [];
    return [{ name, path, bytes, part10, dataSet: bytes.subarray(part10.dataSetOffset), sopClass, uid, study, series }];
  });
}

function readable(bytes: Buffer): Part10 | undefined {
  try {
    return readPart10(bytes);
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

/** The first of each SOP Instance UID. */
export function firstOfEach(instances: readonly RealInstance[]): RealInstance[] {
  const seen = new Set<string>();
  return instances.filter(({ uid }) => !seen.has(uid) && seen.add(uid));
}

/** Of these folders hundreds of files are alike. */
const alike = /^mr\/(philips-dwi\/cl|siemens-ge-nih)\//;

/** Real files of every kind, one in forty of those that are alike. */
export const variedFiles: readonly string[] = realFiles.filter((name, i) => !alike.test(name) || i % 40 === 0);

/** Where an instance is found under a DICOMweb root. */
export const pathOf = ({ study, series, uid }: RealInstance): string =>
  `/studies/${study}/series/${series}/instances/${uid}`;
