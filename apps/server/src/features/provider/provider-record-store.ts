import type { PersonId } from '@isocenter/contract';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';
import { sha256 } from '../../platform/secret.ts';

declare module '../../platform/database/tables.ts' {
  interface Tables {
    provider_record: ProviderRecordTable;
  }
}

interface ProviderRecordTable {
  kind: string;
  id_hash: Buffer;
  payload: unknown;
  account_id: string | null;
  grant_id: string | null;
  uid: string | null;
  user_code: string | null;
  consumed_at: Date | null;
  expires_at: Date;
}

type Db = Kysely<Tables>;

/** What the provider keeps of one of its sessions, codes, grants or tokens. */
export interface ProviderRecord {
  readonly payload: Record<string, unknown>;
  /** Seconds since 1970. */
  readonly consumed?: number;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export async function upsertRecord(
  db: Db,
  kind: string,
  id: string,
  payload: Readonly<Record<string, unknown>>,
  seconds: number,
): Promise<void> {
  const values = {
    payload: JSON.stringify(payload),
    account_id: text(payload.accountId),
    grant_id: text(payload.grantId),
    uid: text(payload.uid),
    user_code: text(payload.userCode),
    expires_at: sql<Date>`now() + make_interval(secs => ${seconds})`,
  };
  await db
    .insertInto('provider_record')
    .values({ kind, id_hash: sha256(id), ...values, consumed_at: null })
    .onConflict((conflict) => conflict.columns(['kind', 'id_hash']).doUpdateSet(values))
    .execute();
}

export type RecordKey = { readonly id: string } | { readonly uid: string } | { readonly userCode: string };

export async function selectRecord(db: Db, kind: string, key: RecordKey): Promise<ProviderRecord | undefined> {
  let query = db
    .selectFrom('provider_record')
    .select(['payload', sql<number | null>`extract(epoch from consumed_at)::bigint`.as('consumed')])
    .where('kind', '=', kind)
    .where('expires_at', '>', sql<Date>`now()`);
  if ('id' in key) query = query.where('id_hash', '=', sha256(key.id));
  else if ('uid' in key) query = query.where('uid', '=', key.uid);
  else query = query.where('user_code', '=', key.userCode);
  const row = await query.executeTakeFirst();
  if (row === undefined) return undefined;
  const payload = row.payload as Record<string, unknown>;
  return { payload, ...(row.consumed !== null && { consumed: row.consumed }) };
}

/** False when it was consumed before. */
export async function consumeRecord(db: Db, kind: string, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('provider_record')
    .set({ consumed_at: sql<Date>`now()` })
    .where('kind', '=', kind)
    .where('id_hash', '=', sha256(id))
    .where('consumed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function deleteRecord(db: Db, kind: string, id: string): Promise<void> {
  await db.deleteFrom('provider_record').where('kind', '=', kind).where('id_hash', '=', sha256(id)).execute();
}

export async function deleteRecordsOfGrant(db: Db, grantId: string): Promise<void> {
  await db.deleteFrom('provider_record').where('grant_id', '=', grantId).execute();
}

/** Ends what someone has with the provider: its sessions, and whatever programs were given. */
export async function deleteRecordsOfPerson(db: Db, person: PersonId): Promise<void> {
  await db.deleteFrom('provider_record').where('account_id', '=', person).execute();
}

export async function deleteExpiredRecords(db: Db): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('provider_record')
    .where('expires_at', '<=', sql<Date>`now()`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
