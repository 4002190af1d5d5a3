import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('[UI-2] an exported table keeps commas, quotes and line breaks in their cells', () => {
  expect(toCsv([['a,b', 'say "x"', 'two\nlines', 3, null]])).toBe('"a,b","say ""x""","two\nlines",3,');
});

test('[UI-2] an exported cell is never a formula', () => {
  expect(toCsv([['=1+1', '+1', '-1', '@x', '\tx', -1]])).toBe(`'=1+1,'+1,'-1,'@x,'\tx,-1`);
});
