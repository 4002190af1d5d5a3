import { fromBase64, toBase64 } from './bytes.ts';
import { HASH_BYTES } from './hash.ts';
import { LedgerError } from './ledger-error.ts';
import { openNote, signNote } from './note.ts';
import type { Signer, Verifier } from './note-key.ts';
import { isCount } from './range.ts';

/** What a log commits to: so many entries, in a tree with this root (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** The name of the log, the same for ever. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export const signCheckpoint = (checkpoint: Checkpoint, ...signers: readonly Signer[]): string =>
  signNote(formatCheckpoint(checkpoint), ...signers);

/** Reads a checkpoint that the log's own key has signed: a key of another name than the origin's counts for nothing. */
export function openCheckpoint(note: string, verifier: Verifier): Checkpoint {
  const checkpoint = parseCheckpoint(openNote(note, [verifier]).text);
  if (checkpoint.origin !== verifier.name)
    throw new LedgerError('signature', `The checkpoint is of ${checkpoint.origin}, the key of ${verifier.name}`);
  return checkpoint;
}

/** The text that is signed: three lines. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (origin === '' || origin.includes('\n') || !isCount(size) || root.length !== HASH_BYTES)
    throw new LedgerError('range', 'A checkpoint has an origin of one line, a size and a SHA-256');
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Reads the text of a checkpoint without believing it; lines of extensions are skipped. */
export function parseCheckpoint(text: string): Checkpoint {
  const [, origin, digits, root] = /^([^\n]+)\n(0|[1-9]\d*)\n([^\n]+)\n(?:[^\n]+\n)*$/.exec(text) ?? [];
  if (origin === undefined || root === undefined) throw new LedgerError('malformed', 'This is no checkpoint');
  const checkpoint = { origin, size: Number(digits), root: fromBase64(root) };
  if (!isCount(checkpoint.size) || checkpoint.root.length !== HASH_BYTES)
    throw new LedgerError('malformed', 'The size or root of the checkpoint is impossible');
  return checkpoint;
}
