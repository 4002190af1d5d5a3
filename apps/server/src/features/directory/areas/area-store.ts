import type { AreaId, ProjectId, SiteId, Zone } from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/database/tables.ts';

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    area: AreaTable;
  }
}

interface AreaTable {
  id: Generated<number>;
  zone: Zone;
  project_id: string | null;
  site_id: string | null;
}

/** The place of a zone's data that belong to one project and site; without both they are the administrator's only. */
export interface Area {
  readonly id: AreaId;
  readonly zone: Zone;
  readonly project: ProjectId | null;
  readonly site: SiteId | null;
}

export async function selectAreas(db: Kysely<Tables>): Promise<Area[]> {
  const rows = await db.selectFrom('area').select(['id', 'zone', 'project_id', 'site_id']).orderBy('id').execute();
  return rows.map(({ id, zone, project_id, site_id }) => ({
    id: id as AreaId,
    zone,
    project: project_id as ProjectId | null,
    site: site_id as SiteId | null,
  }));
}

export const AREA_CHANNEL = 'isocenter_area';

/** Every zone gets its place for the data of a site that takes part in a project. */
export async function insertAreas(
  db: Kysely<Tables>,
  zones: readonly Zone[],
  project: ProjectId,
  site: SiteId,
): Promise<void> {
  await db
    .insertInto('area')
    .values(zones.map((zone) => ({ zone, project_id: project, site_id: site })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await sql`select pg_notify(${AREA_CHANNEL}, '')`.execute(db);
}

/** Undefined when something lies in one of them. */
export async function deleteAreas(db: Kysely<Tables>, project: ProjectId, site: SiteId): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from area join study on study.area_id = area.id
      where area.project_id = ${project} and area.site_id = ${site}) as used`.execute(db);
  if (rows[0]?.used) return false;
  await db.deleteFrom('area').where('project_id', '=', project).where('site_id', '=', site).execute();
  await sql`select pg_notify(${AREA_CHANNEL}, '')`.execute(db);
  return true;
}
