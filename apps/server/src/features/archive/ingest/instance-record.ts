import {
  type DataSet,
  type Element,
  type JsonDataSet,
  type JsonValue,
  jsonText,
  type Part10,
  toJson,
} from '@isocenter/dicom';
import { DecodeError, type ImagePixelModule, imagePixelModuleOf } from '@isocenter/dicom/pixel';
import type { Area } from '../../directory/index.ts';
import { isoDate, isoTime } from './date-and-time.ts';
import type { FailureReason, InstanceIdentity } from './failure-reason.ts';
import { identify, isUid, misnamed } from './instance-uids.ts';
import { nameKey, searchKey } from './search-key.ts';

/** Values longer than this are named in the metadata by a BulkDataURI. Palette LUTs of 65,536 entries stay within. */
export const INLINE_LIMIT = 131_072;

/** Stands in stored metadata for the address under which the reader of the moment sees the archive. */
export const BASE_PLACEHOLDER = '\u0001';

/** Where the pixel data lies in the object, in bytes from its start. */
export interface PixelDataLocation {
  readonly tag: string;
  readonly vr: string;
  readonly offset: number;
  readonly length: number;
  /** Of encapsulated pixel data: offset and length of each fragment in turn, the Basic Offset Table first. */
  readonly fragments?: readonly number[];
  /** Offsets count in the inflated data set. */
  readonly deflated?: true;
  /** What the frames are; absent where the data set doesn't say. */
  readonly module?: ImagePixelModule;
  /** Where the values of (7FE0,0001) Extended Offset Table and of its lengths lie: offset and length. */
  readonly extendedOffsetTable?: readonly [number, number];
  readonly extendedOffsetTableLengths?: readonly [number, number];
}

/** All that the index keeps of one instance. */
export interface InstanceRecord {
  readonly area: Area;
  readonly study: StudyRecord;
  readonly series: SeriesRecord;
  readonly instance: InstanceIdentity & {
    readonly number: number | null;
    readonly transferSyntaxUid: string;
    readonly rows: number | null;
    readonly columns: number | null;
    readonly bitsAllocated: number | null;
    readonly numberOfFrames: number | null;
    readonly dataSetOffset: number;
    readonly metadata: Buffer;
    readonly pixelData: PixelDataLocation | null;
    readonly truncated: boolean;
  };
}

export interface StudyRecord {
  readonly uid: string;
  readonly patientId: string;
  readonly patientNameKey: string;
  readonly patientBirthDate: string | null;
  readonly patientSex: string;
  readonly date: string | null;
  readonly time: string | null;
  readonly accessionNumber: string;
  readonly referringPhysicianNameKey: string;
  readonly id: string;
  readonly descriptionKey: string;
  readonly attributes: string;
}

export interface SeriesRecord {
  readonly uid: string;
  readonly modality: string;
  readonly number: number | null;
  readonly stepStartDate: string | null;
  readonly stepStartTime: string | null;
  readonly scheduledProcedureStepIds: string[];
  readonly requestedProcedureIds: string[];
  readonly descriptionKey: string;
  readonly bodyPartExamined: string;
  readonly manufacturerKey: string;
  readonly attributes: string;
}

export type Described =
  | { readonly ok: true; readonly record: InstanceRecord }
  | {
      readonly ok: false;
      readonly instance: Partial<InstanceIdentity>;
      readonly reason: FailureReason;
      readonly detail: string;
    };

/** Attributes that answer a search on studies (PS3.18 Table 10.6.3-3), patient's ones with them, and a few worth having. */
const STUDY_TAGS = [
  '00080005',
  '00080020',
  '00080030',
  '00080050',
  '00080090',
  '00080201',
  '00081030',
  '00081032',
  '00081048',
  '00081060',
  '00081080',
  '00100010',
  '00100020',
  '00100021',
  '00100022',
  '00100030',
  '00100032',
  '00100040',
  '00101000',
  '00101001',
  '00101010',
  '00101020',
  '00101030',
  '00102160',
  '00102180',
  '001021B0',
  '00104000',
  '0020000D',
  '00200010',
  '00321032',
  '00321060',
];
/** Attributes that answer a search on series (PS3.18 Table 10.6.3-4), and a few worth having. */
const SERIES_TAGS = [
  '00080005',
  '00080021',
  '00080031',
  '00080060',
  '00080070',
  '00081010',
  '0008103E',
  '00081040',
  '00081050',
  '00081070',
  '00081090',
  '00180015',
  '00181030',
  '00185100',
  '0020000E',
  '00200011',
  '00200052',
  '00200060',
  '00400244',
  '00400245',
  '00400253',
  '00400254',
  '00400275',
];

/** What the index shall know of an instance, or why it can't be stored. */
export function describeInstance(part10: Part10, area: Area): Described {
  const identified = identify(part10);
  if (!identified.ok) return { ...identified, reason: 'does-not-match-sop-class' };
  const { uids } = identified;
  const { sopClassUid, sopInstanceUid, studyUid, seriesUid } = uids;
  const instance = { sopClassUid, sopInstanceUid };
  if (!isUid(part10.transferSyntax.uid)) {
    const detail = '(0002,0010) Transfer Syntax UID is no UID';
    return { ok: false, instance, reason: 'transfer-syntax-not-supported', detail };
  }
  const root = `${BASE_PLACEHOLDER}/studies/${studyUid}/series/${seriesUid}/instances/${sopInstanceUid}/bulkdata/`;
  const json = toJson(part10.dataSet, { inlineLimit: INLINE_LIMIT, bulkDataUri: (path) => root + path });
  const detail = misnamed(json, uids);
  if (detail !== undefined) return { ok: false, instance, reason: 'does-not-match-sop-class', detail };
  return {
    ok: true,
    record: {
      area,
      study: studyRecord(json, studyUid),
      series: seriesRecord(json, seriesUid),
      instance: {
        ...instance,
        number: integer(json['00200013']),
        transferSyntaxUid: part10.transferSyntax.uid,
        rows: count(json['00280010']),
        columns: count(json['00280011']),
        bitsAllocated: count(json['00280100']),
        numberOfFrames: count(json['00280008']),
        dataSetOffset: part10.dataSetOffset,
        metadata: Buffer.from(jsonText(json)),
        pixelData: pixelDataLocation(part10),
        truncated: part10.truncated !== undefined,
      },
    },
  };
}

function studyRecord(json: JsonDataSet, uid: string): StudyRecord {
  return {
    uid,
    patientId: text(json, '00100020'),
    patientNameKey: name(json, '00100010'),
    patientBirthDate: isoDate(text(json, '00100030')) ?? null,
    patientSex: text(json, '00100040'),
    date: isoDate(text(json, '00080020')) ?? null,
    time: isoTime(text(json, '00080030')) ?? null,
    accessionNumber: text(json, '00080050'),
    referringPhysicianNameKey: name(json, '00080090'),
    id: text(json, '00200010'),
    descriptionKey: key(json, '00081030'),
    attributes: chosen(json, STUDY_TAGS),
  };
}

function seriesRecord(json: JsonDataSet, uid: string): SeriesRecord {
  const requests = (json['00400275']?.Value ?? []) as JsonDataSet[];
  return {
    uid,
    modality: text(json, '00080060'),
    number: integer(json['00200011']),
    stepStartDate: isoDate(text(json, '00400244')) ?? null,
    stepStartTime: isoTime(text(json, '00400245')) ?? null,
    scheduledProcedureStepIds: requests.map((item) => text(item, '00400009')).filter(Boolean),
    requestedProcedureIds: requests.map((item) => text(item, '00401001')).filter(Boolean),
    descriptionKey: key(json, '0008103E'),
    bodyPartExamined: text(json, '00180015'),
    manufacturerKey: key(json, '00080070'),
    attributes: chosen(json, SERIES_TAGS),
  };
}

function chosen(json: JsonDataSet, tags: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(tags.filter((tag) => json[tag]).map((tag) => [tag, json[tag]])));
}

/**
 * Characters of a text that it can be found by: an entry of a PostgreSQL index has room for some 2,700 bytes. No valid
 * value is longer (PS3.5 Table 6.2-1); the metadata has all of those that are.
 */
const FINDABLE = 600;
const findable = (text: string): string => (text.length <= FINDABLE ? text : text.slice(0, FINDABLE).toWellFormed());

/** PostgreSQL's text can't hold NUL, which some files have within their values. */
function text(json: JsonDataSet, tag: string): string {
  const value = json[tag]?.Value?.[0] ?? '';
  return typeof value === 'object' ? '' : findable(String(value).replaceAll('\0', ''));
}

const name = (json: JsonDataSet, tag: string): string => findable(nameKey(json[tag]?.Value?.[0]).replaceAll('\0', ''));
const key = (json: JsonDataSet, tag: string): string => findable(searchKey(text(json, tag)));

function integer(element: { Value?: JsonValue[] } | undefined): number | null {
  const value = Number(element?.Value?.[0] ?? Number.NaN);
  return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : null;
}

/** What can't be negative; a value that is says nothing. */
function count(element: { Value?: JsonValue[] } | undefined): number | null {
  const value = integer(element);
  return value !== null && value >= 0 ? value : null;
}

function pixelDataLocation(part10: Part10): PixelDataLocation | null {
  const { elements } = part10.dataSet;
  const element = elements.get(0x7fe00010) ?? elements.get(0x7fe00008) ?? elements.get(0x7fe00009);
  if (!element || element.length === 0) return null;
  const module = pixelModule(part10.dataSet);
  const [table, lengths] = [elements.get(0x7fe00001), elements.get(0x7fe00002)];
  return {
    tag: element.tag.toString(16).toUpperCase(),
    vr: element.vr,
    offset: element.valueOffset,
    length: element.length,
    ...(element.fragments && { fragments: flat(element) }),
    ...(part10.transferSyntax.deflated && { deflated: true as const }),
    ...(module && { module }),
    ...(table && element.fragments && { extendedOffsetTable: [table.valueOffset, table.length] as const }),
    ...(lengths && element.fragments && { extendedOffsetTableLengths: [lengths.valueOffset, lengths.length] as const }),
  };
}

function pixelModule(dataSet: DataSet): ImagePixelModule | undefined {
  try {
    return imagePixelModuleOf(dataSet);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

const flat = (element: Element): number[] =>
  (element.fragments ?? []).flatMap(({ offset, length }) => [offset, length]);
