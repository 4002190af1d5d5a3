import { appendLeaves } from '../append.ts';
import { EMPTY_ROOT, HASH_BYTES } from '../hash.ts';
import { edgeTiles, type Tile } from '../tile.ts';
import type { TileReader } from '../tree.ts';

/** Tiles in memory: a log without a server. */
export class TileShelf {
  size = 0;
  root: Uint8Array = EMPTY_ROOT;
  readonly tiles = new Map<string, Uint8Array>();

  async append(leafHashes: readonly Uint8Array[]): Promise<void> {
    const edge = edgeTiles(this.size).map((tile) => ({ ...tile, hashes: this.#get(tile) }));
    const { size, root, changed } = await appendLeaves(this.size, edge, leafHashes);
    for (const { level, index, hashes } of changed) this.tiles.set(`${level}/${index}`, hashes);
    Object.assign(this, { size, root });
  }

  /** Gives just the hashes that were asked for, as a server does that has the tile grown since. */
  readonly read: TileReader = async (tiles) =>
    tiles.map((tile) => this.#get(tile).subarray(0, tile.width * HASH_BYTES));

  #get({ level, index }: Tile): Uint8Array {
    return this.tiles.get(`${level}/${index}`) ?? new Uint8Array(0);
  }
}
