import type { JWK } from 'jose';
import type { Generated, Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Tables } from '../database/tables.ts';

declare module '../database/tables.ts' {
  interface Tables {
    signing_key: SigningKeyTable;
    shared_secret: SharedSecretTable;
  }
}

interface SigningKeyTable {
  id: string;
  purpose: string;
  private_jwk: unknown;
  created_at: Generated<Date>;
}

interface SharedSecretTable {
  name: string;
  value: string;
}

type Db = Kysely<Tables>;

export interface StoredKey {
  readonly id: string;
  readonly privateJwk: JWK;
  /** Of the database's clock. */
  readonly ageSeconds: number;
}

/** The newest first. */
export async function selectKeys(db: Db, purpose: string): Promise<StoredKey[]> {
  const rows = await db
    .selectFrom('signing_key')
    .select(['id', 'private_jwk', sql<number>`extract(epoch from now() - created_at)::float8`.as('age')])
    .where('purpose', '=', purpose)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(({ id, private_jwk, age }) => ({ id, privateJwk: private_jwk as JWK, ageSeconds: age }));
}

export const KEY_CHANNEL = 'isocenter_key';

export async function insertKey(db: Db, purpose: string, id: string, privateJwk: JWK): Promise<void> {
  await db
    .insertInto('signing_key')
    .values({ id, purpose, private_jwk: JSON.stringify(privateJwk) })
    .execute();
  await sql`select pg_notify(${KEY_CHANNEL}, ${purpose})`.execute(db);
}

export async function deleteKeys(db: Db, purpose: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.deleteFrom('signing_key').where('purpose', '=', purpose).where('id', 'in', ids).execute();
  await sql`select pg_notify(${KEY_CHANNEL}, ${purpose})`.execute(db);
}

/** Held while keys are made, so that of several processes one makes them. */
export async function lockKeys(db: Db, purpose: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`signing keys of ${purpose}`}, 0))`.execute(db);
}

/** The secret of a name: the first one that any process proposed. */
export async function sharedSecret(db: Db, name: string, proposed: string): Promise<string> {
  await db
    .insertInto('shared_secret')
    .values({ name, value: proposed })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { value } = await db
    .selectFrom('shared_secret')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return value;
}
