import type { PersonId } from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';
import { sha256 } from '../../platform/secret.ts';

declare module '../../platform/database/tables.ts' {
  interface Tables {
    local_account: LocalAccountTable;
    recovery_code: RecoveryCodeTable;
  }
}

interface LocalAccountTable {
  person_id: string;
  password_hash: string;
  password_changed_at: Generated<Date>;
  totp_secret: string | null;
  totp_since: Date | null;
  totp_last_step: number | null;
}

interface RecoveryCodeTable {
  person_id: string;
  code_hash: Buffer;
  used_at: Date | null;
}

type Db = Kysely<Tables>;

export interface LocalAccount {
  readonly passwordHash: string;
  readonly passwordChangedAt: Date;
  /** Also while it is being set up. */
  readonly totpSecret: string | null;
  /** Null until a code has shown that it works. */
  readonly totpSince: Date | null;
}

export async function selectAccount(db: Db, person: PersonId): Promise<LocalAccount | undefined> {
  const row = await db.selectFrom('local_account').selectAll().where('person_id', '=', person).executeTakeFirst();
  return (
    row && {
      passwordHash: row.password_hash,
      passwordChangedAt: row.password_changed_at,
      totpSecret: row.totp_secret,
      totpSince: row.totp_since,
    }
  );
}

/** Sets the password, of a new account or another one for an old. */
export async function upsertPassword(db: Db, person: PersonId, passwordHash: string): Promise<void> {
  await db
    .insertInto('local_account')
    .values({ person_id: person, password_hash: passwordHash })
    .onConflict((conflict) =>
      conflict.column('person_id').doUpdateSet({ password_hash: passwordHash, password_changed_at: sql<Date>`now()` }),
    )
    .execute();
}

/** The same password, hashed anew. */
export async function updatePasswordHash(db: Db, person: PersonId, passwordHash: string): Promise<void> {
  await db.updateTable('local_account').set({ password_hash: passwordHash }).where('person_id', '=', person).execute();
}

/** Begins the setting up of a second factor. False where there is no account, or it has one already. */
export async function updateTotpSecret(db: Db, person: PersonId, secret: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('local_account')
    .set({ totp_secret: secret, totp_last_step: null })
    .where('person_id', '=', person)
    .where('totp_since', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The second factor works from now on; the codes for when it is lost replace those of before. */
export async function confirmTotp(db: Db, person: PersonId, recoveryCodes: readonly string[]): Promise<void> {
  await db.updateTable('local_account').set({ totp_since: sql<Date>`now()` }).where('person_id', '=', person).execute();
  await replaceRecoveryCodes(db, person, recoveryCodes);
}

export async function replaceRecoveryCodes(db: Db, person: PersonId, codes: readonly string[]): Promise<void> {
  await db.deleteFrom('recovery_code').where('person_id', '=', person).execute();
  if (codes.length === 0) return;
  await db
    .insertInto('recovery_code')
    .values(codes.map((code) => ({ person_id: person, code_hash: sha256(code), used_at: null })))
    .execute();
}

export async function removeTotp(db: Db, person: PersonId): Promise<void> {
  await db
    .updateTable('local_account')
    .set({ totp_secret: null, totp_since: null, totp_last_step: null })
    .where('person_id', '=', person)
    .execute();
  await replaceRecoveryCodes(db, person, []);
}

/** Takes a time step; false when it or a later one was taken before: a code works once. */
export async function takeTotpStep(db: Db, person: PersonId, step: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('local_account')
    .set({ totp_last_step: step })
    .where('person_id', '=', person)
    .where(({ or, eb }) => or([eb('totp_last_step', 'is', null), eb('totp_last_step', '<', step)]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function takeRecoveryCode(db: Db, person: PersonId, code: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('recovery_code')
    .set({ used_at: sql<Date>`now()` })
    .where('person_id', '=', person)
    .where('code_hash', '=', sha256(code))
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function countRecoveryCodes(db: Db, person: PersonId): Promise<number> {
  const { count } = await db
    .selectFrom('recovery_code')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('person_id', '=', person)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}
