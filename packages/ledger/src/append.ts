import { concatBytes } from './bytes.ts';
import { HASH_BYTES } from './hash.ts';
import { LedgerError } from './ledger-error.ts';
import { edgeTiles, hashesAtLevel, TILE_WIDTH, type Tile } from './tile.ts';
import { fullTreeHash, rootOf } from './tree.ts';

/** A tile with its hashes, one after another. */
export interface TileContent extends Tile {
  readonly hashes: Uint8Array;
}

export interface Appended {
  readonly size: number;
  readonly root: Uint8Array;
  /** Every tile that is new or has grown, lower levels first. */
  readonly changed: readonly TileContent[];
}

/**
 * The tree of `size` with leaves added. `edge` has the tiles that are not full (see edgeTiles): nothing else of the old
 * tree is needed.
 */
export async function appendLeaves(
  size: number,
  edge: readonly TileContent[],
  leafHashes: readonly Uint8Array[],
): Promise<Appended> {
  const before = edgeTiles(size).map(({ level, index, width }) => {
    const tile = edge.find((other) => other.level === level && other.index === index);
    if (tile === undefined || tile.hashes.length < width * HASH_BYTES)
      throw new LedgerError('malformed', `Tile ${index} of level ${level} is missing or too short`);
    return { level, index, width, hashes: tile.hashes.subarray(0, width * HASH_BYTES) };
  });
  const grown = size + leafHashes.length;
  const changed: TileContent[] = [];
  let added = leafHashes;
  for (let level = 0; added.length > 0; level++) {
    const tiles = extend(level, hashesAtLevel(level, size), before.find((tile) => tile.level === level)?.hashes, added);
    for (const tile of tiles) changed.push(tile);
    added = tiles.filter(({ width }) => width === TILE_WIDTH).map(({ hashes }) => fullTreeHash(hashes));
  }
  const known = new Map([...before, ...changed].map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]));
  const root = await rootOf(grown, async (tiles) =>
    tiles.map(({ level, index }) => known.get(`${level}/${index}`) ?? new Uint8Array(0)),
  );
  return { size: grown, root, changed };
}

/** Puts hashes behind the `count` that a level has, whose last tile has `partial`, and cuts what comes into tiles. */
function extend(
  level: number,
  count: number,
  partial: Uint8Array = new Uint8Array(0),
  added: readonly Uint8Array[],
): TileContent[] {
  const first = Math.floor(count / TILE_WIDTH);
  const all = concatBytes([partial, ...added]);
  const tiles: TileContent[] = [];
  for (let from = 0; from < all.length; from += TILE_WIDTH * HASH_BYTES) {
    const hashes = all.slice(from, from + TILE_WIDTH * HASH_BYTES);
    tiles.push({ level, index: first + tiles.length, width: hashes.length / HASH_BYTES, hashes });
  }
  return tiles;
}
