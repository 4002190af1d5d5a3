import { getStudy, listStudies, type SeriesRow } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/database/database.ts';
import { endpoint, Problem } from '../../../platform/http/index.ts';
import type { Archive } from '../archive.ts';
import { viewOf } from '../view.ts';
import { findStudyRow, listStudyRows, nameText, textOf } from './study-list-store.ts';

/** What the pages list. */
export function studyRoutes(app: FastifyInstance, archive: Archive): void {
  endpoint(app, listStudies, ({ query }, { request }) =>
    listStudyRows(archive.db, viewOf(request, archive).ids, query),
  );
  endpoint(app, getStudy, async ({ params }, { request }) => {
    const study = await findStudyRow(archive.db, viewOf(request, archive).ids, params.studyUid);
    if (!study) throw new Problem('not-found', { what: 'study' });
    const { id, attributes, ...row } = study;
    return {
      ...row,
      referringPhysician: nameText(attributes['00080090']?.Value?.[0]),
      studyId: textOf(attributes, '00200010'),
      series: await seriesRows(archive.db, id),
    };
  });
}

type Stored = Omit<SeriesRow, 'description' | 'bodyPart' | 'manufacturer' | 'model' | 'protocol' | 'receivedAt'> & {
  readonly receivedAt: Date;
  readonly attributes: Record<string, { Value?: unknown[] }>;
};

async function seriesRows(db: Kysely<Tables>, studyId: number): Promise<SeriesRow[]> {
  const { rows } = await sql<Stored>`
    select series_instance_uid as "seriesInstanceUid", modality, series_number as number, instance_count as "instanceCount",
      frame_count as "frameCount", rows, columns, size_bytes as "sizeBytes", transfer_syntax_uids as "transferSyntaxUids",
      sop_class_uids as "sopClassUids", has_pixels as "hasPixels", received_at as "receivedAt", attributes
    from series where study_id = ${studyId} order by series_number nulls last, id`.execute(db);
  return rows.map(({ attributes, ...row }) => ({
    ...row,
    description: textOf(attributes, '0008103E'),
    bodyPart: textOf(attributes, '00180015'),
    manufacturer: textOf(attributes, '00080070'),
    model: textOf(attributes, '00081090'),
    protocol: textOf(attributes, '00181030'),
    receivedAt: row.receivedAt.toISOString(),
  }));
}
