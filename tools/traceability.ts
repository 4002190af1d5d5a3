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

/** A call with its title, also with each, skipIf and the like in between. */
const callOf = (names: string): RegExp =>
  new RegExp(
    `(?<![.\\w])(?:${names})(?:\\.\\w+(?:\\((?:[^()]|\\([^()]*\\))*\\)|<[^>]*>)?)*\\(\\s*` +
      '(?:\'((?:\\\\.|[^\'\\\\])*)\'|"((?:\\\\.|[^"\\\\])*)"|`((?:\\\\.|[^`\\\\])*)`)',
    'g',
  );
const testPattern = callOf('test|it');
const describePattern = callOf('describe');

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

/** A test shows the rules that its own title begins with, or else those of the describe that it stands in. */
export function testsIn(file: string, text: string): CitingTest[] {
  const groups = [...text.matchAll(describePattern)]
    .map((match) => ({ from: match.index, to: endOfBlock(text, match.index), rules: cited(match).rules }))
    .filter((group) => group.rules.length > 0);
  return [...text.matchAll(testPattern)].map((match) => {
    const own = cited(match);
    const around = groups.findLast(({ from, to }) => from < match.index && match.index < to);
    return { file, title: own.title, rules: own.rules.length > 0 ? own.rules : (around?.rules ?? []) };
  });
}

function cited([, single, double, template]: RegExpMatchArray): Pick<CitingTest, 'title' | 'rules'> {
  const full = single ?? double ?? template ?? '';
  const found = citation.exec(full);
  return { title: found ? full.slice(found[0].length) : full, rules: found?.[1]?.split(/, ?/) ?? [] };
}

/** The code is formatted: what begins a line ends on the next line that closes at the same depth. */
function endOfBlock(text: string, from: number): number {
  const indent = /(?:^|\n)( *)[^\n]*$/.exec(text.slice(0, from + 1))?.[1] ?? '';
  const end = text.indexOf(`\n${indent}});`, from);
  return end < 0 ? text.length : end;
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
