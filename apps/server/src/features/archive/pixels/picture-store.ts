import type { Sha256, Zone } from '@isocenter/contract';
import type { Pool } from 'pg';
import type { PixelDataLocation } from '../ingest/instance-record.ts';

/** Names one instance. */
export interface PictureSelector {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

/** An instance as far as its pixels go. */
export interface Picture {
  readonly id: number;
  readonly zone: Zone;
  readonly sha256: Sha256;
  readonly transferSyntaxUid: string;
  readonly dataSetOffset: number;
  readonly size: number;
  /** Where that is short: else it is asked for when it is needed. */
  readonly pixelData?: PixelDataLocation | null;
}

/** Bytes of a location that are read with each picture: that of native pixel data, or of a few fragments. */
const SHORT = 2000;

/** One instance, without its header: the one query of an answer whose frame index is known already. */
export async function findPicture(
  pool: Pool,
  areas: readonly number[],
  { study, series, instance }: PictureSelector,
): Promise<Picture | undefined> {
  const { rows } = await pool.query<Picture>({
    name: 'find-picture',
    text: `select instance.id, instance.zone, encode(sha256, 'hex') as sha256, transfer_syntax_uid as "transferSyntaxUid",
        data_set_offset as "dataSetOffset", instance.size_bytes as size,
        case when pg_column_size(pixel_data) < ${SHORT} then pixel_data end as "pixelData"
      from instance join series on series.id = series_id join study on study.id = instance.study_id
        join instance_header on instance_id = instance.id
      where sop_instance_uid = $1 and series_instance_uid = $2 and study_instance_uid = $3 and instance.area_id = any($4::integer[])
      order by instance.zone desc, instance.area_id desc limit 1`,
    values: [instance, series, study, areas],
  });
  return rows[0];
}

/** Where the pixel data of an instance lies; undefined when it has none, or was deleted meanwhile. */
export async function findPixelData(pool: Pool, id: number): Promise<PixelDataLocation | undefined> {
  const { rows } = await pool.query<{ pixelData: PixelDataLocation | null }>({
    name: 'find-pixel-data',
    text: 'select pixel_data as "pixelData" from instance_header where instance_id = $1',
    values: [id],
  });
  return rows[0]?.pixelData ?? undefined;
}

/** An instance that stands for itself, its series or its study in a small picture. */
export interface Representative extends Picture {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly modality: string;
}

export interface RepresentativeSelector {
  readonly study: string;
  readonly series?: string;
  readonly instance?: string;
}

/** Series of these hold results and notes rather than what was imaged: others go first. */
const DERIVED = ['SEG', 'RTDOSE', 'SC', 'OT', 'PR', 'KO', 'SR', 'DOC', 'RTSTRUCT', 'RTPLAN', 'REG', 'FID'];

const representative = `instance.id, instance.zone, encode(sha256, 'hex') as sha256, transfer_syntax_uid as "transferSyntaxUid",
  data_set_offset as "dataSetOffset", instance.size_bytes as size, modality, study_instance_uid as "studyInstanceUid",
  series_instance_uid as "seriesInstanceUid", sop_instance_uid as "sopInstanceUid"`;

/**
 * The instance in the middle of a series, of a study's first series that shows something; or the one instance named.
 * Walks half of the series' index and reads one row.
 */
export async function findRepresentative(
  pool: Pool,
  areas: readonly number[],
  { study, series, instance }: RepresentativeSelector,
): Promise<Representative | undefined> {
  if (series !== undefined && instance !== undefined) return findNamed(pool, areas, { study, series, instance });
  const { rows } = await pool.query<Representative>({
    name: 'find-representative',
    text: `with chosen as (
        select series.id, study_instance_uid, series_instance_uid, modality, series.instance_count / 2 as place
        from series join study on study.id = series.study_id
        where study_instance_uid = $1 and ($2::text is null or series_instance_uid = $2) and series.area_id = any($3::integer[])
        order by has_pixels desc, modality = any($4::text[]), series.zone desc, series.area_id desc, series_number, series.id limit 1)
      select ${representative} from chosen join instance on series_id = chosen.id
      order by instance_number, instance.id offset (select place from chosen) limit 1`,
    values: [study, series ?? null, areas, DERIVED],
  });
  return rows[0];
}

async function findNamed(
  pool: Pool,
  areas: readonly number[],
  { study, series, instance }: PictureSelector,
): Promise<Representative | undefined> {
  const { rows } = await pool.query<Representative>({
    name: 'find-named-representative',
    text: `select ${representative}
      from instance join series on series.id = series_id join study on study.id = instance.study_id
      where sop_instance_uid = $1 and series_instance_uid = $2 and study_instance_uid = $3 and instance.area_id = any($4::integer[])
      order by instance.zone desc, instance.area_id desc limit 1`,
    values: [instance, series, study, areas],
  });
  return rows[0];
}
