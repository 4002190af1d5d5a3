import { decodeBundle } from './bundle.ts';
import { equalBytes, toBase64 } from './bytes.ts';
import type { Fault } from './fault.ts';
import { HASH_BYTES, leafHash } from './hash.ts';
import { LedgerError } from './ledger-error.ts';
import { type LogSource, readTile } from './log-source.ts';
import { bundlePath, TILE_WIDTH, tileAt, tilePath } from './tile.ts';

/** Whether the entries of a bundle are those whose hashes its tile has, and else which are not and why. */
export async function verifyBundle(source: LogSource, index: number, size: number): Promise<Fault[]> {
  const { width } = tileAt(0, index, size);
  const first = index * TILE_WIDTH;
  const [bundle, tile] = await Promise.all([
    readBundle(source, index, width),
    readTile({ source, size }, tileAt(0, index, size)),
  ]);
  if (tile === undefined) {
    const path = tilePath(tileAt(0, index, size));
    return [
      {
        kind: 'tile',
        message: `The tile ${path} is missing: entries ${first} to ${first + width - 1} can't be verified.`,
      },
    ];
  }
  if (bundle === undefined) return [await firstMissing(source, index, width)];
  let entries: Uint8Array[];
  try {
    entries = decodeBundle(bundle);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    entries = decodable(bundle);
    const leaf = first + entries.length;
    return [
      ...compare(entries, tile, first),
      { kind: 'altered', leaf, message: `Entry ${leaf} can't be read: ${error.message.toLowerCase()}.` },
    ];
  }
  return compare(entries.slice(0, width), tile, first);
}

/** A partial bundle, or the beginning of the full one that came since. */
async function readBundle(source: LogSource, index: number, width: number): Promise<Uint8Array | undefined> {
  return (
    (await source.read(bundlePath({ index, width }))) ?? (await source.read(bundlePath({ index, width: TILE_WIDTH })))
  );
}

/** A server that lacks an entry can't give the bundle, but narrower ones that end before it. */
async function firstMissing(source: LogSource, index: number, width: number): Promise<Fault> {
  let [there, lacking] = [0, width];
  while (lacking - there > 1) {
    const middle = Math.floor((there + lacking) / 2);
    if ((await source.read(bundlePath({ index, width: middle }))) !== undefined) there = middle;
    else lacking = middle;
  }
  const leaf = index * TILE_WIDTH + there;
  return {
    kind: 'missing',
    leaf,
    message: `Entry ${leaf} is missing, or what is behind it: ${bundlePath({ index, width })} can't be had.`,
  };
}

function decodable(bundle: Uint8Array): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  for (let at = 0; at + 2 <= bundle.length; ) {
    const end = at + 2 + view.getUint16(at);
    if (end > bundle.length) break;
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

function compare(entries: readonly Uint8Array[], tile: Uint8Array, first: number): Fault[] {
  const known = Array.from({ length: tile.length / HASH_BYTES }, (_, i) =>
    tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
  const hashes = entries.map(leafHash);
  if (hashes.length === known.length && hashes.every((hash, i) => equalBytes(hash, known[i]!))) return [];
  const places = new Map(known.map((hash, i) => [toBase64(hash), i]));
  const found = hashes.map((hash) => places.get(toBase64(hash)));
  const present = new Set(found);
  const faults: Fault[] = [];
  for (let i = 0; i < known.length; i++) {
    if (found[i] === i) continue;
    const leaf = first + i;
    const stands = found[i];
    if (!present.has(i) && (stands !== undefined || i >= hashes.length))
      faults.push({ kind: 'missing', leaf, message: `Entry ${leaf} is missing: ${standing(stands, first)}.` });
    else if (stands !== undefined)
      faults.push({ kind: 'moved', leaf, message: `In the place of entry ${leaf} stands entry ${first + stands}.` });
    else
      faults.push({ kind: 'altered', leaf, message: `Entry ${leaf} was altered: the tree has the hash of another.` });
  }
  return faults;
}

const standing = (stands: number | undefined, first: number): string =>
  stands === undefined ? 'the bundle ends before it' : `in its place stands entry ${first + stands}`;
