import type { DatasetGrant, Holding, PersonId } from '@isocenter/contract';
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
  grants: Generated<unknown>;
  created_at: Generated<Date>;
}

type Db = Kysely<Tables>;

/** Who someone is for another provider, with the roles that its groups stand for and the datasets that visas grant. */
export interface ExternalIdentity {
  readonly person: PersonId;
  readonly holdings: readonly Holding[];
  readonly grants: readonly DatasetGrant[];
}

export async function selectIdentity(db: Db, issuer: string, subject: string): Promise<ExternalIdentity | undefined> {
  const row = await db
    .selectFrom('external_identity')
    .select(['person_id', 'holdings', 'grants'])
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return (
    row && {
      person: row.person_id as PersonId,
      holdings: row.holdings as Holding[],
      grants: row.grants as DatasetGrant[],
    }
  );
}

export async function upsertIdentity(
  db: Db,
  issuer: string,
  subject: string,
  { person, holdings, grants }: ExternalIdentity,
): Promise<void> {
  const values = { person_id: person, holdings: JSON.stringify(holdings), grants: JSON.stringify(grants) };
  await db
    .insertInto('external_identity')
    .values({ issuer, subject, ...values })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doUpdateSet(values))
    .execute();
}

/** What all of a person's identities bring along. */
export async function selectMappedRights(
  db: Db,
  person: PersonId,
): Promise<{ readonly holdings: Holding[]; readonly grants: DatasetGrant[] }> {
  const rows = await db
    .selectFrom('external_identity')
    .select(['holdings', 'grants'])
    .where('person_id', '=', person)
    .execute();
  return {
    holdings: rows.flatMap(({ holdings }) => holdings as Holding[]),
    grants: rows.flatMap(({ grants }) => grants as DatasetGrant[]),
  };
}
