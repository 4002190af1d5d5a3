import type { PersonId } from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/database/tables.ts';
import { newSecret, sha256 } from '../../../platform/secret.ts';

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    link: LinkTable;
  }
}

export type LinkKind = 'first-administrator' | 'invitation' | 'verify-email' | 'reset-password';

interface LinkTable {
  id: string;
  kind: LinkKind;
  key_hash: Buffer;
  person_id: string | null;
  created_at: Generated<Date>;
  expires_at: Date;
}

type Db = Kysely<Tables>;

/** An address that works once. */
export interface Link {
  readonly id: string;
  readonly kind: LinkKind;
  /** Null only for the one of the first administrator, who is nobody yet. */
  readonly person: PersonId | null;
}

/** Makes a link; those of the same kind for the same person stop working. Answers the secret part of its address. */
export async function insertLink(
  db: Db,
  { id, kind, person }: Link,
  hours: number,
): Promise<{ key: string; expiresAt: Date }> {
  const key = newSecret();
  await deleteLinks(db, kind, person);
  const { expires_at } = await db
    .insertInto('link')
    .values({
      id,
      kind,
      key_hash: sha256(key),
      person_id: person,
      expires_at: sql`now() + make_interval(hours => ${hours})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return { key, expiresAt: expires_at };
}

const toLink = (row: { id: string; kind: LinkKind; person_id: string | null }): Link => ({
  id: row.id,
  kind: row.kind,
  person: row.person_id as PersonId | null,
});

/** Looks at a link without using it. */
export async function selectLink(
  db: Db,
  which: { readonly key: string } | { readonly id: string },
): Promise<Link | undefined> {
  const row = await db
    .selectFrom('link')
    .select(['id', 'kind', 'person_id'])
    .where(({ eb }) => ('key' in which ? eb('key_hash', '=', sha256(which.key)) : eb('id', '=', which.id)))
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return row && toLink(row);
}

/** Uses a link up: of two at once, one gets it. */
export async function takeLink(
  db: Db,
  which: { readonly key: string } | { readonly id: string },
  kind: LinkKind,
): Promise<Link | undefined> {
  const row = await db
    .deleteFrom('link')
    .where(({ eb }) => ('key' in which ? eb('key_hash', '=', sha256(which.key)) : eb('id', '=', which.id)))
    .where('kind', '=', kind)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning(['id', 'kind', 'person_id'])
    .executeTakeFirst();
  return row && toLink(row);
}

export async function deleteLinks(db: Db, kind: LinkKind, person: PersonId | null): Promise<void> {
  await db
    .deleteFrom('link')
    .where('kind', '=', kind)
    .where(({ eb }) => (person === null ? eb('person_id', 'is', null) : eb('person_id', '=', person)))
    .execute();
}

export async function deleteExpiredLinks(db: Db): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('link').where('expires_at', '<=', sql<Date>`now()`).executeTakeFirst();
  return Number(numDeletedRows);
}
