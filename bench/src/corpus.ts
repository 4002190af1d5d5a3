import { type JsonDataSet, writePart10 } from '@isocenter/dicom';

/** Instances made for measuring: deterministic, with headers of the usual size. */

export interface CorpusPlan {
  readonly instances: number;
  readonly perSeries: number;
  readonly seriesPerStudy: number;
  /** Rows and Columns of 16-bit pixels. */
  readonly size: number;
  /** Tells one corpus' UIDs from another's. */
  readonly root: string;
}

export interface MadeInstance {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly file: Uint8Array;
}

const families = [
  'ALVAREZ',
  'BERG',
  'CHEN',
  'DUBOIS',
  'ERIKSEN',
  'FERRARI',
  'GARCIA',
  'HOFFMANN',
  'IVANOVA',
  'JANSEN',
  'KOWALSKI',
  'LINDQVIST',
];
const modalities = ['CT', 'MR', 'PT'];

export const studyUid = (plan: CorpusPlan, study: number): string => `${plan.root}.1.${study}`;
export const seriesUid = (plan: CorpusPlan, series: number): string => `${plan.root}.2.${series}`;
export const instanceUid = (plan: CorpusPlan, instance: number): string => `${plan.root}.3.${instance}`;
export const familyOf = (study: number): string =>
  `${families[study % families.length]}${Math.floor(study / families.length) % 40}`;

/** `YYYYMMDD`, spread over ten years. */
export function dateOf(study: number): string {
  return new Date(Date.UTC(2015, 0, 1) + ((study * 7919) % 3650) * 86_400_000)
    .toISOString()
    .slice(0, 10)
    .replaceAll('-', '');
}

export const studyCount = (plan: CorpusPlan): number =>
  Math.ceil(plan.instances / (plan.perSeries * plan.seriesPerStudy));

/** The n-th instance. Headers are written anew, pixels are one noise pattern shifted from instance to instance. */
export function makeInstance(plan: CorpusPlan, n: number): MadeInstance {
  const series = Math.floor(n / plan.perSeries);
  const study = Math.floor(series / plan.seriesPerStudy);
  const uids = { study: studyUid(plan, study), series: seriesUid(plan, series), instance: instanceUid(plan, n) };
  const file = writePart10(header(plan, n, series, study, uids), { bulkData: () => pixels(plan.size, n) });
  return { ...uids, file };
}

function header(
  plan: CorpusPlan,
  n: number,
  series: number,
  study: number,
  uids: { study: string; series: string; instance: string },
): JsonDataSet {
  const modality = modalities[study % modalities.length]!;
  const slice = n % plan.perSeries;
  return {
    '00080005': { vr: 'CS', Value: ['ISO_IR 100'] },
    '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'AXIAL'] },
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
    '00080018': { vr: 'UI', Value: [uids.instance] },
    '00080020': { vr: 'DA', Value: [dateOf(study)] },
    '00080030': { vr: 'TM', Value: ['101500'] },
    '00080050': { vr: 'SH', Value: [`A${study}`] },
    '00080060': { vr: 'CS', Value: [modality] },
    '00080070': { vr: 'LO', Value: ['Acme'] },
    '00080090': { vr: 'PN', Value: [{ Alphabetic: 'REFERRER^R' }] },
    '00081030': { vr: 'LO', Value: ['Thorax abdomen'] },
    '0008103E': { vr: 'LO', Value: [`Series ${series % plan.seriesPerStudy}`] },
    '00081140': {
      vr: 'SQ',
      Value: [
        {
          '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
          '00081155': { vr: 'UI', Value: [uids.instance] },
        },
      ],
    },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: `${familyOf(study)}^ANNA` }] },
    '00100020': { vr: 'LO', Value: [`P${study}`] },
    '00100030': { vr: 'DA', Value: ['19600101'] },
    '00100040': { vr: 'CS', Value: ['F'] },
    '00180050': { vr: 'DS', Value: [1.25] },
    '00180060': { vr: 'DS', Value: [120] },
    '00181030': { vr: 'LO', Value: ['Thorax'] },
    '0020000D': { vr: 'UI', Value: [uids.study] },
    '0020000E': { vr: 'UI', Value: [uids.series] },
    '00200010': { vr: 'SH', Value: [`S${study}`] },
    '00200011': { vr: 'IS', Value: [(series % plan.seriesPerStudy) + 1] },
    '00200013': { vr: 'IS', Value: [slice + 1] },
    '00200032': { vr: 'DS', Value: [-250, -250, slice * 1.25] },
    '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] },
    '00200052': { vr: 'UI', Value: [`${uids.study}.9`] },
    '00280002': { vr: 'US', Value: [1] },
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280010': { vr: 'US', Value: [plan.size] },
    '00280011': { vr: 'US', Value: [plan.size] },
    '00280030': { vr: 'DS', Value: [0.97, 0.97] },
    '00280100': { vr: 'US', Value: [16] },
    '00280101': { vr: 'US', Value: [12] },
    '00280102': { vr: 'US', Value: [11] },
    '00280103': { vr: 'US', Value: [0] },
    '00281050': { vr: 'DS', Value: [40] },
    '00281051': { vr: 'DS', Value: [400] },
    '00281052': { vr: 'DS', Value: [-1024] },
    '00281053': { vr: 'DS', Value: [1] },
    '7FE00010': { vr: 'OW', BulkDataURI: 'pixels' },
  };
}

let noise = new Uint8Array(0);

function pixels(size: number, n: number): Uint8Array {
  const bytes = size * size * 2;
  if (noise.length < bytes + 65_536) {
    const words = new Uint16Array((bytes + 65_536) / 2);
    let state = 1;
    for (let i = 0; i < words.length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      words[i] = (state >>> 20) & 0xfff;
    }
    noise = new Uint8Array(words.buffer);
  }
  const from = (n * 2) % 65_536;
  return noise.subarray(from, from + bytes);
}
