import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../../../platform/database/database.ts';
import { condition } from './conditions.ts';
import type { Level } from './search-attributes.ts';
import type { SearchQuery } from './search-query.ts';

/** The parents that the address names: `/studies/{study}/series/{series}/instances`. */
export interface Within {
  readonly study?: string;
  readonly series?: string;
}

export interface StudyFound {
  readonly attributes: Record<string, never>;
  readonly modalities: string[];
  readonly sop_class_uids: string[];
  readonly series_count: number;
  readonly study_instances: number;
  readonly study_uid: string;
}

export interface SeriesFound extends StudyFound {
  readonly series_attributes: Record<string, never>;
  readonly series_instances: number;
  readonly series_uid: string;
}

export interface InstanceFound extends SeriesFound {
  readonly sop_class_uid: string;
  readonly sop_instance_uid: string;
  readonly instance_number: number | null;
  readonly rows: number | null;
  readonly columns: number | null;
  readonly bits_allocated: number | null;
  readonly number_of_frames: number | null;
  readonly transfer_syntax_uid: string;
}

export interface Found {
  readonly study: StudyFound & { readonly any_instance: number | null };
  readonly series: SeriesFound & { readonly any_instance: number | null };
  readonly instance: InstanceFound & { readonly any_instance: number | null };
}

const studyColumns = sql`study.attributes, study.modalities, study.sop_class_uids, study.series_count,
  study.instance_count as study_instances, study.study_instance_uid as study_uid`;
const seriesColumns = sql`${studyColumns}, series.attributes as series_attributes, series.instance_count as series_instances,
  series.series_instance_uid as series_uid`;
const instanceColumns = sql`${seriesColumns}, instance.sop_class_uid, instance.sop_instance_uid, instance.instance_number, instance.rows,
  instance.columns, instance.bits_allocated, instance.number_of_frames, instance.transfer_syntax_uid`;

interface Plan {
  readonly columns: RawBuilder<unknown>;
  readonly from: RawBuilder<unknown>;
  readonly order: (within: Within) => RawBuilder<unknown>;
  /** Of two rows for one UID in different areas, the one further along is answered. */
  readonly shadow: { readonly table: string; readonly uid: string };
  /** An instance whose header answers for attributes that the index doesn't keep. */
  readonly anyInstance: RawBuilder<unknown>;
}

const plans: Record<Level, Plan> = {
  study: {
    columns: studyColumns,
    from: sql`study`,
    order: () => sql`study.study_date desc nulls last, study.id desc`,
    shadow: { table: 'study', uid: 'study_instance_uid' },
    anyInstance: sql`(select id from instance where instance.study_id = study.id order by id limit 1)`,
  },
  series: {
    columns: seriesColumns,
    from: sql`series join study on study.id = series.study_id`,
    order: ({ study }) => (study === undefined ? sql`series.id` : sql`series.series_number, series.id`),
    shadow: { table: 'series', uid: 'series_instance_uid' },
    anyInstance: sql`(select id from instance where instance.series_id = series.id order by id limit 1)`,
  },
  instance: {
    columns: instanceColumns,
    from: sql`instance join series on series.id = instance.series_id join study on study.id = instance.study_id`,
    order: ({ series }) => (series === undefined ? sql`instance.id` : sql`instance.instance_number, instance.id`),
    shadow: { table: 'instance', uid: 'sop_instance_uid' },
    anyInstance: sql`instance.id`,
  },
};

/** One row more than the limit is asked for, to know whether more remain. */
export async function search<L extends Level>(
  db: Kysely<Tables>,
  areas: readonly number[],
  query: SearchQuery & { readonly level: L },
  within: Within,
): Promise<Found[L][]> {
  const plan = plans[query.level];
  const conditions = [...visible(plan, areas), ...inside(within)];
  for (const { attribute, value } of query.matches) conditions.push(condition(attribute, value, query.fuzzy));
  const anyInstance = query.includeAll || query.include.size > 0 ? plan.anyInstance : sql`null`;
  const { rows } = await sql<Found[L]>`
    select ${plan.columns}, ${anyInstance} as any_instance
    from ${plan.from}
    where ${sql.join(conditions, sql` and `)}
    order by ${plan.order(within)}
    limit ${query.limit + 1} offset ${query.offset}`.execute(db);
  return rows;
}

function visible({ shadow }: Plan, areas: readonly number[]): RawBuilder<unknown>[] {
  const table = sql.ref(shadow.table);
  const area = sql`${table}.area_id = any(${areas}::integer[])`;
  if (areas.length === 1) return [area];
  const uid = sql.ref(shadow.uid);
  const shadowed = sql`exists (select from ${table} as later where later.${uid} = ${table}.${uid} and (later.zone, later.area_id) > (${table}.zone, ${table}.area_id)
    and later.area_id = any(${areas}::integer[]))`;
  return [area, sql`not ${shadowed}`];
}

function inside({ study, series }: Within): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (study !== undefined) conditions.push(sql`study.study_instance_uid = ${study}`);
  if (series !== undefined) conditions.push(sql`series.series_instance_uid = ${series}`);
  return conditions;
}

/** Stored metadata by instance. */
export async function headersOf(db: Kysely<Tables>, ids: readonly number[]): Promise<Map<number, Buffer>> {
  const { rows } = await sql<{ instance_id: number; metadata: Buffer }>`
    select instance_id, metadata from instance_header where instance_id = any(${ids}::bigint[])`.execute(db);
  return new Map(rows.map(({ instance_id, metadata }) => [instance_id, metadata]));
}
