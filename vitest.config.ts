import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const minutes = 60_000;

/** Suites that meet the world: peers, a browser, killed processes. One file at a time, so that timings mean something. */
const suite = (name: string): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: 5 * minutes,
    hookTimeout: 5 * minutes,
    fileParallelism: false,
    expect: { poll: { timeout: minutes / 2 } },
  },
});

export default defineConfig({
  test: {
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    reporters: ['default', './packages/testkit/src/not-run-reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/**/*.test.ts',
            'apps/{server,cli}/**/*.test.ts',
            'apps/web/src/**/*.test.ts',
            'seed/**/*.test.ts',
            'tools/**/*.test.ts',
          ],
          testTimeout: 30_000,
          hookTimeout: minutes,
        },
      },
      suite('conformance'),
      suite('endurance'),
      suite('e2e'),
    ],
  },
});
