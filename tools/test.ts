import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare.ts';
import { root, runNode } from './repository.ts';

/** The suites in the order in which they run: what fails fast comes first. Each is a project of vitest.config.ts. */
const suites = ['unit', 'conformance', 'endurance', 'e2e'];

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** How many tests were not run, by the reason. */
  readonly notRun: Readonly<Record<string, number>>;
}

/**
 * `npm test`: every suite. `npm test -- conformance`: one. `npm test -- dictionary`: the files whose path has the word,
 * in whatever suite. What a suite couldn't run for want of a peer is said with the number of tests; with CI=true it fails.
 */
async function main(args: readonly string[]): Promise<number> {
  const asked = suites.filter((suite) => args[0] === suite);
  const filters = asked.length > 0 ? args.slice(1) : args;
  const runs = asked.length > 0 ? [asked] : filters.length > 0 ? [suites] : suites.map((suite) => [suite]);
  const outcomes: Outcome[] = [];
  let code = 0;
  for (const projects of runs) {
    if (projects.includes('e2e') && hasBrowserTest(filters)) await prepare();
    if (runs.length > 1) console.log(`\n— ${projects.join(', ')} —`);
    const { outcome, exitCode } = await run(projects, filters);
    outcomes.push(outcome);
    if (exitCode !== 0) code = 1;
  }
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const failed = sum((outcome) => outcome.failed);
  console.log('');
  for (const [reason, count] of notRun(outcomes)) console.log(`${count} not run: ${reason}`);
  console.log(`${sum((o) => o.passed)} passed, ${failed} failed, ${sum((o) => o.skipped)} skipped`);
  return failed > 0 ? 1 : code;
}

/** The reasons of all runs together. */
function notRun(outcomes: readonly Outcome[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [reason, count] of outcomes.flatMap((outcome) => Object.entries(outcome.notRun)))
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  return counts;
}

/** Browser tests need the built pages; the others don't wait for them. */
function hasBrowserTest(filters: readonly string[]): boolean {
  const files = globSync('test/e2e/**/*.test.ts', { cwd: root });
  return files.some((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
}

async function run(
  projects: readonly string[],
  filters: readonly string[],
): Promise<{ outcome: Outcome; exitCode: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'isocenter-outcome-'));
  const file = join(folder, 'outcome.json');
  try {
    const args = ['run', '--passWithNoTests', ...projects.flatMap((name) => ['--project', name]), ...filters];
    const exitCode = await runNode('vitest/vitest.mjs', args, { ISOCENTER_TEST_OUTCOME: file });
    return { outcome: readOutcome(file, exitCode), exitCode };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run that broke before it could count its tests counts as one failure. */
function readOutcome(file: string, exitCode: number): Outcome {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Outcome;
  } catch {
    return { passed: 0, failed: exitCode === 0 ? 0 : 1, skipped: 0, notRun: {} };
  }
}

process.exitCode = await main(process.argv.slice(2));
