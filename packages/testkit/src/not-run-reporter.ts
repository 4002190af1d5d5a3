import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** What a run came to. */
export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  /** How many tests were not run, by the reason. */
  notRun: Record<string, number>;
}

/**
 * Says at the end of a run how many tests were not run and why (see needs), or leaves that and the counts in the file
 * that ISOCENTER_TEST_OUTCOME names.
 */
// biome-ignore lint/style/noDefaultExport: Vitest loads reporters by their default export.
export default class NotRunReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const outcome: Outcome = { passed: 0, failed: 0, skipped: 0, notRun: {} };
    for (const module of modules) {
      // A file that breaks outside its tests counts as one failure.
      if (module.errors().length > 0) outcome.failed += 1;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === 'pending') continue;
        outcome[state] += 1;
        if (state === 'skipped') outcome.notRun[reasonOf(test)] = (outcome.notRun[reasonOf(test)] ?? 0) + 1;
      }
    }
    const file = process.env.ISOCENTER_TEST_OUTCOME;
    if (file) writeFileSync(file, JSON.stringify(outcome));
    else for (const [reason, count] of Object.entries(outcome.notRun)) console.log(`${count} not run: ${reason}`);
  }
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note ?? 'the test says so itself';
}
