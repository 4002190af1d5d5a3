import type { PersonId } from '@isocenter/contract';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';

export const RIGHTS_CHANNEL = 'isocenter_rights';

/** Has every process forget what it knows of a person's rights, or of everyone's, when the transaction commits. */
export async function rightsChanged(db: Kysely<Tables>, person: PersonId | 'everyone'): Promise<void> {
  await sql`select pg_notify(${RIGHTS_CHANNEL}, ${person})`.execute(db);
}
