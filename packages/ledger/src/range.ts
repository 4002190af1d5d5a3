/** A node whose subtree is full: `level` 0 are leaves, node `index` of level l stands over leaves [index·2^l, (index+1)·2^l). */
export interface Node {
  readonly level: number;
  readonly index: number;
}

/** Sizes and indexes are whole numbers that JavaScript holds exactly: 2^53 leaves are more than any log gets. */
export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** The largest power of two below `size`, which is at least 2 (RFC 9162 2.1.1: where a tree splits). */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/**
 * The full subtrees that the tree over leaves [from, to) consists of, left to right. `from` must be where such a tree can
 * begin: a multiple of a power of two that is not below its size.
 */
export function subtreesOf(from: number, to: number): Node[] {
  const nodes: Node[] = [];
  let at = from;
  while (at < to) {
    let level = 0;
    let leaves = 1;
    while (leaves * 2 <= to - at) {
      leaves *= 2;
      level += 1;
    }
    nodes.push({ level, index: at / leaves });
    at += leaves;
  }
  return nodes;
}
