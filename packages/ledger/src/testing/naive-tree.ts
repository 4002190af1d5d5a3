import { EMPTY_ROOT, nodeHash } from '../hash.ts';
import { splitOf } from '../range.ts';

// The tree as RFC 9162 2.1 defines it, by recursion over all leaves: what the tree of tiles is compared with.

/** MTH(D_n) */
export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0]!;
  const split = splitOf(leaves.length);
  return nodeHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

/** PATH(m, D_n) */
export function naivePath(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...naivePath(index, left), naiveRoot(right)]
    : [...naivePath(index - split, right), naiveRoot(left)];
}

/** PROOF(m, D_n) */
export function naiveProof(old: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  return old === 0 || old === leaves.length ? [] : subproof(old, leaves, true);
}

function subproof(old: number, leaves: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (old === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return old <= split
    ? [...subproof(old, left, whole), naiveRoot(right)]
    : [...subproof(old - split, right, false), naiveRoot(left)];
}
