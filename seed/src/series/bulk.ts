import { ExplicitVRLittleEndian, type JsonDataSet, writePart10 } from '@isocenter/dicom';
import { fillNormal, hash32, randomOf } from '../random.ts';
import { dataSet } from './attributes.ts';

export interface BulkOptions {
  readonly count: number;
  /** Default 512. */
  readonly rows?: number;
  readonly columns?: number;
  /** Other seeds give other UIDs, people and pixels. */
  readonly seed: string;
  /** Default 100, 2, 1. */
  readonly instancesPerSeries?: number;
  readonly seriesPerStudy?: number;
  readonly studiesPerPatient?: number;
  /** Number of the first instance, to go on where another run ended. */
  readonly first?: number;
}

/** What an instance made in bulk is called; follows from its number alone. */
export interface BulkIdentity {
  readonly patientId: string;
  readonly patientName: string;
  /** YYYYMMDD */
  readonly studyDate: string;
  readonly accession: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly frameOfReferenceUid: string;
  readonly seriesNumber: number;
  readonly instanceNumber: number;
}

const families = [
  'Beispiel',
  'Exemple',
  'Esempio',
  'Ejemplo',
  'Sample',
  'Przyklad',
  'Voorbeeld',
  'Exempel',
  'Pelda',
  'Ornek',
];
const givens = [
  'Ada',
  'Bruno',
  'Clara',
  'David',
  'Elena',
  'Felix',
  'Greta',
  'Hugo',
  'Ida',
  'Jonas',
  'Karla',
  'Leo',
  'Mara',
  'Nils',
];

/** `2.25.` and 39 digits, below 2^128: always 44 characters, so that one takes another's place in a file. */
const uid = (seed: number, kind: 1 | 2 | 3 | 4, number: number): string =>
  `2.25.1${String(seed).padStart(18, '0')}${String(kind).padStart(2, '0')}${String(number).padStart(18, '0')}`;

export function bulkIdentity(options: BulkOptions, index: number): BulkIdentity {
  const { instancesPerSeries = 100, seriesPerStudy = 2, studiesPerPatient = 1 } = options;
  const series = Math.floor(index / instancesPerSeries);
  const study = Math.floor(series / seriesPerStudy);
  const patient = Math.floor(study / studiesPerPatient);
  const seed = hash32(options.seed);
  const h = hash32(`${options.seed}/${study}`);
  const day = new Date(Date.UTC(2015, 0, 1 + (h % 3650)));
  const p = hash32(`${options.seed}/patient ${patient}`);
  return {
    patientId: `B${String(seed % 1000).padStart(3, '0')}${String(patient).padStart(8, '0')}`,
    patientName: `${families[p % families.length]}^${givens[(p >>> 8) % givens.length]}`.padEnd(20, ' '),
    studyDate: day.toISOString().slice(0, 10).replaceAll('-', ''),
    accession: `A${String(study).padStart(9, '0')}`,
    studyInstanceUid: uid(seed, 1, study),
    seriesInstanceUid: uid(seed, 2, series),
    sopInstanceUid: uid(seed, 3, index),
    frameOfReferenceUid: uid(seed, 4, study),
    seriesNumber: (series % seriesPerStudy) + 1,
    instanceNumber: (index % instancesPerSeries) + 1,
  };
}

function header(identity: BulkIdentity, rows: number, columns: number, position: string): JsonDataSet {
  return dataSet({
    SpecificCharacterSet: 'ISO_IR 100',
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: identity.sopInstanceUid,
    StudyDate: identity.studyDate,
    SeriesDate: identity.studyDate,
    ContentDate: identity.studyDate,
    StudyTime: '101500',
    SeriesTime: '101600',
    ContentTime: '101630',
    AccessionNumber: identity.accession,
    Modality: 'CT',
    Manufacturer: 'Example Imaging',
    InstitutionName: 'Northbridge Example Hospital',
    ReferringPhysicianName: 'Template^Tina^^Dr',
    StudyDescription: 'CT made in bulk',
    SeriesDescription: 'Noise',
    ManufacturerModelName: 'Bulk 512',
    PatientName: identity.patientName,
    PatientID: identity.patientId,
    PatientBirthDate: '19600229',
    PatientSex: 'O',
    BodyPartExamined: 'CHEST',
    SliceThickness: 1,
    KVP: 120,
    PatientPosition: 'HFS',
    StudyInstanceUID: identity.studyInstanceUid,
    SeriesInstanceUID: identity.seriesInstanceUid,
    StudyID: identity.accession,
    SeriesNumber: String(identity.seriesNumber).padStart(6, '0'),
    AcquisitionNumber: 1,
    InstanceNumber: String(identity.instanceNumber).padStart(6, '0'),
    ImagePositionPatient: ['-200', '-200', position],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    FrameOfReferenceUID: identity.frameOfReferenceUid,
    PositionReferenceIndicator: null,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    PixelSpacing: [0.78125, 0.78125],
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    WindowCenter: 40,
    WindowWidth: 400,
    RescaleIntercept: -1024,
    RescaleSlope: 1,
    RescaleType: 'HU',
  });
}

interface Slot {
  readonly at: number;
  readonly text: (identity: BulkIdentity) => string;
}

/** Six characters for the slice position in mm. */
const positionOf = (identity: BulkIdentity): string => String(identity.instanceNumber).padStart(6, '0');

/** A file of which only texts of fixed length and pixels change, and where those texts stand. */
function template(
  identity: BulkIdentity,
  rows: number,
  columns: number,
): { bytes: Uint8Array; slots: readonly Slot[] } {
  const pixels = new Uint8Array(rows * columns * 2);
  const write = (who: BulkIdentity, position: string) =>
    writePart10(
      { ...header(who, rows, columns, position), '7FE00010': { vr: 'OW', BulkDataURI: 'pixels' } },
      { transferSyntaxUid: ExplicitVRLittleEndian, bulkData: () => pixels },
    );
  // Marks that nothing else in the header is like; the meta information carries the instance's UID once more.
  const marks: (readonly [keyof BulkIdentity | 'position', string, Slot['text']])[] = [
    ['sopInstanceUid', uid(999_999_999, 3, 1), (who) => who.sopInstanceUid],
    ['seriesInstanceUid', uid(999_999_999, 2, 1), (who) => who.seriesInstanceUid],
    ['studyInstanceUid', uid(999_999_999, 1, 1), (who) => who.studyInstanceUid],
    ['frameOfReferenceUid', uid(999_999_999, 4, 1), (who) => who.frameOfReferenceUid],
    ['patientId', 'B#PATIENTID#', (who) => who.patientId],
    ['patientName', '#NAME#NAME#NAME#NAME', (who) => who.patientName],
    ['accession', 'A#ACCESSN#', (who) => who.accession],
    ['studyDate', '29990131', (who) => who.studyDate],
  ];
  const marked = {
    ...identity,
    ...Object.fromEntries(marks.map(([key, mark]) => [key, mark])),
    instanceNumber: 987_654,
    seriesNumber: 876_543,
  };
  const bytes = write(marked, '765432');
  const text = Buffer.from(bytes.buffer, 0, bytes.length - pixels.length).toString('latin1');
  const all = [
    ...marks.map(([, mark, value]) => [mark, value] as const),
    ['987654', (who: BulkIdentity) => String(who.instanceNumber).padStart(6, '0')] as const,
    ['876543', (who: BulkIdentity) => String(who.seriesNumber).padStart(6, '0')] as const,
    ['765432', positionOf] as const,
  ];
  const slots = all.flatMap(([mark, value]) => placesOf(text, mark).map((at): Slot => ({ at, text: value })));
  return { bytes, slots };
}

function placesOf(text: string, mark: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) places.push(at);
  if (places.length === 0) throw new Error(`no place for ${mark}`);
  return places;
}

/** 12-bit noise to cut pixels from: longer than a frame, so that each instance gets another part. */
function noiseBytes(size: number, seed: string): Uint8Array {
  const spare = 1 << 18;
  const values = new Float32Array((size + spare) / 2);
  fillNormal(values, seed);
  const cells = new Uint16Array(values.length);
  for (let i = 0; i < cells.length; i++) cells[i] = 1064 + 12 * values[i]!;
  return new Uint8Array(cells.buffer);
}

/**
 * CT instances in bulk for tests and measurements: a header of which only identities change, and noise. Each is a whole
 * DICOM file with its own buffer.
 */
export async function* bulkInstances(options: BulkOptions): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { count, rows = 512, columns = 512, seed, first = 0 } = options;
  const { bytes, slots } = template(bulkIdentity(options, 0), rows, columns);
  const size = rows * columns * 2;
  const noise = noiseBytes(size, seed);
  const random = randomOf(`bulk ${seed} ${first}`);
  const start = bytes.length - size;
  for (let index = first; index < first + count; index++) {
    const identity = bulkIdentity(options, index);
    const file = new Uint8Array(bytes.length);
    file.set(bytes.subarray(0, start));
    for (const { at, text } of slots) writeLatin(file, at, text(identity));
    const from = random.integer(0, (noise.length - size) / 2) * 2;
    file.set(noise.subarray(from, from + size), start);
    yield file;
  }
}

function writeLatin(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}
