import type { Organisation, OrganisationId, Site, SiteId } from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/database/tables.ts';

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    organisation: OrganisationTable;
    site: SiteTable;
  }
}

interface OrganisationTable {
  id: string;
  name: string;
  created_at: Generated<Date>;
}

interface SiteTable {
  id: string;
  organisation_id: string;
  code: string;
  name: string;
  created_at: Generated<Date>;
}

type Db = Kysely<Tables>;

export async function selectOrganisations(db: Db, id?: OrganisationId): Promise<Organisation[]> {
  let query = db
    .selectFrom('organisation')
    .select((eb) => [
      'id',
      'name',
      eb
        .selectFrom('person')
        .select(({ fn }) => fn.countAll<number>().as('people'))
        .whereRef('person.organisation_id', '=', 'organisation.id')
        .as('people'),
    ])
    .orderBy(sql`lower(name)`)
    .orderBy('id');
  if (id !== undefined) query = query.where('id', '=', id);
  const [rows, sites] = await Promise.all([query.execute(), selectSites(db)]);
  return rows.map((row) => ({
    id: row.id as OrganisationId,
    name: row.name,
    people: row.people ?? 0,
    sites: sites.filter((site) => site.organisationId === row.id),
  }));
}

export async function selectSites(db: Db, ids?: readonly string[]): Promise<Site[]> {
  let query = db.selectFrom('site').select(['id', 'organisation_id', 'code', 'name']).orderBy('code');
  if (ids !== undefined) query = query.where('id', 'in', ids.length > 0 ? ids : [null as never]);
  const rows = await query.execute();
  return rows.map(({ id, organisation_id, code, name }) => ({
    id: id as SiteId,
    code,
    name,
    organisationId: organisation_id as OrganisationId,
  }));
}

export async function insertOrganisation(db: Db, organisation: { id: string; name: string }): Promise<void> {
  await db.insertInto('organisation').values(organisation).execute();
}

export async function updateOrganisationName(db: Db, id: OrganisationId, name: string): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('organisation').set({ name }).where('id', '=', id).executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function deleteOrganisationRow(db: Db, id: OrganisationId): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('organisation').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function insertSite(
  db: Db,
  { id, organisationId, code, name }: { id: string; organisationId: OrganisationId; code: string; name: string },
): Promise<void> {
  await db.insertInto('site').values({ id, organisation_id: organisationId, code, name }).execute();
}

export async function updateSiteName(db: Db, id: SiteId, name: string): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('site').set({ name }).where('id', '=', id).executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function deleteSiteRow(db: Db, id: SiteId): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('site').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function selectOrganisationName(db: Db, id: OrganisationId): Promise<string | undefined> {
  const row = await db.selectFrom('organisation').select('name').where('id', '=', id).executeTakeFirst();
  return row?.name;
}
