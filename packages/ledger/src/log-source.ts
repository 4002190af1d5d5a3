import { HASH_BYTES } from './hash.ts';
import { TILE_WIDTH, type Tile, tileAt, tilePath } from './tile.ts';
import type { TileReader } from './tree.ts';

/** A log as files at the paths of C2SP tlog-tiles: a server, or a folder that mirrors one. Undefined for what isn't there. */
export interface LogSource {
  read(path: string): Promise<Uint8Array | undefined>;
}

/** A log with the size that its tiles have: those at its end are as wide as that. */
export interface SizedLog {
  readonly source: LogSource;
  readonly size: number;
}

/** Reads a tile, of one that has grown since its beginning. Undefined when it isn't there or is too short. */
export async function readTile({ source, size }: SizedLog, tile: Tile): Promise<Uint8Array | undefined> {
  const now = tileAt(tile.level, tile.index, size);
  const path = now.width === 0 ? tilePath(tile) : tilePath(now);
  const bytes = (await source.read(path)) ?? (await source.read(tilePath({ ...tile, width: TILE_WIDTH })));
  const length = tile.width * HASH_BYTES;
  return bytes === undefined || bytes.length < length ? undefined : bytes.subarray(0, length);
}

export const tilesOf =
  (log: SizedLog): TileReader =>
  (tiles) =>
    Promise.all(tiles.map(async (tile) => (await readTile(log, tile)) ?? new Uint8Array(0)));
