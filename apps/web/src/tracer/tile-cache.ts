import { type Tile, type TileReader, tilePath } from '@isocenter/ledger';
import { client } from '../api/client.ts';

/** Tiles that are kept: 8 KiB each at most. */
const MOST = 500;

const tiles = new Map<string, Promise<Uint8Array>>();

/** Reads tiles of the log; what is at their address never changes, so each is asked for once. */
export const readTiles: TileReader = (wanted) => Promise.all(wanted.map(readTile));

function readTile(tile: Tile): Promise<Uint8Array> {
  const path = tilePath(tile);
  const known = tiles.get(path);
  if (known) return known;
  const reading = client
    .fetch(`/api/log/${path}`)
    .then((answer) => answer.arrayBuffer())
    .then((bytes) => new Uint8Array(bytes));
  reading.catch(() => tiles.delete(path));
  const [oldest] = tiles.size >= MOST ? tiles.keys() : [];
  if (oldest !== undefined) tiles.delete(oldest);
  tiles.set(path, reading);
  return reading;
}
