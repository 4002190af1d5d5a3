import { expect, test } from 'vitest';
import { parsePeopleSearch } from './people-search.ts';

test('[UI-2] the address of the list of people is read, and what it can’t mean is left out', () => {
  expect(parsePeopleSearch({ q: 'ada', state: ['waiting', 'nonsense', 'active'], page: '2', preview: 'x' })).toEqual({
    q: 'ada',
    state: ['waiting', 'active'],
    page: 2,
    preview: 'x',
  });
  expect(parsePeopleSearch({ state: 'locked', page: '1' })).toEqual({ state: ['locked'] });
  expect(parsePeopleSearch({ state: 'gone', q: '', page: 'two' })).toEqual({});
});
