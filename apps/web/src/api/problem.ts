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

  /** Reads `application/problem+json`; anything else still gives a problem with the status. */
  static async of(response: Response): Promise<Problem> {
    const body = await response.text().catch(() => '');
    return Problem.from(response.status, body, response.headers.get('x-request-id'));
  }

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
