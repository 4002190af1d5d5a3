export type DimseErrorCode =
  /** No connection could be made. */
  | 'connect-failed'
  /** The peer rejected the association. */
  | 'rejected'
  /** The peer aborted the association. */
  | 'aborted'
  /** The peer said nothing for too long. */
  | 'timed-out'
  /** The connection ended without a word. */
  | 'connection-lost'
  /** The peer broke the protocol. */
  | 'protocol'
  /** The peer accepts no presentation context that would do. */
  | 'not-accepted'
  /** The peer answered with a failure status. */
  | 'failed';

/** What went wrong between us and a peer. The text holds no values of a data set. */
export class DimseError extends Error {
  override readonly name = 'DimseError';
  readonly code: DimseErrorCode;
  /** Of `failed`: the value of (0000,0900). */
  readonly status: number | undefined;

  constructor(code: DimseErrorCode, message: string, options: { cause?: unknown; status?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status;
  }
}
