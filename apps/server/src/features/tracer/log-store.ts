import { HASH_BYTES, TILE_WIDTH, type Tile, type TileReader } from '@isocenter/ledger';
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

/** Tiles as they are in the tree that one asks about: of what has grown since, the beginning. Empty for what isn't there. */
export const tileReader =
  (pool: Pool): TileReader =>
  async (tiles) => {
    const { rows } = await pool.query<TileRow>({
      name: 'log-tiles',
      text: `select level, index, hashes from log_tile
        join unnest($1::smallint[], $2::bigint[]) as wanted (level, index) using (level, index)`,
      values: [tiles.map(({ level }) => level), tiles.map(({ index }) => index)],
    });
    const found = new Map(rows.map(({ level, index, hashes }) => [`${level}/${index}`, hashes]));
    return tiles.map(({ level, index, width }: Tile) => {
      const hashes = found.get(`${level}/${index}`) ?? NONE;
      return hashes.length < width * HASH_BYTES ? NONE : hashes.subarray(0, width * HASH_BYTES);
    });
  };

export async function readEntry(pool: Pool, leaf: number): Promise<{ actor: string; body: string } | undefined> {
  const { rows } = await pool.query<{ actor: string; body: string }>({
    name: 'log-entry',
    text: 'select actor, body from log_entry where leaf = $1',
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
