import type { CallerId } from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';

declare module '../../platform/database/tables.ts' {
  interface Tables {
    session: SessionTable;
  }
}

interface SessionTable {
  key_hash: Buffer;
  caller_id: string;
  credential: Buffer;
  created_at: Generated<Date>;
  expires_at: Date;
}

type Db = Kysely<Tables>;

export interface NewSession {
  readonly keyHash: Buffer;
  readonly callerId: CallerId;
  readonly credential: Buffer;
  readonly seconds: number;
}

export async function insertSession(db: Db, session: NewSession): Promise<void> {
  await db
    .insertInto('session')
    .values({
      key_hash: session.keyHash,
      caller_id: session.callerId,
      credential: session.credential,
      expires_at: sql`now() + make_interval(secs => ${session.seconds})`,
    })
    .execute();
}

/** Only one that has not expired. */
export async function selectSession(
  db: Db,
  keyHash: Buffer,
): Promise<{ callerId: CallerId; credential: Buffer } | undefined> {
  const row = await db
    .selectFrom('session')
    .select(['caller_id', 'credential'])
    .where('key_hash', '=', keyHash)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return row && { callerId: row.caller_id as CallerId, credential: row.credential };
}

/** Answers whether there was one. */
export async function deleteSession(db: Db, keyHash: Buffer): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('session').where('key_hash', '=', keyHash).executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function deleteExpiredSessions(db: Db): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('session')
    .where('expires_at', '<=', sql<Date>`now()`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
