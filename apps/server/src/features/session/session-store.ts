import type { CallerId, PersonId, SessionId, SessionRow } from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';

declare module '../../platform/database/tables.ts' {
  interface Tables {
    session: SessionTable;
  }
}

interface SessionTable {
  key_hash: Buffer;
  id: string;
  caller_id: string;
  person_id: string | null;
  credential: Buffer | null;
  issuer: string | null;
  subject: string | null;
  provider_session: string | null;
  id_token: string | null;
  agent: Generated<string>;
  created_at: Generated<Date>;
  last_seen_at: Generated<Date>;
  expires_at: Date;
}

type Db = Kysely<Tables>;

/** How a provider knows the session, so that either can end it for both. */
export interface ProviderSession {
  readonly issuer: string;
  readonly subject: string;
  readonly sid?: string;
  readonly idToken: string;
}

export interface NewSession {
  readonly keyHash: Buffer;
  readonly id: SessionId;
  readonly callerId: CallerId;
  /** A person's; without one it is the configured token's, whose fingerprint it keeps. */
  readonly personId?: PersonId;
  readonly credential?: Buffer;
  readonly provider?: ProviderSession;
  readonly agent: string;
  readonly seconds: number;
}

export async function insertSession(db: Db, session: NewSession): Promise<void> {
  const { provider } = session;
  await db
    .insertInto('session')
    .values({
      key_hash: session.keyHash,
      id: session.id,
      caller_id: session.callerId,
      person_id: session.personId ?? null,
      credential: session.credential ?? null,
      issuer: provider?.issuer ?? null,
      subject: provider?.subject ?? null,
      provider_session: provider?.sid ?? null,
      id_token: provider?.idToken ?? null,
      agent: session.agent,
      expires_at: sql`now() + make_interval(secs => ${session.seconds})`,
    })
    .execute();
}

export interface StoredSession {
  readonly id: SessionId;
  readonly personId: PersonId | null;
  readonly credential: Buffer | null;
}

/** Only one that has neither expired nor been idle for too long; seen now, to the minute. */
export async function useSession(db: Db, keyHash: Buffer, idleSeconds: number): Promise<StoredSession | undefined> {
  const { rows } = await sql<{ id: string; person_id: string | null; credential: Buffer | null }>`
    with found as (
      select key_hash, id, person_id, credential, last_seen_at from session
      where key_hash = ${keyHash} and expires_at > now() and last_seen_at > now() - make_interval(secs => ${idleSeconds})
    ), seen as (
      update session set last_seen_at = now() from found
      where session.key_hash = found.key_hash and found.last_seen_at < now() - interval '1 minute'
    )
    select id, person_id, credential from found`.execute(db);
  const [row] = rows;
  return row && { id: row.id as SessionId, personId: row.person_id as PersonId | null, credential: row.credential };
}

/** What the provider must be told to end it too. */
export async function deleteSession(
  db: Db,
  keyHash: Buffer,
): Promise<{ callerId: string; idToken: string | null } | undefined> {
  const row = await db
    .deleteFrom('session')
    .where('key_hash', '=', keyHash)
    .returning(['caller_id', 'id_token'])
    .executeTakeFirst();
  return row && { callerId: row.caller_id, idToken: row.id_token };
}

/** The ones that can still be used, the latest used first. */
export async function selectSessionsOf(
  db: Db,
  person: PersonId,
  current: SessionId | undefined,
  idleSeconds: number,
): Promise<SessionRow[]> {
  const rows = await db
    .selectFrom('session')
    .select(['id', 'agent', 'created_at', 'last_seen_at'])
    .where('person_id', '=', person)
    .where('expires_at', '>', sql<Date>`now()`)
    .where('last_seen_at', '>', sql<Date>`now() - make_interval(secs => ${idleSeconds})`)
    .orderBy('last_seen_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(({ id, agent, created_at, last_seen_at }) => ({
    id: id as SessionId,
    agent,
    createdAt: created_at.toISOString(),
    lastSeenAt: last_seen_at.toISOString(),
    current: id === current,
  }));
}

export async function deleteSessionOf(db: Db, person: PersonId, id: SessionId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('session')
    .where('person_id', '=', person)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function deleteSessionsOf(db: Db, person: PersonId, except?: SessionId): Promise<void> {
  let query = db.deleteFrom('session').where('person_id', '=', person);
  if (except !== undefined) query = query.where('id', '<>', except);
  await query.execute();
}

/** Ends what a provider says has ended: one of its sessions, or all of a subject. Answers whose they were. */
export async function deleteSessionsOfProvider(
  db: Db,
  issuer: string,
  which: { readonly sid: string } | { readonly subject: string },
): Promise<PersonId[]> {
  let query = db.deleteFrom('session').where('issuer', '=', issuer);
  query = 'sid' in which ? query.where('provider_session', '=', which.sid) : query.where('subject', '=', which.subject);
  const rows = await query.returning('person_id').execute();
  return [...new Set(rows.flatMap(({ person_id }) => (person_id === null ? [] : [person_id as PersonId])))];
}

export async function deleteExpiredSessions(db: Db, idleSeconds: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('session')
    .where(({ or, eb }) =>
      or([
        eb('expires_at', '<=', sql<Date>`now()`),
        eb('last_seen_at', '<=', sql<Date>`now() - make_interval(secs => ${idleSeconds})`),
      ]),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
