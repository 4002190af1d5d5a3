import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { SeriesUid, StudyUid } from './ids.ts';
import { pageQuery, repeated } from './query.ts';
import { Zone } from './zones.ts';

const count = z.number().int().nonnegative();

export const StudyRow = z
  .object({
    studyInstanceUid: StudyUid,
    zone: Zone,
    patientName: z.string(),
    patientId: z.string(),
    patientSex: z.string(),
    patientBirthDate: z.iso.date().nullable(),
    studyDate: z.iso.date().nullable(),
    studyTime: z.iso.time().nullable().describe('HH:MM:SS'),
    accessionNumber: z.string(),
    description: z.string(),
    modalities: z.array(z.string()),
    seriesCount: count,
    instanceCount: count,
    sizeBytes: count,
    receivedAt: z.iso.datetime(),
  })
  .meta({ id: 'StudyRow' });
export type StudyRow = z.infer<typeof StudyRow>;

export const SeriesRow = z
  .object({
    seriesInstanceUid: SeriesUid,
    modality: z.string(),
    number: z.number().int().nullable(),
    description: z.string(),
    bodyPart: z.string(),
    manufacturer: z.string(),
    model: z.string(),
    protocol: z.string(),
    instanceCount: count,
    frameCount: count,
    rows: count.nullable(),
    columns: count.nullable(),
    sizeBytes: count,
    transferSyntaxUids: z.array(z.string()),
    sopClassUids: z.array(z.string()),
    receivedAt: z.iso.datetime(),
    hasPixels: z.boolean(),
  })
  .meta({ id: 'SeriesRow' });
export type SeriesRow = z.infer<typeof SeriesRow>;

export const StudyDetail = StudyRow.extend({
  referringPhysician: z.string(),
  studyId: z.string(),
  series: z.array(SeriesRow),
}).meta({ id: 'StudyDetail' });
export type StudyDetail = z.infer<typeof StudyDetail>;

export const StudyList = z
  .object({
    items: z.array(StudyRow),
    total: count,
    totalIsExact: z.boolean().describe('Counting stops at 10,000'),
  })
  .meta({ id: 'StudyList' });
export type StudyList = z.infer<typeof StudyList>;

export const STUDY_SORT_KEYS = [
  'studyDate',
  'patientName',
  'patientId',
  'modality',
  'instances',
  'receivedAt',
  'description',
  'size',
] as const;
export type StudySortKey = (typeof STUDY_SORT_KEYS)[number];
export type StudySort = StudySortKey | `-${StudySortKey}`;

const STUDY_SORTS: readonly StudySort[] = STUDY_SORT_KEYS.flatMap((key) => [key, `-${key}`] as const);

const words = z.string().trim().min(1).max(200).optional();

export const StudyQuery = z.strictObject({
  q: words.describe('Free text over patient name and ID, accession number and description'),
  patientName: words,
  patientId: words,
  accessionNumber: words,
  studyDateFrom: z.iso.date().optional(),
  studyDateTo: z.iso.date().optional(),
  modality: repeated(z.string().min(1).max(16)),
  zone: repeated(Zone),
  sort: z.enum(STUDY_SORTS).default('-receivedAt').describe('With a leading minus for descending'),
  ...pageQuery,
});
export type StudyQuery = z.output<typeof StudyQuery>;

export const listStudies = defineEndpoint({
  name: 'listStudies',
  method: 'GET',
  path: '/api/studies',
  action: 'study.read',
  summary: 'Find studies',
  tag: 'Studies',
  query: StudyQuery,
  response: StudyList,
});

export const getStudy = defineEndpoint({
  name: 'getStudy',
  method: 'GET',
  path: '/api/studies/{studyUid}',
  action: 'study.read',
  summary: 'A study with its series',
  tag: 'Studies',
  params: z.strictObject({ studyUid: StudyUid }),
  response: StudyDetail,
  errors: ['not-found'],
});
