import {
  type Checkpoint,
  equalBytes,
  LedgerError,
  openCheckpoint,
  parseVerifier,
  rootOf,
  type TileReader,
  type Verifier,
} from '@isocenter/ledger';
import type { SignedLog } from '../api/log.ts';

/** What this browser saw of the log when it last looked. */
export interface Seen {
  readonly key: string;
  readonly checkpoint: string;
  /** ISO 8601 */
  readonly at: string;
}

export type CheckpointFault = 'signature' | 'other-key' | 'rolled-back' | 'rewritten';

export type CheckpointVerdict =
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'holds';
      readonly checkpoint: Checkpoint;
      /** How long the log was when this browser last looked; it goes on from there. */
      readonly since: { readonly size: number; readonly at: string } | undefined;
      readonly seen: Omit<Seen, 'at'>;
    }
  | { readonly kind: 'broken'; readonly fault: CheckpointFault; readonly checkpoint?: Checkpoint };

/** Whether the checkpoint is signed by the key that this browser knows, and goes on from what it saw last. */
export async function verifyCheckpoint(
  { info, note }: SignedLog,
  seen: Seen | undefined,
  read: TileReader,
): Promise<CheckpointVerdict> {
  if (seen !== undefined && seen.key !== info.key) return { kind: 'broken', fault: 'other-key' };
  const verifier = parseVerifier(info.key);
  const known = seen && open(seen.checkpoint, verifier);
  if (note === undefined) return known ? { kind: 'broken', fault: 'rolled-back' } : { kind: 'empty' };
  const checkpoint = open(note, verifier);
  if (checkpoint === undefined) return { kind: 'broken', fault: 'signature' };
  if (known !== undefined) {
    if (checkpoint.size < known.size) return { kind: 'broken', fault: 'rolled-back', checkpoint };
    const then = await rootOf(known.size, growing(read, checkpoint.size));
    const now = await rootOf(checkpoint.size, read);
    if (!equalBytes(then, known.root) || !equalBytes(now, checkpoint.root))
      return { kind: 'broken', fault: 'rewritten', checkpoint };
  }
  const since = seen && known ? { size: known.size, at: seen.at } : undefined;
  return { kind: 'holds', checkpoint, since, seen: { key: info.key, checkpoint: note } };
}

function open(note: string, verifier: Verifier): Checkpoint | undefined {
  try {
    return openCheckpoint(note, verifier);
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}

/** Old trees are read from the tiles of the present one, so that both roots come from the same hashes. */
const growing =
  (read: TileReader, size: number): TileReader =>
  async (tiles) => {
    const now = tiles.map(({ level, index }) => {
      const width = Math.min(256, Math.floor(size / 256 ** level) - index * 256);
      return { level, index, width };
    });
    return read(now);
  };
