/** What one check found. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do; always there when something is not well. */
  readonly remedy?: string;
}

/** Findings of one check, under its name. */
export interface Verdicts {
  ok(message: string): Finding;
  warn(message: string, remedy: string): Finding;
  fail(message: string, remedy: string): Finding;
}

export const verdicts = (check: string): Verdicts => ({
  ok: (message) => ({ check, status: 'ok', message }),
  warn: (message, remedy) => ({ check, status: 'warn', message, remedy }),
  fail: (message, remedy) => ({ check, status: 'fail', message, remedy }),
});

/** The code of an error, or its words where it has none. */
export function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: string };
  return typeof code === 'string' ? code : (message ?? String(error));
}
