/** What is wrong with a part of a log that was read: a note, a checkpoint, a tile, a bundle. */
export type LedgerFault =
  /** Not written as its format says. */
  | 'malformed'
  /** No signature of the expected key, or one that doesn't hold. */
  | 'signature'
  /** A value that the format can't carry. */
  | 'range';

export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly fault: LedgerFault;

  constructor(fault: LedgerFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
