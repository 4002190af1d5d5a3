import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/database/tables.ts';
import { sha256 } from '../../../platform/secret.ts';

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    sign_in: SignInTable;
    used_token: UsedTokenTable;
  }
}

interface SignInTable {
  key_hash: Buffer;
  state: string;
  nonce: string;
  code_verifier: string;
  return_to: string;
  redirect_uri: string;
  link_id: string | null;
  expires_at: Date;
}

interface UsedTokenTable {
  id_hash: Buffer;
  expires_at: Date;
}

type Db = Kysely<Tables>;

/** A sign-in under way: what the provider's answer must match. */
export interface SignInUnderWay {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly returnTo: string;
  readonly redirectUri: string;
  /** The invitation that it accepts. */
  readonly linkId: string | null;
}

/** Long enough to look for the telephone with the second factor. */
const LIFE_MINUTES = 30;

export async function insertSignIn(db: Db, key: string, signIn: SignInUnderWay): Promise<void> {
  await db
    .insertInto('sign_in')
    .values({
      key_hash: sha256(key),
      state: signIn.state,
      nonce: signIn.nonce,
      code_verifier: signIn.codeVerifier,
      return_to: signIn.returnTo,
      redirect_uri: signIn.redirectUri,
      link_id: signIn.linkId,
      expires_at: sql`now() + make_interval(mins => ${LIFE_MINUTES})`,
    })
    .execute();
}

/** Takes it away: an answer is looked at once, right or wrong. */
export async function takeSignIn(db: Db, key: string): Promise<SignInUnderWay | undefined> {
  const row = await db
    .deleteFrom('sign_in')
    .where('key_hash', '=', sha256(key))
    .where('expires_at', '>', sql<Date>`now()`)
    .returningAll()
    .executeTakeFirst();
  return (
    row && {
      state: row.state,
      nonce: row.nonce,
      codeVerifier: row.code_verifier,
      returnTo: row.return_to,
      redirectUri: row.redirect_uri,
      linkId: row.link_id,
    }
  );
}

/** False when the token was used before: it works once until it expires (seconds since 1970). */
export async function useToken(db: Db, id: string, expiresAt: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('used_token')
    .values({ id_hash: sha256(id), expires_at: sql`to_timestamp(${expiresAt}) + interval '1 minute'` })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

export async function deleteExpiredSignIns(db: Db): Promise<number> {
  const signIns = await db.deleteFrom('sign_in').where('expires_at', '<=', sql<Date>`now()`).executeTakeFirst();
  const used = await db.deleteFrom('used_token').where('expires_at', '<=', sql<Date>`now()`).executeTakeFirst();
  return Number(signIns.numDeletedRows + used.numDeletedRows);
}
