import {
  type ErrorCode,
  type ErrorParams,
  errors,
  type PlainErrorCode,
  type ProblemDocument,
  problemDocument,
} from '@isocenter/contract';

type Arguments<C extends ErrorCode> = C extends PlainErrorCode ? [params?: ErrorParams<C>] : [params: ErrorParams<C>];

/** An error meant for the caller: thrown anywhere in a request, answered as RFC 9457 says. */
export class Problem<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly params: ErrorParams<C>;
  /** Sent with the answer, such as `Retry-After`. */
  readonly headers: Record<string, string> = {};

  constructor(code: C, ...args: Arguments<C>) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.params = (args[0] ?? {}) as ErrorParams<C>;
  }

  get status(): number {
    return errors[this.code].status;
  }

  withHeader(name: string, value: string): this {
    this.headers[name] = value;
    return this;
  }

  document(requestId?: string): ProblemDocument {
    return problemDocument(this.code, this.params, requestId);
  }
}
