import { HASH_BYTES, TILE_WIDTH, type Tile, type TileReader } from '@isocenter/ledger';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';

export interface LogHead {
  readonly size: number;
  readonly root: Buffer;
  /** The checkpoint; null while there is no entry. */
  readonly note: string | null;
}

export async function readHead(pool: Pool): Promise<LogHead> {
  const { rows } = await pool.query<LogHead>({ name: 'log-head', text: 'select size, root, note from log_head' });
  return rows[0]!;
}

interface TileRow {
  readonly level: number;
  readonly index: number;
  readonly hashes: Buffer;
}

const NONE = new Uint8Array(0);

/** Full tiles never change. Those of upper levels are few and in every proof: 1,000 of them stand for 65 million entries. */
const KEPT = 1000;

/** Tiles as they are in the tree that one asks about: of what has grown since, the beginning. Empty for what isn't there. */
export function tileReader(pool: Pool): TileReader {
  const kept = new LRUCache<string, Uint8Array>({ max: KEPT });
  return async (tiles) => {
    const wanted = tiles.filter((tile) => !kept.has(keyOf(tile)));
    const found = new Map<string, Uint8Array>();
    for (const row of wanted.length > 0 ? await selectTiles(pool, wanted) : []) {
      found.set(keyOf(row), row.hashes);
      if (row.level > 0 && row.hashes.length === TILE_WIDTH * HASH_BYTES) kept.set(keyOf(row), row.hashes);
    }
    return tiles.map((tile) => {
      const hashes = kept.get(keyOf(tile)) ?? found.get(keyOf(tile)) ?? NONE;
      const length = tile.width * HASH_BYTES;
      return hashes.length < length ? NONE : hashes.length === length ? hashes : hashes.subarray(0, length);
    });
  };
}

const keyOf = ({ level, index }: Pick<Tile, 'level' | 'index'>): string => `${level}/${index}`;

async function selectTiles(pool: Pool, tiles: readonly Tile[]): Promise<TileRow[]> {
  const { rows } = await pool.query<TileRow>({
    name: 'log-tiles',
    text: `select level, index, hashes from log_tile
      join unnest($1::smallint[], $2::bigint[]) as wanted (level, index) using (level, index)`,
    values: [tiles.map(({ level }) => level), tiles.map(({ index }) => index)],
  });
  return rows;
}

/** An entry, and what decides who finds it. */
export interface StoredEntry {
  readonly actor: string;
  readonly project: string | null;
  readonly body: string;
}

export async function readEntry(pool: Pool, leaf: number): Promise<StoredEntry | undefined> {
  const { rows } = await pool.query<StoredEntry>({
    name: 'log-entry',
    text: 'select actor, project, body from log_entry where leaf = $1',
    values: [leaf],
  });
  return rows[0];
}

/** The bytes of entries from 256·`index` on; fewer than `width` where there aren't as many. */
export async function readEntries(pool: Pool, index: number, width: number): Promise<Buffer[]> {
  const from = index * TILE_WIDTH;
  const { rows } = await pool.query<{ body: string }>({
    name: 'log-entries',
    text: 'select body from log_entry where leaf >= $1 and leaf < $2 order by leaf',
    values: [from, from + width],
  });
  return rows.map(({ body }) => Buffer.from(body));
}
