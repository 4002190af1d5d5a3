import { ProblemError, UnexpectedAnswer, Unreachable } from '@isocenter/client';

interface ProblemFields {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
  readonly requestId: string | null;
}

/** What the server answered instead of what was asked for (RFC 9457), or that it could not be reached. */
export class Problem extends Error {
  override readonly name = 'Problem';
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number;
  /** Stable code from the server's error catalogue; `network` when no answer came. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** What the reader can do, as the server's catalogue says it. */
  readonly remedy: string;
  /** To quote when asking for help. */
  readonly requestId: string | null;

  constructor(fields: ProblemFields) {
    super(fields.detail || fields.title);
    this.status = fields.status;
    this.code = fields.code;
    this.title = fields.title;
    this.detail = fields.detail;
    this.remedy = fields.remedy;
    this.requestId = fields.requestId;
  }

  static network(): Problem {
    return new Problem({ status: 0, code: 'network', title: '', detail: '', remedy: '', requestId: null });
  }

  /** For a page that is not for one's roles, so that nobody need be asked. */
  static forbidden(): Problem {
    return new Problem({ status: 403, code: 'not-allowed', title: '', detail: '', remedy: '', requestId: null });
  }

  /** For an address that can't name anything, so that nobody need be asked. */
  static missing(): Problem {
    return new Problem({ status: 404, code: 'not-found', title: '', detail: '', remedy: '', requestId: null });
  }

  /** Reads the body of a refused `XMLHttpRequest`; whatever it is, the status is told. */
  static from(status: number, body: string, requestId: string | null): Problem {
    const json = parse(body);
    return new Problem({
      status,
      code: text(json.code) || `http-${status}`,
      title: text(json.title),
      detail: text(json.detail),
      remedy: text(json.remedy),
      requestId: text(json.requestId) || requestId,
    });
  }
}

/** Parses an id from an address; what is none was not found. */
export function idFrom<T>(
  schema: { safeParse(text: string): { success: true; data: T } | { success: false } },
  text: string,
): T {
  const parsed = schema.safeParse(text);
  if (!parsed.success) throw Problem.missing();
  return parsed.data;
}

/** The problem in whatever was thrown; null for what is no answer of the server, such as a mistake of ours. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof Unreachable) return Problem.network();
  if (error instanceof UnexpectedAnswer) {
    const { status, message } = error;
    return new Problem({ status, code: `http-${status}`, title: '', detail: message, remedy: '', requestId: null });
  }
  if (!(error instanceof ProblemError)) return null;
  return new Problem({ ...error.problem, requestId: error.problem.requestId ?? null });
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
