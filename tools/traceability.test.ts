import { expect, test } from 'vitest';
import { gaps, rulesIn, testsIn } from './traceability.ts';

const rules = rulesIn(
  'specs/a.md',
  [
    '# A · The area',
    '',
    '- **AB-1 First.** Words and **bold**.',
    '  AB-9 inside a text',
    '### AB-2 Second',
    '- **AB-3.1 Part.** It is.',
  ].join('\n'),
);

test('[OPS-7] rules are the numbered beginnings of lines in specs/', () => {
  expect(rules.map(({ id, title }) => [id, title])).toEqual([
    ['AB-1', 'First'],
    ['AB-2', 'Second'],
    ['AB-3.1', 'Part'],
  ]);
});

/** Code of a test file, with `$t` for the function: as it stands, this file's own reading would find it. */
const code = (...lines: string[]): string => lines.join('\n').replaceAll('$t', 'test').replaceAll('$d', 'describe');

test('[OPS-7] tests are found with each, skipIf and the like in between, in every kind of quotes', () => {
  const text = code(
    "$t('[AB-1] plain', () => {});",
    '$t.each([[1, f(2)]])("[AB-1, AB-2] each", () => {});',
    '$t.skipIf(!there)(`[AB-3.1] back quotes`, () => {});',
    "$t('without a rule', () => {});",
    "expect(pattern.$t('[AB-1] not one')).toBe(true);",
  );
  expect(testsIn('a.test.ts', text).map(({ title, rules: cited }) => [title, cited])).toEqual([
    ['plain', ['AB-1']],
    ['each', ['AB-1', 'AB-2']],
    ['back quotes', ['AB-3.1']],
    ['without a rule', []],
  ]);
});

test('[OPS-7] a test without a rule of its own shows those of the describe around it', () => {
  const text = code(
    "$d.each(['a', 'b'])('[AB-1] in %s', () => {",
    "  $t('inherits', () => {",
    '  });',
    "  $t('[AB-2] has its own', () => {});",
    '});',
    "$t('stands outside', () => {});",
    "$d('without', () => {",
    "  $t('inherits nothing', () => {});",
    '});',
  );
  expect(testsIn('a.test.ts', text).map(({ title, rules: cited }) => [title, cited])).toEqual([
    ['inherits', ['AB-1']],
    ['has its own', ['AB-2']],
    ['stands outside', []],
    ['inherits nothing', []],
  ]);
});

test('[OPS-7] what does not fit together is told: rules without test, tests without rule, rules that are not there', () => {
  const tests = testsIn('a.test.ts', code("$t('[AB-1] a', f); $t('[AB-7] b', f); $t('c', f);"));
  const found = gaps({ rules: [...rules, ...rules.slice(0, 1)], tests });
  expect(found.untested.map(({ id }) => id)).toEqual(['AB-2', 'AB-3.1']);
  expect(found.unruled.map(({ title }) => title)).toEqual(['c']);
  expect(found.unknown).toEqual([{ rule: 'AB-7', file: 'a.test.ts' }]);
  expect(found.twice).toEqual(['AB-1']);
});
