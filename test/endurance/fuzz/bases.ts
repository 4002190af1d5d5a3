import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import {
  type DataSet,
  DeflatedExplicitVRLittleEndian,
  DicomError,
  type Element,
  ExplicitVRLittleEndian,
  type Part10,
  readPart10,
} from '@isocenter/dicom';
import { bytesOf, file, uint16, uint32 } from '@isocenter/dicom/testing';
import { realFiles, realFilesFolder } from '@isocenter/testkit/real-files';
import { syntheticBases } from './synthetic-bases.ts';

/** A file to be mutated. */
export interface Base {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly part10: Part10;
  /**
   * Where the UIDs of its instance and study end: the last ten digits are those of the seed, so that no two cases share
   * them, and a study shows what is wrong with its only instance.
   */
  readonly uidEnds: readonly number[];
  /** What stands before the data set when it is deflated; `bytes` holds the same as explicit VR little endian. */
  readonly deflatedHeader?: Uint8Array;
}

/** Larger ones would take the time of many small ones. */
const LARGEST = 40_000;
/** Media Storage SOP Instance UID; SOP Instance UID and Study Instance UID. */
const OWN_UIDS = { meta: [0x00020003], dataSet: [0x00080018, 0x0020000d] };
/** 2.25 and a number whose last ten digits are the seed's. */
const UID = '2.25.10000000000';

/** Small real files where they are, and synthetic ones: everywhere the same. By name. */
export function fuzzBases(): Map<string, Base> {
  const real = realFiles
    .map((path): [string, string] => [path, join(realFilesFolder, path)])
    .filter(([, path]) => statSync(path).size < LARGEST)
    .map(([name, path]): [string, Uint8Array] => [name, new Uint8Array(readFileSync(path))]);
  const bases = [...syntheticBases(), ...real].map(([name, bytes]) => baseOf(name, bytes));
  return new Map(bases.filter((base) => base !== undefined).map((base) => [base.name, base]));
}

/** Undefined for a file that isn't read: mutating it shows nothing. */
function baseOf(name: string, original: Uint8Array): Base | undefined {
  try {
    const part10 = readPart10(original);
    if (!part10.transferSyntax.deflated) return withOwnUid(name, original, part10);
    const header = original.subarray(0, part10.dataSetOffset);
    const inflated = inflateRawSync(original.subarray(part10.dataSetOffset));
    const plain = file(ExplicitVRLittleEndian, inflated);
    const deflatedHeader = header.length > 0 ? header : file(DeflatedExplicitVRLittleEndian, new Uint8Array(0));
    return { ...withOwnUid(name, plain, readPart10(plain)), deflatedHeader };
  } catch (error) {
    if (error instanceof DicomError || (error as NodeJS.ErrnoException).code?.startsWith('Z_')) return undefined;
    throw error;
  }
}

function withOwnUid(name: string, original: Uint8Array, { meta, dataSet }: Part10): Base {
  const placesIn = (of: DataSet, tags: readonly number[]): [DataSet, Element][] =>
    tags.flatMap((tag) => of.elements.get(tag) ?? []).map((element) => [of, element]);
  const places = [...placesIn(meta, OWN_UIDS.meta), ...placesIn(dataSet, OWN_UIDS.dataSet)];
  let bytes = original;
  const uidEnds: number[] = [];
  for (const [{ encoding }, element] of places) {
    const { valueOffset, length } = element;
    const at = valueOffset + bytes.length - original.length;
    const short =
      encoding.explicitVR && String.fromCharCode(...original.subarray(element.offset + 4, valueOffset - 2)) === 'UI';
    const size = short ? uint16(UID.length, encoding.littleEndian) : uint32(UID.length, encoding.littleEndian);
    bytes = bytesOf(bytes.subarray(0, at - size.length), size, UID, bytes.subarray(at + length));
    uidEnds.push(at + UID.length);
  }
  return { name, bytes, part10: readPart10(bytes), uidEnds };
}

/** The base with UIDs that belong to the seed. */
export function bytesWithUid({ bytes, uidEnds }: Base, seed: number): Uint8Array {
  const result = new Uint8Array(bytes);
  const digits = String(seed).padStart(10, '0');
  for (const end of uidEnds) result.set(bytesOf(digits), end - digits.length);
  return result;
}
