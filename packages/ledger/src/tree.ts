import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './hash.ts';
import { LedgerError } from './ledger-error.ts';
import { consistencyRanges, inclusionRanges, type LeafRange } from './proof-path.ts';
import { isCount, type Node, subtreesOf } from './range.ts';
import { placeOf, type Tile, tileAt } from './tile.ts';

/** Reads tiles, all in one go: their hashes one after another, at least `width` of them. */
export type TileReader = (tiles: readonly Tile[]) => Promise<readonly Uint8Array[]>;

/** The root of the tree of `size`, from its tiles. */
export async function rootOf(size: number, read: TileReader): Promise<Uint8Array> {
  const [root] = await rangeHashes([{ from: 0, to: size }], size, read);
  return root ?? EMPTY_ROOT;
}

/** RFC 9162 2.1.3.1, from at most some ten tiles whatever the size. */
export async function proveInclusion(index: number, size: number, read: TileReader): Promise<Uint8Array[]> {
  if (!isCount(size) || !isCount(index) || index >= size)
    throw new LedgerError('range', 'There is no such leaf in the tree');
  return rangeHashes(inclusionRanges(index, size), size, read);
}

/** RFC 9162 2.1.4.1 */
export async function proveConsistency(from: number, to: number, read: TileReader): Promise<Uint8Array[]> {
  if (!isCount(from) || !isCount(to) || from > to) throw new LedgerError('range', 'A tree can only grow');
  return rangeHashes(consistencyRanges(from, to), to, read);
}

/** The roots of these subtrees of the tree of `size`. */
async function rangeHashes(ranges: readonly LeafRange[], size: number, read: TileReader): Promise<Uint8Array[]> {
  const subtrees = ranges.map(({ from, to }) => subtreesOf(from, to));
  const tiles = new Map<string, Tile>();
  for (const node of subtrees.flat()) {
    const { level, index } = placeOf(node);
    tiles.set(`${level}/${index}`, tileAt(level, index, size));
  }
  const wanted = [...tiles.values()];
  const found = await read(wanted);
  const hashes = new Map(
    wanted.map(({ level, index, width }, i) => [`${level}/${index}`, checked(found[i], width)] as const),
  );
  return subtrees.map((nodes) =>
    nodes.length === 0
      ? EMPTY_ROOT
      : nodes.map((node) => hashOf(node, hashes)).reduceRight((right, left) => nodeHash(left, right)),
  );
}

function checked(hashes: Uint8Array | undefined, width: number): Uint8Array {
  if (hashes === undefined || hashes.length < width * HASH_BYTES)
    throw new LedgerError('malformed', 'A tile has fewer hashes than the tree needs');
  return hashes;
}

/** Nodes within tiles, for as long as a reader keeps the tiles: those of upper levels are in every proof. */
const known = new WeakMap<Uint8Array, Map<string, Uint8Array>>();

function hashOf(node: Node, tiles: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const { level, index, from, count } = placeOf(node);
  const tile = tiles.get(`${level}/${index}`) ?? new Uint8Array(0);
  const nodes = known.get(tile) ?? new Map<string, Uint8Array>();
  known.set(tile, nodes);
  const hash =
    nodes.get(`${from}/${count}`) ?? fullTreeHash(tile.subarray(from * HASH_BYTES, (from + count) * HASH_BYTES));
  nodes.set(`${from}/${count}`, hash);
  return hash;
}

/** The root over hashes, one after another, whose number is a power of two. */
export function fullTreeHash(hashes: Uint8Array): Uint8Array {
  if (hashes.length === HASH_BYTES) return hashes.slice();
  const middle = hashes.length / 2;
  return nodeHash(fullTreeHash(hashes.subarray(0, middle)), fullTreeHash(hashes.subarray(middle)));
}
