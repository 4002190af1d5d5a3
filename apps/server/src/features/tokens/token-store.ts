import type { AccessToken, AccessTokenId, PersonId, TokenScope } from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';

declare module '../../platform/database/tables.ts' {
  interface Tables {
    access_token: AccessTokenTable;
  }
}

interface AccessTokenTable {
  id: string;
  person_id: string;
  name: string;
  token_hash: Buffer;
  ending: string;
  scopes: string[];
  created_at: Generated<Date>;
  expires_at: Date;
  last_used_at: Date | null;
}

type Db = Kysely<Tables>;

export interface NewToken {
  readonly id: AccessTokenId;
  readonly person: PersonId;
  readonly name: string;
  readonly hash: Buffer;
  readonly ending: string;
  readonly scopes: readonly TokenScope[];
  readonly expiresAt: Date;
}

const columns = ['id', 'name', 'ending', 'scopes', 'created_at', 'expires_at', 'last_used_at'] as const;
type Row = Pick<AccessTokenTable, 'id' | 'name' | 'ending' | 'scopes' | 'expires_at' | 'last_used_at'> & {
  created_at: Date;
};

const toToken = (row: Row): AccessToken => ({
  id: row.id as AccessTokenId,
  name: row.name,
  ending: row.ending,
  scopes: row.scopes as TokenScope[],
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
});

export async function insertToken(db: Db, token: NewToken): Promise<AccessToken> {
  const row = await db
    .insertInto('access_token')
    .values({
      id: token.id,
      person_id: token.person,
      name: token.name,
      token_hash: token.hash,
      ending: token.ending,
      scopes: [...token.scopes],
      expires_at: token.expiresAt,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  return toToken(row);
}

export async function selectTokens(db: Db, person: PersonId): Promise<AccessToken[]> {
  const rows = await db
    .selectFrom('access_token')
    .select(columns)
    .where('person_id', '=', person)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toToken);
}

export interface FoundToken {
  readonly person: PersonId;
  readonly scopes: readonly TokenScope[];
  readonly expiresAt: Date;
}

/** Only one that has not expired; used now, to the minute. */
export async function useTokenHash(db: Db, hash: Buffer): Promise<FoundToken | undefined> {
  const { rows } = await sql<{ person_id: string; scopes: string[]; expires_at: Date }>`
    with found as (
      select id, person_id, scopes, expires_at, last_used_at from access_token where token_hash = ${hash} and expires_at > now()
    ), used as (
      update access_token set last_used_at = now() from found
      where access_token.id = found.id and coalesce(found.last_used_at, '-infinity') < now() - interval '1 minute'
    )
    select person_id, scopes, expires_at from found`.execute(db);
  const [row] = rows;
  return row && { person: row.person_id as PersonId, scopes: row.scopes as TokenScope[], expiresAt: row.expires_at };
}

export async function deleteToken(db: Db, person: PersonId, id: AccessTokenId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('access_token')
    .where('id', '=', id)
    .where('person_id', '=', person)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Those that ended long ago; the others tell their owner that they did. */
export async function deleteOldTokens(db: Db, days: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('access_token')
    .where('expires_at', '<', sql<Date>`now() - make_interval(days => ${days})`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
