import type { PersonId, Role } from '@isocenter/contract';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/database/tables.ts';

/** People of the demo have e-mail addresses of this domain, which is nobody's (RFC 2606). */
export const DEMO_DOMAIN = 'demo.isocenter.example';

export interface DemoPerson {
  readonly id: PersonId;
  readonly name: string;
  readonly role: Role;
}

/** Everyone of the demo with the first of their roles. */
export async function selectDemoPeople(db: Kysely<Tables>): Promise<DemoPerson[]> {
  const { rows } = await sql<DemoPerson>`
    select person.id, person.name, coalesce(node_roles[1], (
      select role from membership where person_id = person.id order by created_at, id limit 1
    )) as role
    from person
    where email like ${`%@${DEMO_DOMAIN}`} and state = 'active'
    order by created_at, id`.execute(db);
  return rows.filter(({ role }) => role !== null);
}
