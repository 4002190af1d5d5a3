import { writePart10 } from '@isocenter/dicom';
import { Seeded } from '@isocenter/dicom/testing';

/** A DICOM file to be sent, and the UIDs under which it is found. */
export interface SyntheticInstance {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly bytes: Buffer<ArrayBuffer>;
}

const SYNTAXES = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99'];
/** As a series of a scanner and a study of some series have it. */
const PER_SERIES = 25;
const PER_STUDY = 75;

/**
 * So many instances of several studies, the same for the same seed: mostly of some kilobytes, a few of hundreds, and some
 * larger than what the spool holds in memory. In every transfer syntax that we write.
 */
export function syntheticInstances(count: number, seed: number): SyntheticInstance[] {
  const random = new Seeded(seed);
  return Array.from({ length: count }, (_, number) => {
    const root = `1.2.826.0.1.3680043.9.${seed}`;
    const study = `${root}.${Math.floor(number / PER_STUDY)}`;
    const series = `${study}.${Math.floor(number / PER_SERIES)}`;
    const instance = `${series}.${number}`;
    return { study, series, instance, bytes: fileOf({ study, series, instance }, number, random) };
  });
}

function fileOf(uids: Omit<SyntheticInstance, 'bytes'>, number: number, random: Seeded): Buffer<ArrayBuffer> {
  const side = sideOf(number, random);
  const pixels = new Uint32Array((side * side) / 2);
  for (let i = 0; i < pixels.length; i++) pixels[i] = random.below(2 ** 32);
  const transferSyntaxUid = side > 128 ? SYNTAXES[0]! : SYNTAXES[number % SYNTAXES.length]!;
  const bytes = writePart10(
    {
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
      '00080018': { vr: 'UI', Value: [uids.instance] },
      '00080060': { vr: 'CS', Value: ['OT'] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
      '00100020': { vr: 'LO', Value: ['4711'] },
      '0020000D': { vr: 'UI', Value: [uids.study] },
      '0020000E': { vr: 'UI', Value: [uids.series] },
      '00200013': { vr: 'IS', Value: [number] },
      '00280002': { vr: 'US', Value: [1] },
      '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
      '00280010': { vr: 'US', Value: [side] },
      '00280011': { vr: 'US', Value: [side] },
      '00280100': { vr: 'US', Value: [16] },
      '00280101': { vr: 'US', Value: [16] },
      '00280102': { vr: 'US', Value: [15] },
      '00280103': { vr: 'US', Value: [0] },
      '7FE00010': { vr: 'OW', InlineBinary: Buffer.from(pixels.buffer).toString('base64') },
    },
    { transferSyntaxUid },
  );
  return Buffer.from(bytes);
}

/** Rows and columns of 16 bits: 2 to 10 kB, one in twenty 320 kB, one in two hundred 6 MB. */
function sideOf(number: number, random: Seeded): number {
  if (number % 200 === 100) return 1732;
  return number % 20 === 10 ? 400 : 32 + 2 * random.below(20);
}
