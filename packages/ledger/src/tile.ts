import { LedgerError } from './ledger-error.ts';
import { isCount, type Node } from './range.ts';

/** Levels of the tree that one tile spans, and hashes of a full tile (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 256;

/** C2SP tlog-tiles: levels 0 to 63 can be named. */
const LAST_LEVEL = 63;

/** `width` hashes of nodes at level 8·`level` of the tree, from node 256·`index` on. A full tile has 256. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** `width` entries from entry 256·`index` on. */
export type Bundle = Omit<Tile, 'level'>;

/** C2SP tlog-tiles: `tile/0/x001/067`, and with a partial tile `tile/0/x001/067.p/12`. */
export const tilePath = ({ level, index, width }: Tile): string => `tile/${level}/${indexPath(index, width)}`;

/** C2SP tlog-tiles: `tile/entries/x001/067.p/12`. */
export const bundlePath = ({ index, width }: Bundle): string => `tile/entries/${indexPath(index, width)}`;

function indexPath(index: number, width: number): string {
  if (!isCount(index) || width < 1 || width > TILE_WIDTH) throw new LedgerError('range', 'There is no such tile');
  let path = threeDigits(index % 1000);
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    path = `x${threeDigits(rest % 1000)}/${path}`;
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

const threeDigits = (value: number): string => String(value).padStart(3, '0');

const pathPattern = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

/** Reads the path of a tile or bundle; undefined for what is none, and for another way of writing one. */
export function parseTilePath(path: string): Tile | ({ readonly level: 'entries' } & Bundle) | undefined {
  const [, kind, digits, partial] = pathPattern.exec(path) ?? [];
  if (kind === undefined || digits === undefined) return undefined;
  const index = Number(digits.replace(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  if (!isCount(index) || width < 1 || width > TILE_WIDTH) return undefined;
  const place = { index, width };
  if (kind === 'entries') return bundlePath(place) === path ? { level: 'entries', ...place } : undefined;
  const tile = { level: Number(kind), ...place };
  return tile.level <= LAST_LEVEL && tilePath(tile) === path ? tile : undefined;
}

/** How many hashes the tiles of a level have together in a tree of `size`. */
export const hashesAtLevel = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** The tile as it is in the tree of `size`; its width is 0 where the tree has none. */
export function tileAt(level: number, index: number, size: number): Tile {
  const rest = hashesAtLevel(level, size) - index * TILE_WIDTH;
  return { level, index, width: Math.max(0, Math.min(TILE_WIDTH, rest)) };
}

/** Every tile of the tree of `size` that is not full: its right edge, lowest level first. */
export function edgeTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; hashesAtLevel(level, size) > 0; level++) {
    const tile = tileAt(level, Math.floor(hashesAtLevel(level, size) / TILE_WIDTH), size);
    if (tile.width > 0) tiles.push(tile);
  }
  return tiles;
}

/** Where a node's hash comes from: hashes [from, from + count) of a tile, hashed together. */
export interface NodePlace {
  readonly level: number;
  readonly index: number;
  readonly from: number;
  readonly count: number;
}

export function placeOf({ level, index }: Node): NodePlace {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const count = 2 ** (level % TILE_HEIGHT);
  const first = index * count;
  const tileIndex = Math.floor(first / TILE_WIDTH);
  return { level: tileLevel, index: tileIndex, from: first - tileIndex * TILE_WIDTH, count };
}
