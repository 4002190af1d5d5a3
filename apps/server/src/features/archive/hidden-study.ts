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

/** The project whose study this is for the caller; undefined when it is none's, or several have it. */
export async function projectOfStudy(
  archive: Archive,
  request: FastifyRequest,
  studyUid: string,
): Promise<string | undefined> {
  const { rows } = await archive.pool.query<{ project: string | null }>(
    `select distinct project_id as project from study join area on area.id = area_id
     where study_instance_uid = $1 and area_id = any($2::integer[])`,
    [studyUid, areasOf(archive, request)],
  );
  return rows.length === 1 ? (rows[0]!.project ?? undefined) : undefined;
}

function areasOf(archive: Archive, request: FastifyRequest): readonly number[] {
  try {
    return viewOf(request, archive).ids;
  } catch {
    return [];
  }
}
