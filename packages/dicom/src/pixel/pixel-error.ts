/** A frame's bytes could not be turned into pixels: they are damaged, or contradict the data set. */
export class DecodeError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DecodeError';
  }
}

/** Pixels could not be written in the transfer syntax asked for. */
export class EncodeError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EncodeError';
  }
}

/** No codec here reads (or writes) this transfer syntax, or this use of it: the object can only be served as it is. */
export class CodecUnavailable extends Error {
  readonly transferSyntaxUid: string;
  readonly reason: string;
  constructor(transferSyntaxUid: string, reason: string) {
    super(`No codec for transfer syntax ${transferSyntaxUid}: ${reason}`);
    this.name = 'CodecUnavailable';
    this.transferSyntaxUid = transferSyntaxUid;
    this.reason = reason;
  }
}

/** Pixels can't be shown: an attribute that display needs is missing or contradicts them. */
export class RenderError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RenderError';
  }
}
