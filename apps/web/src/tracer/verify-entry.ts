import { type Checkpoint, leafHash, proveInclusion, type TileReader, verifyInclusion } from '@isocenter/ledger';
import type { LogRow } from '../api/log.ts';

/** `later`: the entry came after the checkpoint that is here. */
export type Proof = 'proved' | 'broken' | 'later';

/** Whether the bytes of an entry are in the tree that the checkpoint signs. Nothing but the checkpoint is believed. */
export async function verifyEntry({ leaf, body }: LogRow, checkpoint: Checkpoint, read: TileReader): Promise<Proof> {
  const { size, root } = checkpoint;
  if (leaf >= size) return 'later';
  const proof = await proveInclusion(leaf, size, read);
  const holds = verifyInclusion({ index: leaf, size, leafHash: leafHash(new TextEncoder().encode(body)), proof, root });
  return holds ? 'proved' : 'broken';
}
