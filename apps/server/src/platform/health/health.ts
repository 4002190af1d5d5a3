import type { HealthCheck, Readiness } from '@isocenter/contract';

export interface Check {
  readonly name: string;
  /** Resolves when all is well, perhaps with a remark; rejects or throws `CheckFailed` when not. */
  check(): Promise<string | undefined>;
}

/** Why a check failed, in words that anyone may read. Of other errors only that they happened is told. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

export interface Health {
  add(check: Check): void;
  readiness(): Promise<Readiness>;
}

const LIMIT_MS = 3000;

/** Anyone may ask, so an answer is shared by all who ask within this time. */
const SHARED_MS = 1000;

/** Asks every check at once; the server is ready when all are well. */
export function createHealth(checks: readonly Check[] = []): Health {
  const all = [...checks];
  let latest: { at: number; readiness: Promise<Readiness> } | undefined;
  return {
    add: (check) => all.push(check),
    readiness() {
      if (latest === undefined || performance.now() - latest.at > SHARED_MS) {
        latest = { at: performance.now(), readiness: ask(all) };
      }
      return latest.readiness;
    },
  };
}

async function ask(checks: readonly Check[]): Promise<Readiness> {
  const results = await Promise.all(checks.map(run));
  return { ready: results.every(({ ok }) => ok), checks: results };
}

async function run({ name, check }: Check): Promise<HealthCheck> {
  const began = performance.now();
  const since = (): number => Math.round(performance.now() - began);
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new CheckFailed(`No answer within ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  try {
    const detail = await Promise.race([check(), limit.promise]);
    return { name, ok: true, ms: since(), ...(detail === undefined ? {} : { detail }) };
  } catch (error) {
    return {
      name,
      ok: false,
      ms: since(),
      detail: error instanceof CheckFailed ? error.message : 'It failed; see the log',
    };
  } finally {
    clearTimeout(timer);
  }
}
