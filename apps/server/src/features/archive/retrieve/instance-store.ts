import type { Sha256, Zone } from '@isocenter/contract';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/database/database.ts';
import type { PixelDataLocation } from '../ingest/instance-record.ts';

/** Names what is wanted: a study, a series of it, an instance of that. */
export interface InstanceSelector {
  readonly study: string;
  readonly series?: string;
  readonly instance?: string;
}

/** What is needed to send an instance. */
export interface StoredInstance {
  readonly id: number;
  readonly zone: Zone;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly sha256: Sha256;
  readonly size: number;
  readonly dataSetOffset: number;
  readonly numberOfFrames: number | null;
}

export interface StoredHeader {
  /** See stored-metadata.ts. */
  readonly metadata: Buffer;
  readonly pixelData: PixelDataLocation | null;
}

const columns = sql`instance.id, instance.zone, study.study_instance_uid as "studyInstanceUid",
  series.series_instance_uid as "seriesInstanceUid", sop_instance_uid as "sopInstanceUid", sop_class_uid as "sopClassUid",
  transfer_syntax_uid as "transferSyntaxUid", encode(sha256, 'hex') as sha256, instance.size_bytes as size,
  data_set_offset as "dataSetOffset", number_of_frames as "numberOfFrames"`;

/** Of an instance that stands in several areas, the one furthest along counts. */
export const notShadowed = (areas: readonly number[]) =>
  areas.length === 1
    ? sql`true`
    : sql`not exists (select from instance as later where later.sop_instance_uid = instance.sop_instance_uid
        and (later.zone, later.area_id) > (instance.zone, instance.area_id) and later.area_id = any(${areas}::integer[]))`;

const selected = ({ study, series, instance }: InstanceSelector) => sql`study.study_instance_uid = ${study}
  ${series === undefined ? sql`` : sql`and series.series_instance_uid = ${series}`}
  ${instance === undefined ? sql`` : sql`and sop_instance_uid = ${instance}`}`;

const from = sql`instance join series on series.id = instance.series_id join study on study.id = instance.study_id`;

/** The instances that a selector names, in order of series and instance number. Rows only: a study of 100,000 is some 40 MB. */
export async function findInstances(
  db: Kysely<Tables>,
  areas: readonly number[],
  selector: InstanceSelector,
): Promise<StoredInstance[]> {
  const { rows } = await sql<StoredInstance>`
    select ${columns} from ${from}
    where ${selected(selector)} and instance.area_id = any(${areas}::integer[]) and ${notShadowed(areas)}
    order by series.series_number, series.id, instance.instance_number, instance.id`.execute(db);
  return rows;
}

/** One instance with its header. */
export async function findInstance(
  db: Kysely<Tables>,
  areas: readonly number[],
  selector: Required<InstanceSelector>,
): Promise<(StoredInstance & StoredHeader) | undefined> {
  const { rows } = await sql<StoredInstance & StoredHeader>`
    select ${columns}, metadata, pixel_data as "pixelData"
    from ${from} join instance_header on instance_id = instance.id
    where ${selected(selector)} and instance.area_id = any(${areas}::integer[])
    order by instance.zone desc, instance.area_id desc limit 1`.execute(db);
  return rows[0];
}

/** The instance in the middle of a study or series that has pixels: what stands for it in a picture. */
export async function findRepresentative(
  db: Kysely<Tables>,
  areas: readonly number[],
  selector: InstanceSelector,
): Promise<string | undefined> {
  const { rows } = await sql<{ uid: string }>`
    with pictures as (
      select sop_instance_uid as uid, row_number() over (order by series.has_pixels desc, series.series_number, series.id, instance_number, instance.id) as place,
        count(*) over () as total, series.id as series_id, count(*) over (partition by series.id) as in_series,
        row_number() over (partition by series.id order by instance_number, instance.id) as place_in_series
      from ${from}
      where ${selected(selector)} and instance.area_id = any(${areas}::integer[]) and instance.rows is not null
    )
    select uid from pictures where series_id = (select series_id from pictures order by place limit 1)
      and place_in_series = in_series / 2 + 1`.execute(db);
  return rows[0]?.uid;
}

export interface StoredSeries {
  readonly id: number;
  readonly revision: number;
  readonly seriesInstanceUid: string;
}

/** The series that a selector names, in their order; one that stands in several areas is there once for each of them. */
export async function findSeries(
  db: Kysely<Tables>,
  areas: readonly number[],
  { study, series }: InstanceSelector,
): Promise<StoredSeries[]> {
  const { rows } = await sql<StoredSeries>`
    select series.id, series.revision, series_instance_uid as "seriesInstanceUid"
    from series join study on study.id = series.study_id
    where study_instance_uid = ${study} ${series === undefined ? sql`` : sql`and series_instance_uid = ${series}`}
      and series.area_id = any(${areas}::integer[])
    order by series_number, series.id`.execute(db);
  return rows;
}
