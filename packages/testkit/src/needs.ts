import { beforeEach } from 'vitest';

/**
 * For the top of a test file or `describe`: its tests need something that a machine may lack. `missing` says what, and
 * undefined that it is there. The tests are then not run and counted with the reason; in CI they fail instead.
 */
export function needs(missing: string | undefined): void {
  if (missing === undefined) return;
  beforeEach((context) => {
    if (process.env.CI === 'true') throw new Error(missing);
    context.skip(missing);
  });
}
