import { equalBytes } from './bytes.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Fault } from './fault.ts';
import { HASH_BYTES } from './hash.ts';
import { LedgerError } from './ledger-error.ts';
import { type LogSource, readTile, tilesOf } from './log-source.ts';
import { edgeTiles, hashesAtLevel, TILE_WIDTH, type Tile, tileAt, tilePath } from './tile.ts';
import { fullTreeHash, rootOf } from './tree.ts';

/** Tiles that are read at once. */
const AT_ONCE = 16;

/** Whether every full tile is the one that the tile above it has the hash of, and the edge the one of the checkpoint. */
export async function verifyTiles(source: LogSource, { size, root }: Checkpoint): Promise<Fault[]> {
  const faults = await verifyEdge(source, size, root);
  for (let level = 1; hashesAtLevel(level, size) > 0; level++) {
    const above = Math.ceil(hashesAtLevel(level, size) / TILE_WIDTH);
    for (let index = 0; index < above; index++) {
      const parent = tileAt(level, index, size);
      const hashes = await readTile({ source, size }, parent);
      if (hashes === undefined) faults.push(lacking(parent));
      else faults.push(...(await verifyChildren(source, parent, hashes, size)));
    }
  }
  return faults;
}

async function verifyEdge(source: LogSource, size: number, root: Uint8Array): Promise<Fault[]> {
  try {
    if (equalBytes(await rootOf(size, tilesOf({ source, size })), root)) return [];
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
  }
  const paths = edgeTiles(size).map(tilePath).join(', ');
  return [
    { kind: 'tile', message: `The tiles at the end don't have the root of the checkpoint: one of ${paths} is wrong.` },
  ];
}

async function verifyChildren(source: LogSource, parent: Tile, hashes: Uint8Array, size: number): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (let from = 0; from < parent.width; from += AT_ONCE) {
    const together = Array.from({ length: Math.min(AT_ONCE, parent.width - from) }, (_, i) => from + i);
    const found = await Promise.all(
      together.map(async (i): Promise<Fault[]> => {
        const child = tileAt(parent.level - 1, parent.index * TILE_WIDTH + i, size);
        const content = await readTile({ source, size }, child);
        if (content === undefined) return [lacking(child)];
        const known = hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
        return equalBytes(fullTreeHash(content), known) ? [] : [unlike(child, parent)];
      }),
    );
    faults.push(...found.flat());
  }
  return faults;
}

const lacking = (tile: Tile): Fault => ({
  kind: 'tile',
  message: `The tile ${tilePath(tile)} is missing or too short.`,
});

function unlike(child: Tile, parent: Tile): Fault {
  const leaves = TILE_WIDTH ** (child.level + 1);
  const [from, to] = [child.index * leaves, (child.index + 1) * leaves - 1];
  const message = `The tile ${tilePath(child)} (entries ${from} to ${to}) isn't the one that ${tilePath(parent)} has the hash of.`;
  return { kind: 'tile', message };
}
