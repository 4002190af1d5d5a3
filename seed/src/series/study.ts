import type { JsonDataSet, JsonPersonName } from '@isocenter/dicom';
import { dataSet } from './attributes.ts';
import type { Scanner } from './scanner.ts';
import { uidOf } from './uids.ts';

/** Someone who never lived. */
export interface Person {
  readonly id: string;
  readonly name: JsonPersonName;
  /** Values of Specific Character Set. */
  readonly characterSet: readonly string[];
  /** YYYYMMDD */
  readonly birthDate: string;
  readonly sex: 'F' | 'M' | 'O';
  /** m, kg */
  readonly size: number;
  readonly weight: number;
}

export interface Study {
  readonly person: Person;
  /** Tells the studies of one person apart, for UIDs. */
  readonly key: string;
  /** YYYYMMDD and HHMMSS */
  readonly date: string;
  readonly time: string;
  readonly accession: string;
  readonly description: string;
  readonly scanner: Scanner;
  readonly referrer: string;
}

/** A frame as the pixel encoders want it, with the rest of its header. */
export interface Instance {
  readonly sopInstanceUid: string;
  readonly header: JsonDataSet;
  /** Native frames one after the other, little endian. */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** One series: what is known before anything is generated, and how to generate it. */
export interface Series {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly number: number;
  readonly modality: string;
  readonly description: string;
  readonly instanceCount: number;
  /** In which it is written. */
  readonly transferSyntaxUid: string;
  instances(): Iterable<Instance>;
}

export const studyUid = (study: Study): string => uidOf('study', study.person.id, study.key);
export const seriesUid = (study: Study, number: number): string => uidOf('series', study.person.id, study.key, number);
export const instanceUid = (study: Study, series: number, instance: number): string =>
  uidOf('instance', study.person.id, study.key, series, instance);
export const frameOfReferenceUid = (study: Study): string => uidOf('frame of reference', study.person.id, study.key);

/** HHMMSS.ffffff, some seconds after the study began. */
export function timeAfter(study: Study, seconds: number): string {
  const [h, m, s] = [0, 2, 4].map((i) => Number(study.time.slice(i, i + 2))) as [number, number, number];
  const micro = Math.round((h * 3600 + m * 60 + s + seconds) * 1e6);
  const part = (unit: number, size: number) => String(Math.floor(micro / unit) % size).padStart(2, '0');
  return `${part(3600e6, 24)}${part(60e6, 60)}${part(1e6, 60)}.${String(micro % 1e6).padStart(6, '0')}`;
}

/** Age string on the day of the study (PS3.5 AS). */
function ageOf(study: Study): string {
  const monthsOf = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(4, 6));
  const { birthDate } = study.person;
  const months = monthsOf(study.date) - monthsOf(birthDate) - (study.date.slice(6) < birthDate.slice(6) ? 1 : 0);
  return months < 24 ? `${String(months).padStart(3, '0')}M` : `${String(Math.floor(months / 12)).padStart(3, '0')}Y`;
}

export interface SeriesHeader {
  readonly sopClassUid: string;
  readonly modality: string;
  readonly number: number;
  readonly description: string;
  readonly protocol: string;
  readonly bodyPart: string;
  readonly patientPosition?: string;
  /** Seconds from the beginning of the study. */
  readonly start: number;
}

/** Patient, study, series and equipment modules (PS3.3 C.7.1 to C.7.5). */
export function commonHeader(study: Study, series: SeriesHeader): JsonDataSet {
  const { person, scanner } = study;
  return dataSet({
    SpecificCharacterSet: [...person.characterSet],
    SOPClassUID: series.sopClassUid,
    StudyDate: study.date,
    SeriesDate: study.date,
    StudyTime: study.time,
    SeriesTime: timeAfter(study, series.start),
    AccessionNumber: study.accession,
    Modality: series.modality,
    Manufacturer: scanner.manufacturer,
    InstitutionName: scanner.hospital.name,
    InstitutionAddress: scanner.hospital.address,
    ReferringPhysicianName: study.referrer,
    StationName: scanner.station,
    StudyDescription: study.description,
    SeriesDescription: series.description,
    InstitutionalDepartmentName: scanner.department,
    ManufacturerModelName: scanner.model,
    PatientName: person.name,
    PatientID: person.id,
    IssuerOfPatientID: scanner.hospital.issuer,
    PatientBirthDate: person.birthDate,
    PatientSex: person.sex,
    PatientAge: ageOf(study),
    PatientSize: person.size,
    PatientWeight: person.weight,
    BodyPartExamined: series.bodyPart,
    DeviceSerialNumber: scanner.serial,
    SoftwareVersions: [...scanner.software],
    ProtocolName: series.protocol,
    PatientPosition: series.patientPosition,
    StudyInstanceUID: studyUid(study),
    SeriesInstanceUID: seriesUid(study, series.number),
    StudyID: study.accession.slice(-6),
    SeriesNumber: series.number,
  });
}
