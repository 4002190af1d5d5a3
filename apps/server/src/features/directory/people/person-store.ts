import type {
  MembershipId,
  NodeRole,
  OrganisationId,
  Person,
  PersonDetail,
  PersonId,
  PersonState,
  ProjectId,
  ProjectRole,
  SiteId,
} from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/database/tables.ts';

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    person: PersonTable;
    membership: MembershipTable;
  }
}

interface PersonTable {
  id: string;
  name: string;
  email: string;
  state: PersonState;
  organisation_id: string | null;
  organisation_name: Generated<string>;
  purpose: Generated<string>;
  node_roles: Generated<string[]>;
  created_at: Generated<Date>;
  last_signed_in_at: Date | null;
}

interface MembershipTable {
  id: string;
  person_id: string;
  project_id: string;
  role: string;
  site_id: string | null;
  created_at: Generated<Date>;
}

type Db = Kysely<Tables>;

export interface NewPerson {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string;
  readonly state: PersonState;
  readonly organisationId?: OrganisationId | null;
  readonly organisationName?: string;
  readonly purpose?: string;
  readonly nodeRoles?: readonly NodeRole[];
}

/** False when someone has the e-mail address already. */
export async function insertPerson(db: Db, person: NewPerson): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('person')
    .values({
      id: person.id,
      name: person.name,
      email: person.email,
      state: person.state,
      organisation_id: person.organisationId ?? null,
      organisation_name: person.organisationName ?? '',
      purpose: person.purpose ?? '',
      node_roles: [...(person.nodeRoles ?? [])],
    })
    .onConflict((conflict) => conflict.expression(sql`lower(email)`).where('email', '<>', '').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

const columns = [
  'id',
  'name',
  'email',
  'state',
  'organisation_id',
  // What they wrote themselves, until one is chosen.
  sql<string>`coalesce((select o.name from organisation o where o.id = organisation_id), organisation_name)`.as(
    'organisation_name',
  ),
  'purpose',
  'node_roles',
  'created_at',
  'last_signed_in_at',
] as const;

type PersonRow = Pick<PersonTable, 'id' | 'name' | 'email' | 'state' | 'organisation_id' | 'last_signed_in_at'> & {
  organisation_name: string;
  purpose: string;
  node_roles: string[];
  created_at: Date;
};

const toPerson = (row: PersonRow): Person => ({
  id: row.id as PersonId,
  name: row.name,
  email: row.email,
  state: row.state,
  organisationId: row.organisation_id as OrganisationId | null,
  organisationName: row.organisation_name,
  purpose: row.purpose,
  nodeRoles: row.node_roles as NodeRole[],
  createdAt: row.created_at.toISOString(),
  lastSignedInAt: row.last_signed_in_at?.toISOString() ?? null,
});

export async function selectPerson(db: Db, id: PersonId): Promise<Person | undefined> {
  const row = await db.selectFrom('person').select(columns).where('id', '=', id).executeTakeFirst();
  return row && toPerson(row);
}

export async function selectPersonByEmail(db: Db, email: string): Promise<Person | undefined> {
  const row = await db
    .selectFrom('person')
    .select(columns)
    .where(sql`lower(email)`, '=', sql`lower(${email})`)
    .executeTakeFirst();
  return row && toPerson(row);
}

export interface PeopleFilter {
  readonly q?: string | undefined;
  readonly state: readonly PersonState[];
  readonly offset: number;
  readonly limit: number;
}

/** Those who wait come first, then the newest. */
export async function selectPeople(db: Db, filter: PeopleFilter): Promise<{ items: Person[]; total: number }> {
  let found = db.selectFrom('person');
  if (filter.state.length > 0) found = found.where('state', 'in', filter.state);
  if (filter.q !== undefined) {
    const pattern = `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`;
    found = found.where(({ or, eb }) => or([eb('name', 'ilike', pattern), eb('email', 'ilike', pattern)]));
  }
  const [rows, { total }] = await Promise.all([
    found
      .select(columns)
      .orderBy(sql`state <> 'waiting'`)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .offset(filter.offset)
      .limit(filter.limit)
      .execute(),
    found.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  return { items: rows.map(toPerson), total };
}

export async function selectPersonDetail(db: Db, id: PersonId): Promise<PersonDetail | undefined> {
  const person = await selectPerson(db, id);
  return person && { ...person, memberships: await selectMembershipsOf(db, id) };
}

export async function selectMembershipsOf(db: Db, id: PersonId): Promise<PersonDetail['memberships']> {
  const rows = await db
    .selectFrom('membership')
    .innerJoin('project', 'project.id', 'membership.project_id')
    .leftJoin('site', 'site.id', 'membership.site_id')
    .select([
      'membership.id',
      'membership.project_id',
      'project.name as project_name',
      'membership.role',
      'membership.site_id',
      'site.name as site_name',
    ])
    .where('membership.person_id', '=', id)
    .orderBy('project.name')
    .orderBy('membership.role')
    .orderBy('membership.id')
    .execute();
  return rows.map((row) => ({
    id: row.id as MembershipId,
    projectId: row.project_id as ProjectId,
    projectName: row.project_name,
    role: row.role as ProjectRole,
    siteId: row.site_id as SiteId | null,
    siteName: row.site_name,
  }));
}

export interface PersonChange {
  readonly name?: string | undefined;
  /** Refused by the database when someone else has it. */
  readonly email?: string;
  readonly organisationId?: OrganisationId | null | undefined;
  readonly nodeRoles?: readonly NodeRole[] | undefined;
  readonly state?: PersonState;
}

export async function updatePersonRow(db: Db, id: PersonId, change: PersonChange): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('person')
    .set({
      id,
      ...(change.name !== undefined && { name: change.name }),
      ...(change.email !== undefined && { email: change.email }),
      ...(change.organisationId !== undefined && { organisation_id: change.organisationId }),
      ...(change.nodeRoles !== undefined && { node_roles: [...new Set(change.nodeRoles)] }),
      ...(change.state !== undefined && { state: change.state }),
    })
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Noted with the session that begins. */
export async function updateLastSignIn(db: Db, id: PersonId): Promise<void> {
  await db.updateTable('person').set({ last_signed_in_at: sql`now()` }).where('id', '=', id).execute();
}

/** Whether someone who can sign in administers the node; roles by another provider's groups count too. */
export async function hasAdministrator(db: Db): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (
      select from person left join external_identity on person_id = person.id
      where state = 'active' and ('administrator' = any(node_roles) or holdings @> '[{"role": "administrator"}]')
    ) as found`.execute(db);
  return rows[0]!.found;
}
