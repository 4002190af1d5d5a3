import { expect, test } from 'vitest';
import { en } from './en.ts';
import { type Text, t, textOf } from './t.ts';

test('[UI-10] a text takes its values, its plural form and grouped numbers', () => {
  expect(t('count.images', { count: 1 })).toBe('1 image');
  expect(t('count.images', { count: 12_345 })).toBe('12,345 images');
  expect(t('list.range', { first: 1, last: 50, total: 2_712 })).toBe('1–50 of 2,712');
  expect(t('app.title', { page: 'Studies' })).toBe('Studies · Isocenter');
});

test('[UI-10] a key known only at run time gives its text or nothing', () => {
  expect(textOf('role.administrator')).toBe('Administrator');
  expect(textOf('role.nobody')).toBeUndefined();
});

test('[UI-10] both plural forms of a text ask for the same values', () => {
  const names = (text: string) =>
    [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).filter((name) => name !== 'count');
  for (const [key, text] of Object.entries<Text>(en)) {
    if (typeof text !== 'string') expect(names(text.one).sort(), key).toEqual(names(text.other).sort());
  }
});
