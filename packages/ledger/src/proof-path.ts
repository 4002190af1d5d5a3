import { splitOf } from './range.ts';

/** Leaves [from, to) of the tree: the subtree whose root is one hash of a proof. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** RFC 9162 2.1.3.1: the subtrees whose roots prove that leaf `index` is in the tree of `size`, lowest first. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

/** RFC 9162 2.1.4.1: the subtrees whose roots prove that the tree of size `old` is how the tree of `size` begins. */
export function consistencyRanges(old: number, size: number): LeafRange[] {
  if (old === 0 || old === size) return [];
  const ranges: LeafRange[] = [];
  let [from, to] = [0, size];
  // While true, the subtree that is left is the old tree itself, whose root the verifier has.
  let whole = true;
  while (to !== old) {
    const middle = from + splitOf(to - from);
    if (old <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
      whole = false;
    }
  }
  if (!whole) ranges.push({ from, to });
  return ranges.reverse();
}
