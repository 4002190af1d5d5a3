import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../app/search-string.ts';
import { isFiltered, logPageOf, parseTracerSearch } from './tracer-search.ts';

const full = {
  study: '1.2.840.1',
  actor: 'service:dimse:MR1',
  object: 'job:abc',
  action: ['study.view', 'study.delete'],
  project: 'lung',
  outcome: ['denied'],
  from: '2026-01-01',
  to: '2026-01-31',
  after: '1700000000000-42',
  entry: 7,
} as const;

test('[UI-2] the whole state of the tracer’s list comes back from its address', () => {
  expect(parseTracerSearch(parseSearch(stringifySearch(full)))).toEqual(full);
});

test('[UI-2] an address with mistakes gives the list without what is wrong in it', () => {
  const wrong = {
    study: 'x',
    action: ['study.looked', 'study.view'],
    outcome: 'maybe',
    from: 'today',
    after: '1',
    entry: '-1',
  };
  expect(parseTracerSearch(wrong)).toEqual({ action: ['study.view'] });
});

test('[TRACE-6] the server is asked for whole local days, and for people by their name alone', () => {
  const { from, to, actor } = logPageOf({ from: '2026-03-28', to: '2026-03-29', actor: 'ada' });
  expect([from, to, actor]).toEqual([
    new Date(2026, 2, 28).toISOString(),
    new Date(2026, 2, 30).toISOString(),
    'user:ada',
  ]);
  expect(isFiltered({ after: '1-1', entry: 3 })).toBe(false);
  expect(isFiltered({ outcome: ['failed'] })).toBe(true);
});
