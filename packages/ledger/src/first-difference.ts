import { equalBytes } from './bytes.ts';
import { HASH_BYTES } from './hash.ts';
import { readTile, type SizedLog } from './log-source.ts';
import { hashesAtLevel, TILE_WIDTH, tileAt } from './tile.ts';

/**
 * The first leaf below `size` that two logs don't share; undefined when they share all. From the top down, one tile of
 * each level, and then along the right edge, where hashes have no tile above them.
 */
export async function firstDifference(a: SizedLog, b: SizedLog, size: number): Promise<number | undefined> {
  let top = 0;
  while (hashesAtLevel(top + 1, size) > 0) top += 1;
  for (let level = top; level >= 0; level--) {
    // What stands under hashes of the level above was the same: what is left is the tile at the edge.
    const edge = level === top ? 0 : hashesAtLevel(level + 1, size);
    const found = await inTile(a, b, level, edge, size);
    if (found !== undefined) return descend(a, b, level, found, size);
  }
  return undefined;
}

async function descend(a: SizedLog, b: SizedLog, level: number, index: number, size: number): Promise<number> {
  let first = index;
  for (let below = level - 1; below >= 0; below--)
    first = (await inTile(a, b, below, first, size)) ?? first * TILE_WIDTH;
  return first;
}

/** The first hash of a tile that differs, by its index in its level. */
async function inTile(
  a: SizedLog,
  b: SizedLog,
  level: number,
  index: number,
  size: number,
): Promise<number | undefined> {
  const tile = tileAt(level, index, size);
  if (tile.width === 0) return undefined;
  const [one, other] = await Promise.all([readTile(a, tile), readTile(b, tile)]);
  for (let i = 0; i < tile.width; i++) {
    const [from, to] = [i * HASH_BYTES, (i + 1) * HASH_BYTES];
    if (one === undefined || other === undefined || !equalBytes(one.subarray(from, to), other.subarray(from, to)))
      return index * TILE_WIDTH + i;
  }
  return undefined;
}
