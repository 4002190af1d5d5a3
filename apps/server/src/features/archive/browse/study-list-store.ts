import { type StudyQuery, type StudyRow, type StudySortKey, Zone } from '@isocenter/contract';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../../../platform/database/database.ts';
import { searchKey } from '../ingest/search-key.ts';

/** Counting further costs time and tells nobody anything. */
const COUNT_LIMIT = 10_000;

const likeText = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

const sortColumns: Record<StudySortKey, RawBuilder<unknown>> = {
  studyDate: sql`study_date`,
  patientName: sql`patient_name_key`,
  patientId: sql`patient_id`,
  modality: sql`modalities`,
  instances: sql`instance_count`,
  receivedAt: sql`received_at`,
  description: sql`study_description_key`,
  size: sql`size_bytes`,
};

const columns = sql`study_instance_uid as "studyInstanceUid", zone, patient_id as "patientId", patient_sex as "patientSex",
  patient_birth_date as "patientBirthDate", study_date as "studyDate", study_time as "studyTime", accession_number as "accessionNumber",
  modalities, series_count as "seriesCount", instance_count as "instanceCount", size_bytes as "sizeBytes", received_at as "receivedAt",
  attributes`;

type Stored = Omit<StudyRow, 'patientName' | 'description' | 'receivedAt'> & {
  readonly id: number;
  readonly receivedAt: Date;
  readonly attributes: Record<string, { Value?: unknown[] }>;
};

export async function listStudyRows(
  db: Kysely<Tables>,
  areas: readonly number[],
  query: StudyQuery,
): Promise<{ items: StudyRow[]; total: number; totalIsExact: boolean }> {
  const where = sql.join(conditions(areas, query), sql` and `);
  const descending = query.sort.startsWith('-');
  const column = sortColumns[query.sort.replace('-', '') as StudySortKey];
  const direction = descending ? sql`desc nulls last` : sql`asc nulls last`;
  const [{ rows }, counted] = await Promise.all([
    sql<Stored>`select ${columns} from study where ${where} order by ${column} ${direction}, id ${direction}
      limit ${query.limit} offset ${query.offset}`.execute(db),
    sql<{
      total: number;
    }>`select count(*)::int as total from (select from study where ${where} limit ${COUNT_LIMIT + 1}) as counted`.execute(
      db,
    ),
  ]);
  const total = counted.rows[0]?.total ?? 0;
  return { items: rows.map(studyRow), total: Math.min(total, COUNT_LIMIT), totalIsExact: total <= COUNT_LIMIT };
}

function conditions(areas: readonly number[], query: StudyQuery): RawBuilder<unknown>[] {
  const all: RawBuilder<unknown>[] = [sql`area_id = any(${areas}::integer[])`];
  if (query.zone?.length) all.push(sql`zone = any(${query.zone}::zone[])`);
  for (const word of (query.q ?? '').split(/\s+/).filter(Boolean)) {
    all.push(
      sql`(patient_name_key || ' ' || upper(patient_id) || ' ' || upper(accession_number) || ' ' || study_description_key) like ${likeText(searchKey(word))}`,
    );
  }
  if (query.patientName) all.push(sql`patient_name_key like ${likeText(searchKey(query.patientName))}`);
  if (query.patientId) all.push(sql`patient_id like ${likeText(query.patientId)}`);
  if (query.accessionNumber) all.push(sql`accession_number like ${likeText(query.accessionNumber)}`);
  if (query.studyDateFrom) all.push(sql`study_date >= ${query.studyDateFrom}::date`);
  if (query.studyDateTo) all.push(sql`study_date <= ${query.studyDateTo}::date`);
  if (query.modality?.length) all.push(sql`modalities && ${query.modality}::text[]`);
  return all;
}

export async function findStudyRow(
  db: Kysely<Tables>,
  areas: readonly number[],
  uid: string,
): Promise<(StudyRow & { id: number; attributes: Stored['attributes'] }) | undefined> {
  const { rows } =
    await sql<Stored>`select id, ${columns} from study where study_instance_uid = ${uid} and area_id = any(${areas}::integer[])
    order by zone desc, area_id desc limit 1`.execute(db);
  return rows[0] && { ...studyRow(rows[0]), id: rows[0].id, attributes: rows[0].attributes };
}

function studyRow({ attributes, ...row }: Stored): StudyRow {
  const { id: _, ...wire } = row;
  return {
    ...wire,
    // Pages show what was sent, the columns hold what is searched.
    patientName: nameText(attributes['00100010']?.Value?.[0]),
    description: textOf(attributes, '00081030'),
    studyTime: row.studyTime?.slice(0, 8) ?? null,
    receivedAt: row.receivedAt.toISOString(),
    zone: Zone.parse(row.zone),
  };
}

export function nameText(name: unknown): string {
  if (typeof name !== 'object' || name === null) return '';
  const { Alphabetic, Ideographic, Phonetic } = name as Record<string, string>;
  return [Alphabetic, Ideographic, Phonetic].filter(Boolean).join(' = ');
}

export const textOf = (attributes: Record<string, { Value?: unknown[] }>, tag: string): string =>
  String(attributes[tag]?.Value?.[0] ?? '');
