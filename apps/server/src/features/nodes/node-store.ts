import type { JoinTokenId, Node, NodeId } from '@isocenter/contract';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';
import { sha256 } from '../../platform/secret.ts';

declare module '../../platform/database/tables.ts' {
  interface Tables {
    node: NodeTable;
    join_token: JoinTokenTable;
  }
}

interface NodeTable {
  id: string;
  name: string;
  public_key: Buffer;
  joined_at: Generated<Date>;
  last_seen_at: Date | null;
}

interface JoinTokenTable {
  id: string;
  token_hash: Buffer;
  name: string;
  created_at: Generated<Date>;
  expires_at: Date;
}

type Db = Kysely<Tables>;

const toNode = (row: Omit<NodeTable, 'joined_at'> & { joined_at: Date }): Node => ({
  id: row.id as NodeId,
  name: row.name,
  publicKey: row.public_key.toString('base64url'),
  joinedAt: row.joined_at.toISOString(),
  lastSeenAt: row.last_seen_at?.toISOString() ?? null,
});

export async function selectNodes(db: Db): Promise<Node[]> {
  const rows = await db.selectFrom('node').selectAll().orderBy(sql`lower(name)`).orderBy('id').execute();
  return rows.map(toNode);
}

export async function selectNode(db: Db, id: NodeId): Promise<Node | undefined> {
  const row = await db.selectFrom('node').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toNode(row);
}

export async function insertNode(
  db: Db,
  { id, name, publicKey }: Pick<Node, 'id' | 'name' | 'publicKey'>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('node')
    .values({ id, name, public_key: Buffer.from(publicKey, 'base64url') })
    .onConflict((conflict) => conflict.column('public_key').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

export async function updateNodeSeen(db: Db, id: NodeId): Promise<void> {
  await db
    .updateTable('node')
    .set({ last_seen_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where(sql<boolean>`coalesce(last_seen_at, '-infinity') < now() - interval '1 minute'`)
    .execute();
}

export async function deleteNode(db: Db, id: NodeId): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('node').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function insertJoinToken(
  db: Db,
  { id, token, name, hours }: { id: JoinTokenId; token: string; name: string; hours: number },
): Promise<Date> {
  const { expires_at } = await db
    .insertInto('join_token')
    .values({ id, token_hash: sha256(token), name, expires_at: sql`now() + make_interval(hours => ${hours})` })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return expires_at;
}

/** Uses it up; answers the name that was given to the node. */
export async function takeJoinToken(db: Db, token: string): Promise<string | undefined> {
  const row = await db
    .deleteFrom('join_token')
    .where('token_hash', '=', sha256(token))
    .where('expires_at', '>', sql<Date>`now()`)
    .returning('name')
    .executeTakeFirst();
  return row?.name;
}

export async function deleteExpiredJoinTokens(db: Db): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('join_token')
    .where('expires_at', '<=', sql<Date>`now()`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
