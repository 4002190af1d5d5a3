/**
 * What is wrong with a log:
 * - `checkpoint`: it is missing, unreadable or not signed by the key
 * - `rolled-back`: it has fewer entries than it had
 * - `rewritten`: what it had is no longer how it begins
 * - `tile`: a tile is missing, or isn't the one that the tiles above it or the checkpoint know
 * - `missing`: an entry is missing
 * - `altered`: an entry isn't the one that the tree knows
 * - `moved`: an entry stands in another's place
 */
export type FaultKind = 'checkpoint' | 'rolled-back' | 'rewritten' | 'tile' | 'missing' | 'altered' | 'moved';

export interface Fault {
  readonly kind: FaultKind;
  /** Where: the leaf, if it is one entry's. */
  readonly leaf?: number;
  /** A sentence for people. */
  readonly message: string;
}
