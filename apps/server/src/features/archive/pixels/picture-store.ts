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
}

/** One instance, without its header: the one query of an answer whose frame index is known already. */
export async function findPicture(
  pool: Pool,
  zones: readonly Zone[],
  { study, series, instance }: PictureSelector,
): Promise<Picture | undefined> {
  const { rows } = await pool.query<Picture>({
    name: 'find-picture',
    text: `select instance.id, instance.zone, encode(sha256, 'hex') as sha256, transfer_syntax_uid as "transferSyntaxUid",
        data_set_offset as "dataSetOffset", instance.size_bytes as size
      from instance join series on series.id = series_id join study on study.id = instance.study_id
      where sop_instance_uid = $1 and series_instance_uid = $2 and study_instance_uid = $3 and instance.zone = any($4::zone[])
      order by instance.zone desc limit 1`,
    values: [instance, series, study, zones],
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
