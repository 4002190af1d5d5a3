import { type Actor, type LogObject, parseSha256, type Zone } from '@isocenter/contract';
import type { Pool } from 'pg';
import type { Draft, Tracer } from '../../../platform/tracer/index.ts';
import { claimForCleaning } from '../ingest/claim-store.ts';
import type { InstanceSelector } from '../retrieve/instance-store.ts';

/** Who deletes, and where it is written down. */
export interface Deleting {
  readonly tracer: Tracer;
  readonly actor: Actor;
}

interface DeletedRow {
  readonly sop_instance_uid: string;
  readonly zone: Zone;
  readonly project: string | null;
  readonly sha256: Buffer;
  readonly series_id: number;
  readonly study_id: number;
}

/**
 * Deletes what a selector names, in every area given, in one transaction: index first, objects afterwards by the
 * cleaner, and only those that nothing else refers to.
 *
 * @returns how many instances were deleted.
 */
export async function deleteInstances(
  pool: Pool,
  { tracer, actor }: Deleting,
  areas: readonly number[],
  { study, series, instance }: InstanceSelector,
): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(
      'select lock_studies(array(select (area, $2)::study_place from unnest($1::integer[]) as each (area)))',
      [areas, study],
    );
    const { rows } = await client.query<DeletedRow>(
      `with parents as (
         select series.id from series join study on study.id = series.study_id
         where study_instance_uid = $1 and ($2::text is null or series_instance_uid = $2) and series.area_id = any($4::integer[])
       )
       delete from instance where series_id in (select id from parents) and ($3::text is null or sop_instance_uid = $3)
       returning sop_instance_uid, zone, sha256, series_id, study_id,
         (select project_id from area where area.id = instance.area_id) as project`,
      [study, series ?? null, instance ?? null, areas],
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
      await tracer.record(client, ...entriesOf(actor, { study, ...(series !== undefined && { series }) }, rows));
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

/** Instances of one entry of the log: 130 bytes each. */
const TOGETHER = 400;

function entriesOf(actor: Actor, { study, series }: InstanceSelector, rows: readonly DeletedRow[]): Draft[] {
  const parents: LogObject[] = [
    { kind: 'study', id: study },
    ...(series === undefined ? [] : [{ kind: 'series' as const, id: series }]),
  ];
  return [...Map.groupBy(rows, ({ zone, project }) => `${zone} ${project}`).values()].flatMap((deleted) => {
    const [{ zone, project }] = deleted as [DeletedRow, ...DeletedRow[]];
    const drafts: Draft[] = [];
    for (let from = 0; from < deleted.length; from += TOGETHER) {
      const instances = deleted.slice(from, from + TOGETHER).map(({ sop_instance_uid, sha256 }) => ({
        kind: 'instance' as const,
        id: sop_instance_uid,
        hash: parseSha256(sha256.toString('hex')),
      }));
      drafts.push({
        actor,
        action: 'study.delete',
        zone,
        ...(project !== null && { project }),
        objects: [...parents, ...instances],
      });
    }
    return drafts;
  });
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
