import type { ProblemDocument } from '@isocenter/contract';

/** The server refused, and said why. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: KnownProblem;

  constructor(problem: KnownProblem) {
    super(`${problem.title}: ${problem.detail}`);
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** A newer server may have codes that this client does not know. */
export type KnownProblem = Omit<ProblemDocument, 'code'> & { readonly code: string };

/** What answered is no Isocenter server, or a proxy in between failed. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number;

  constructor(status: number, reason: string) {
    super(`The server answered ${status}, ${reason}`);
    this.status = status;
  }
}

/** Nothing answered. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';

  constructor(address: string, cause: unknown) {
    super(`Nothing answers at ${address}`, { cause });
  }
}
