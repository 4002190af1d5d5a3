import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { architectureProblems } from './architecture.ts';
import { generate } from './generate.ts';
import { collectNode, repositoryFiles, root } from './repository.ts';
import { gaps, readTraceability } from './traceability.ts';

/** One thing that must hold. */
interface Check {
  readonly name: string;
  /** What is wrong; empty when nothing is. `notes` are shown and fail nothing. */
  run(): Promise<{ readonly problems: readonly string[]; readonly notes?: readonly string[] }>;
}

const checks: readonly Check[] = [
  {
    name: 'format and lint (biome)',
    run: () => program('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '--max-diagnostics=50', '.']),
  },
  { name: 'types (tsc)', run: () => program('typescript/bin/tsc', ['-b']) },
  { name: 'generated files', run: generated },
  { name: 'rules and tests', run: traceability },
  { name: 'architecture and links', run: async () => ({ problems: architectureProblems() }) },
  { name: 'forbidden words', run: async () => ({ problems: forbiddenWords() }) },
];

async function program(script: string, args: readonly string[]): Promise<{ problems: string[] }> {
  const { code, output } = await collectNode(script, args);
  return { problems: code === 0 ? [] : [output.trim()] };
}

async function generated(): Promise<{ problems: string[] }> {
  const changed = await generate({ check: true });
  return { problems: changed.map((path) => `${path} is not what the code says: run 'npm run generate'.`) };
}

async function traceability(): Promise<{ problems: string[]; notes: string[] }> {
  const { untested, unruled, unknown, twice } = gaps(readTraceability());
  return {
    problems: [
      ...unknown.map(({ rule, file }) => `${file} cites ${rule}, which no file in specs/ has.`),
      ...twice.map((id) => `${id} is defined twice in specs/.`),
      ...unruled.map(
        ({ file, title }) => `${file}: the test '${title}' shows no rule: begin its title with one, as [ARCH-1].`,
      ),
    ],
    notes: untested.map(({ id, title }) => `${id} has no test yet: ${title}`),
  };
}

/** Written in pieces, so that this file doesn't have what it looks for. */
const forbidden: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`), 'finish it, or write an issue'],
  [new RegExp(`(?<![\\w.])/(${'work'}|${'home'})/[a-z]|[^.\\w]\\.${'library'}/`), 'a path of one machine'],
  [new RegExp(`@ts-${'ignore'}|@ts-${'nocheck'}|as ${'unknown'} as`), 'make the types right'],
];

const isText = /\.(ts|tsx|js|mjs|json|md|sql|css|html|yaml|yml|sh|toml)$/;
const isExempt = /^(package-lock\.json|LICENSE|standards\/|.*\.gen\.)/;

function forbiddenWords(): string[] {
  return repositoryFiles()
    .filter((file) => isText.test(file) && !isExempt.test(file))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, i) =>
          forbidden
            .filter(([pattern]) => pattern.test(line))
            .map(([pattern, why]) => `${file}:${i + 1} has ${pattern.exec(line)?.[0]}: ${why}.`),
        ),
    );
}

let failed = 0;
for (const { name, run } of checks) {
  const started = performance.now();
  const { problems, notes = [] } = await run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  for (const line of [...notes, ...problems]) console.log(line);
  if (problems.length > 0) failed += 1;
  console.log(
    problems.length > 0 ? styleText('red', `✗ ${name}`) : `${styleText('green', '✓')} ${name} (${seconds} s)`,
  );
}
console.log(failed === 0 ? '\nAll checks passed.' : styleText('red', `\n${failed} of ${checks.length} checks failed.`));
process.exitCode = failed === 0 ? 0 : 1;
