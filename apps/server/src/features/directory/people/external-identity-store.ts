import type { Holding, PersonId } from '@isocenter/contract';
import type { Generated, Kysely } from 'kysely';
import type { Tables } from '../../../platform/database/tables.ts';

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    external_identity: ExternalIdentityTable;
  }
}

interface ExternalIdentityTable {
  issuer: string;
  subject: string;
  person_id: string;
  holdings: Generated<unknown>;
  created_at: Generated<Date>;
}

type Db = Kysely<Tables>;

/** Who someone is for another provider, with the roles that its groups stand for. */
export interface ExternalIdentity {
  readonly person: PersonId;
  readonly holdings: readonly Holding[];
}

export async function selectIdentity(db: Db, issuer: string, subject: string): Promise<ExternalIdentity | undefined> {
  const row = await db
    .selectFrom('external_identity')
    .select(['person_id', 'holdings'])
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row && { person: row.person_id as PersonId, holdings: row.holdings as Holding[] };
}

export async function upsertIdentity(
  db: Db,
  issuer: string,
  subject: string,
  { person, holdings }: ExternalIdentity,
): Promise<void> {
  const values = { person_id: person, holdings: JSON.stringify(holdings) };
  await db
    .insertInto('external_identity')
    .values({ issuer, subject, ...values })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doUpdateSet(values))
    .execute();
}

/** What the groups of all of a person's identities stand for. */
export async function selectMappedHoldings(db: Db, person: PersonId): Promise<Holding[]> {
  const rows = await db.selectFrom('external_identity').select('holdings').where('person_id', '=', person).execute();
  return rows.flatMap(({ holdings }) => holdings as Holding[]);
}
