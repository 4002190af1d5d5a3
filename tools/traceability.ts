import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFiles, root } from './repository.ts';

/** A numbered rule of specs/. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly file: string;
}

/** A test, by its title without the rules that it cites. */
export interface CitingTest {
  readonly title: string;
  readonly file: string;
  readonly rules: readonly string[];
}

export interface Traceability {
  readonly rules: readonly Rule[];
  readonly tests: readonly CitingTest[];
}

/** `- **ARCH-1 Title.**`, `**ARCH-1** …` or `### ARCH-1 Title` at the beginning of a line. */
const rulePattern = /^(?:[-*] |#{1,6} )?\*{0,2}([A-Z][A-Z0-9]*-\d+(?:\.\d+)?)\*{0,2}[.:]? +(.*)$/gm;

/** A call of test or it, also with each, skipIf and the like in between, and its title. */
const testPattern =
  /(?<![.\w])(?:test|it)(?:\.\w+(?:\((?:[^()]|\([^()]*\))*\)|<[^>]*>)?)*\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/g;

const citation = /^\[([A-Z][A-Z0-9]*-\d+(?:\.\d+)?(?:, ?[A-Z][A-Z0-9]*-\d+(?:\.\d+)?)*)\] /;

/** Reads the rules of specs/ and the titles of all tests. */
export function readTraceability(): Traceability {
  const files = repositoryFiles();
  return {
    rules: files.filter((file) => /^specs\/.*\.md$/.test(file)).flatMap((file) => rulesIn(file, read(file))),
    tests: files.filter((file) => /\.test\.tsx?$/.test(file)).flatMap((file) => testsIn(file, read(file))),
  };
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

export function rulesIn(file: string, text: string): Rule[] {
  return [...text.matchAll(rulePattern)].map(([, id = '', rest = '']) => ({ id, title: titleOf(rest), file }));
}

/** The words up to the end of what is bold, or of the sentence. */
function titleOf(rest: string): string {
  const bold = rest.indexOf('**');
  const words = bold > 0 ? rest.slice(0, bold) : (/^.*?[.;:](?=\s|$)/.exec(rest)?.[0] ?? rest);
  return words
    .replaceAll('*', '')
    .replace(/[.;:]$/, '')
    .trim();
}

export function testsIn(file: string, text: string): CitingTest[] {
  return [...text.matchAll(testPattern)].map(([, single, double, template]) => {
    const full = single ?? double ?? template ?? '';
    const cited = citation.exec(full);
    return { file, title: cited ? full.slice(cited[0].length) : full, rules: cited?.[1]?.split(/, ?/) ?? [] };
  });
}

/** What doesn't fit together. Only `unknown` is wrong; the others say what is left to do. */
export function gaps({ rules, tests }: Traceability): {
  readonly untested: readonly Rule[];
  readonly unruled: readonly CitingTest[];
  readonly unknown: readonly { readonly rule: string; readonly file: string }[];
  readonly twice: readonly string[];
} {
  const cited = new Set(tests.flatMap((test) => test.rules));
  const ids = rules.map((rule) => rule.id);
  const known = new Set(ids);
  // A rule counts as shown when one of its parts (`ARCH-1.2`) is.
  const isShown = (id: string): boolean => cited.has(id) || [...cited].some((other) => other.startsWith(`${id}.`));
  return {
    untested: rules.filter((rule) => !isShown(rule.id)),
    unruled: tests.filter((test) => test.rules.length === 0),
    unknown: tests.flatMap((test) =>
      test.rules.filter((rule) => !known.has(rule)).map((rule) => ({ rule, file: test.file })),
    ),
    twice: [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))],
  };
}

/** docs/reference/traceability.md */
export function renderTraceability(traceability: Traceability): string {
  const { rules, tests } = traceability;
  const files = [...new Set(rules.map((rule) => rule.file))];
  const sections = files.map((file) => {
    const rows = rules.filter((rule) => rule.file === file).map((rule) => ruleRow(rule, tests));
    return `## [${file}](../../${file})\n\n| Rule | Title | Shown by |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return [
    '# Rules and their tests\n',
    'Made by `npm run generate` from specs/ and the titles of the tests; do not edit.\n',
    ...sections,
  ].join('\n');
}

function ruleRow(rule: Rule, tests: readonly CitingTest[]): string {
  const files = new Set(tests.filter((test) => test.rules.includes(rule.id)).map((test) => test.file));
  const shown = [...files].sort().map((file) => `[${file}](../../${file})`);
  return `| ${rule.id} | ${rule.title.replaceAll('|', '\\|')} | ${shown.join('<br>') || '**no test yet**'} |`;
}
