import type { PersonId, Terms } from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';

declare module '../../platform/database/tables.ts' {
  interface Tables {
    terms_version: TermsVersionTable;
    terms_acceptance: TermsAcceptanceTable;
  }
}

interface TermsVersionTable {
  version: number;
  text: string;
  published_at: Generated<Date>;
}

interface TermsAcceptanceTable {
  person_id: string;
  version: number;
  accepted_at: Generated<Date>;
}

type Db = Kysely<Tables>;

/** The current version; undefined when there are no terms. */
export async function selectTerms(db: Db): Promise<Terms | undefined> {
  const row = await db.selectFrom('terms_version').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst();
  return row && { version: row.version, text: row.text, publishedAt: row.published_at.toISOString() };
}

/** Adds a version after all others. Two at once get one after the other. */
export async function insertTerms(db: Db, text: string): Promise<Terms> {
  await sql`lock table terms_version in share row exclusive mode`.execute(db);
  const row = await db
    .insertInto('terms_version')
    .values({ version: sql<number>`(select coalesce(max(version), 0) + 1 from terms_version)`, text })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { version: row.version, text: row.text, publishedAt: row.published_at.toISOString() };
}

export interface Acceptance {
  readonly version: number;
  readonly acceptedAt: Date;
}

/** The latest version that someone accepted. */
export async function selectAcceptance(db: Db, person: PersonId): Promise<Acceptance | undefined> {
  const row = await db
    .selectFrom('terms_acceptance')
    .select(['version', 'accepted_at'])
    .where('person_id', '=', person)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { version: row.version, acceptedAt: row.accepted_at };
}

/** False when it was accepted before. */
export async function insertAcceptance(db: Db, person: PersonId, version: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('terms_acceptance')
    .values({ person_id: person, version })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}
