import { encodeBundle } from '../bundle.ts';
import { signCheckpoint } from '../checkpoint.ts';
import { leafHash } from '../hash.ts';
import type { LogSource } from '../log-source.ts';
import type { Signer } from '../note-key.ts';
import { bundlePath, hashesAtLevel, TILE_WIDTH, tileAt, tilePath } from '../tile.ts';
import { TileShelf } from './tile-shelf.ts';

/** A log as its files. */
export interface MemoryLog extends LogSource {
  readonly files: Map<string, Uint8Array>;
}

/** The files of a log with these entries, as a mirror of it has them. */
export async function memoryLog(signer: Signer, entries: readonly string[]): Promise<MemoryLog> {
  const bytes = entries.map((entry) => new TextEncoder().encode(entry));
  const shelf = new TileShelf();
  await shelf.append(bytes.map(leafHash));
  const { size, root } = shelf;
  const files = new Map<string, Uint8Array>();
  for (let level = 0; hashesAtLevel(level, size) > 0; level++) {
    for (let index = 0; tileAt(level, index, size).width > 0; index++) {
      const tile = tileAt(level, index, size);
      files.set(tilePath(tile), shelf.tiles.get(`${level}/${index}`)!.slice(0, tile.width * 32));
      if (level > 0) continue;
      const from = index * TILE_WIDTH;
      files.set(bundlePath(tile), encodeBundle(bytes.slice(from, from + tile.width)));
    }
  }
  const note = signCheckpoint({ origin: signer.name, size, root }, signer);
  files.set('checkpoint', new TextEncoder().encode(note));
  return { files, read: async (path) => files.get(path) };
}
