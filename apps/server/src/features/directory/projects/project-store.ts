import type {
  Membership,
  MembershipId,
  PersonId,
  Project,
  ProjectId,
  ProjectRole,
  Site,
  SiteId,
} from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/database/tables.ts';

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    project: ProjectTable;
    project_site: ProjectSiteTable;
  }
}

interface ProjectTable {
  id: string;
  code: string;
  name: string;
  description: Generated<string>;
  created_at: Generated<Date>;
}

interface ProjectSiteTable {
  project_id: string;
  site_id: string;
}

type Db = Kysely<Tables>;

/** All of them, or those named. */
export async function selectProjects(db: Db, ids?: readonly ProjectId[]): Promise<Project[]> {
  let query = db
    .selectFrom('project')
    .select((eb) => [
      'id',
      'code',
      'name',
      'description',
      eb
        .selectFrom('membership')
        .select(sql<number>`count(distinct person_id)`.as('members'))
        .whereRef('project_id', '=', 'project.id')
        .as('members'),
    ])
    .orderBy(sql`lower(name)`)
    .orderBy('id');
  if (ids !== undefined) {
    if (ids.length === 0) return [];
    query = query.where('id', 'in', ids);
  }
  const [rows, sites] = await Promise.all([query.execute(), selectProjectSites(db)]);
  return rows.map((row) => ({
    id: row.id as ProjectId,
    code: row.code,
    name: row.name,
    description: row.description,
    members: row.members ?? 0,
    sites: sites.filter(({ projectId }) => projectId === row.id).map(({ site }) => site),
  }));
}

async function selectProjectSites(db: Db): Promise<{ projectId: string; site: Site }[]> {
  const rows = await db
    .selectFrom('project_site')
    .innerJoin('site', 'site.id', 'project_site.site_id')
    .select(['project_id', 'site.id', 'site.code', 'site.name', 'site.organisation_id'])
    .orderBy('site.code')
    .execute();
  return rows.map((row) => ({
    projectId: row.project_id,
    site: {
      id: row.id as SiteId,
      code: row.code,
      name: row.name,
      organisationId: row.organisation_id as Site['organisationId'],
    },
  }));
}

export async function selectMemberships(db: Db, project: ProjectId): Promise<Membership[]> {
  const rows = await db
    .selectFrom('membership')
    .innerJoin('person', 'person.id', 'membership.person_id')
    .select(['membership.id', 'person_id', 'person.name', 'role', 'site_id'])
    .where('project_id', '=', project)
    .orderBy(sql`lower(person.name)`)
    .orderBy('role')
    .orderBy('membership.id')
    .execute();
  return rows.map((row) => ({
    id: row.id as MembershipId,
    personId: row.person_id as PersonId,
    personName: row.name,
    role: row.role as ProjectRole,
    siteId: row.site_id as SiteId | null,
  }));
}

export async function insertProject(
  db: Db,
  project: { id: ProjectId; code: string; name: string; description?: string | undefined },
): Promise<void> {
  const { id, code, name, description = '' } = project;
  await db.insertInto('project').values({ id, code, name, description }).execute();
}

export async function updateProjectRow(
  db: Db,
  id: ProjectId,
  { name, description }: { name?: string | undefined; description?: string | undefined },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('project')
    .set({ id, ...(name !== undefined && { name }), ...(description !== undefined && { description }) })
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function insertProjectSite(db: Db, project: ProjectId, site: SiteId): Promise<void> {
  await db
    .insertInto('project_site')
    .values({ project_id: project, site_id: site })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function deleteProjectSite(db: Db, project: ProjectId, site: SiteId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('project_site')
    .where('project_id', '=', project)
    .where('site_id', '=', site)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export interface NewMembership {
  readonly id: MembershipId;
  readonly personId: PersonId;
  readonly projectId: ProjectId;
  readonly role: ProjectRole;
  readonly siteId: SiteId | null;
}

export async function insertMembership(
  db: Db,
  { id, personId, projectId, role, siteId }: NewMembership,
): Promise<void> {
  await db
    .insertInto('membership')
    .values({ id, person_id: personId, project_id: projectId, role, site_id: siteId })
    .execute();
}

/** What it was; undefined when there is no such membership. */
export async function deleteMembership(
  db: Db,
  project: ProjectId,
  id: MembershipId,
): Promise<Omit<NewMembership, 'id' | 'projectId'> | undefined> {
  const row = await db
    .deleteFrom('membership')
    .where('id', '=', id)
    .where('project_id', '=', project)
    .returning(['person_id', 'role', 'site_id'])
    .executeTakeFirst();
  return (
    row && {
      personId: row.person_id as PersonId,
      role: row.role as ProjectRole,
      siteId: row.site_id as SiteId | null,
    }
  );
}
