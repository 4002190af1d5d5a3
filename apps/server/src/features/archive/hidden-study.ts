import type { FastifyRequest } from 'fastify';
import type { Archive } from './archive.ts';
import { viewOf } from './view.ts';

/** Whether there is a study with this UID, but none that the caller may see. Never for an answer: only the log is told. */
export async function isHiddenStudy(archive: Archive, request: FastifyRequest, studyUid: string): Promise<boolean> {
  const { rows } = await archive.pool.query<{ hidden: boolean }>(
    `select count(*) > 0 and count(*) filter (where area_id = any($2::integer[])) = 0 as hidden from study
     where study_instance_uid = $1`,
    [studyUid, areasOf(archive, request)],
  );
  return rows[0]!.hidden;
}

function areasOf(archive: Archive, request: FastifyRequest): readonly number[] {
  try {
    return viewOf(request, archive).ids;
  } catch {
    return [];
  }
}
