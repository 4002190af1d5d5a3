import { equalBytes } from './bytes.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import type { Fault } from './fault.ts';
import { LedgerError } from './ledger-error.ts';
import { type LogSource, tilesOf } from './log-source.ts';
import type { Verifier } from './note-key.ts';
import { hashesAtLevel, TILE_WIDTH } from './tile.ts';
import { rootOf } from './tree.ts';
import { verifyBundle } from './verify-bundle.ts';
import { verifyTiles } from './verify-tiles.ts';

export interface VerifyLogOptions {
  readonly source: LogSource;
  readonly verifier: Verifier;
  /** The last checkpoint that one knows. */
  readonly remembered?: Checkpoint;
  /** Entries before this one were verified already; the tree is verified whole all the same. */
  readonly fromLeaf?: number;
  readonly onProgress?: (entries: number, of: number) => void;
}

export interface Verified {
  /** Undefined when there is none that the key signed. */
  readonly checkpoint?: Checkpoint;
  /** The note that it stood in. */
  readonly note?: string;
  readonly faults: readonly Fault[];
}

/** Bundles that are read at once. */
const AT_ONCE = 8;

/** Faults after which it is clear enough. */
const ENOUGH = 1000;

/** Recomputes a log: its signature, its tree down to every entry, and that it goes on from what was remembered. */
export async function verifyLog(options: VerifyLogOptions): Promise<Verified> {
  const { source, verifier, remembered } = options;
  const bytes = await source.read('checkpoint');
  if (bytes === undefined) return { faults: [{ kind: 'checkpoint', message: 'There is no checkpoint.' }] };
  const note = new TextDecoder().decode(bytes);
  let checkpoint: Checkpoint;
  try {
    checkpoint = openCheckpoint(note, verifier);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return { faults: [{ kind: 'checkpoint', message: `The checkpoint can't be believed: ${error.message}.` }] };
  }
  const faults = [
    ...(await sinceRemembered(source, checkpoint, remembered)),
    ...(await verifyTiles(source, checkpoint)),
    ...(await verifyEntries(options, checkpoint)),
  ];
  return { checkpoint, note, faults };
}

/** Whether a log goes on from a checkpoint that one knows. */
export async function sinceRemembered(
  source: LogSource,
  { size, root }: Checkpoint,
  remembered: Checkpoint | undefined,
): Promise<Fault[]> {
  if (remembered === undefined || remembered.size === 0) return [];
  if (size < remembered.size) {
    const message = `The log has ${size} entries and had ${remembered.size}: it was rolled back, as by restoring an old database.`;
    return [{ kind: 'rolled-back', leaf: size, message }];
  }
  const then =
    size === remembered.size ? root : await rootOf(remembered.size, tilesOf({ source, size })).catch(() => undefined);
  if (then !== undefined && equalBytes(then, remembered.root)) return [];
  const message = `The first ${remembered.size} entries are not those that the remembered checkpoint stands for: history was rewritten.`;
  return [{ kind: 'rewritten', message }];
}

async function verifyEntries(
  { source, fromLeaf = 0, onProgress }: VerifyLogOptions,
  { size }: Checkpoint,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const last = Math.ceil(size / TILE_WIDTH);
  for (let index = Math.floor(fromLeaf / TILE_WIDTH); index < last && faults.length < ENOUGH; index += AT_ONCE) {
    const together = Array.from({ length: Math.min(AT_ONCE, last - index) }, (_, i) => index + i);
    const found = await Promise.all(together.map((bundle) => verifyBundle(source, bundle, size)));
    faults.push(...found.flat());
    onProgress?.(Math.min((index + AT_ONCE) * TILE_WIDTH, hashesAtLevel(0, size)), size);
  }
  return faults;
}
