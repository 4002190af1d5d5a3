import type { Zone } from '@isocenter/contract';
import type { Pool } from 'pg';
import { claimForCleaning } from '../ingest/claim-store.ts';
import type { InstanceSelector } from '../retrieve/instance-store.ts';

/**
 * Deletes what a selector names, in every zone given, in one transaction: index first, objects afterwards by the
 * cleaner, and only those that nothing else refers to.
 *
 * @returns how many instances were deleted.
 */
export async function deleteInstances(
  pool: Pool,
  zones: readonly Zone[],
  { study, series, instance }: InstanceSelector,
): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(
      'select lock_studies(array(select (zone, $2)::study_name from unnest($1::zone[]) as each (zone)))',
      [zones, study],
    );
    const { rows } = await client.query<{
      sha256: Buffer;
      series_id: number;
      study_id: number;
      size: number;
      frames: number;
    }>(
      `with parents as (
         select series.id from series join study on study.id = series.study_id
         where study_instance_uid = $1 and ($2::text is null or series_instance_uid = $2) and series.zone = any($4::zone[])
       )
       delete from instance where series_id in (select id from parents) and ($3::text is null or sop_instance_uid = $3)
       returning sha256, series_id, study_id`,
      [study, series ?? null, instance ?? null, zones],
    );
    if (rows.length > 0) {
      await recount(
        client,
        [...new Set(rows.map((row) => row.series_id))],
        [...new Set(rows.map((row) => row.study_id))],
      );
      await claimForCleaning(
        client,
        rows.map(({ sha256 }) => sha256),
      );
    }
    await client.query('commit');
    return rows.length;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

type Client = Parameters<typeof claimForCleaning>[0];

async function recount(client: Client, series: readonly number[], studies: readonly number[]): Promise<void> {
  await client.query(
    `update series set revision = revision + 1,
       (instance_count, size_bytes, frame_count, has_pixels, sop_class_uids, transfer_syntax_uids) = (
       select count(*), coalesce(sum(instance.size_bytes), 0),
         coalesce(sum(coalesce(number_of_frames, 1)) filter (where instance_header.pixel_data is not null), 0),
         coalesce(bool_or(instance_header.pixel_data is not null), false),
         coalesce(array_agg(distinct sop_class_uid order by sop_class_uid), '{}'),
         coalesce(array_agg(distinct transfer_syntax_uid order by transfer_syntax_uid), '{}')
       from instance join instance_header on instance_id = instance.id where series_id = series.id)
     where id = any($1::bigint[])`,
    [series],
  );
  await client.query('delete from series where id = any($1::bigint[]) and instance_count = 0', [series]);
  await client.query(
    `update study set (instance_count, size_bytes, series_count, modalities) = (
       select coalesce(sum(instance_count), 0), coalesce(sum(size_bytes), 0), count(*),
         coalesce(array_agg(distinct modality order by modality) filter (where modality <> ''), '{}')
       from series where study_id = study.id),
       sop_class_uids = (select coalesce(array_agg(distinct uid order by uid), '{}')
         from series, unnest(series.sop_class_uids) as uid where study_id = study.id),
       revision = revision + 1, changed_at = now()
     where id = any($1::bigint[])`,
    [studies],
  );
  await client.query('delete from study where id = any($1::bigint[]) and instance_count = 0', [studies]);
}
