import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../app/search-string.ts';
import { isFiltered, parseStudiesSearch, studyPageOf, withoutFilters } from './studies-search.ts';

const full = {
  q: 'doe',
  zone: ['landing', 'repository'],
  modality: ['CT', 'MR'],
  from: '2026-01-01',
  to: '2026-06-30',
  name: 'Doe*',
  id: '98',
  accession: 'A26',
  sort: '-size',
  page: 3,
  size: 100,
  columns: 'patient.size',
  preview: '1.2.3',
} as const;

test('[UI-2] the whole state of the list comes back from its address', () => {
  expect(parseStudiesSearch(parseSearch(stringifySearch(full)))).toEqual(full);
});

test('[UI-2] an address with mistakes gives the list without what is wrong in it', () => {
  const wrong = { zone: ['moon', 'staging'], from: '1/2/2026', sort: '-colour', page: '-1', size: '9999' };
  expect(parseStudiesSearch(wrong)).toEqual({ zone: ['staging'] });
});

test('[UI-2] the server is asked for the page, the order and the filters', () => {
  expect(studyPageOf(parseStudiesSearch({}))).toEqual({ sort: '-receivedAt', offset: 0, limit: 50 });
  expect(studyPageOf(full)).toMatchObject({
    offset: 200,
    limit: 100,
    sort: '-size',
    patientName: 'Doe*',
    studyDateFrom: '2026-01-01',
    zone: ['landing', 'repository'],
  });
});

test('[UI-2] clearing the filters keeps order, page size and columns', () => {
  expect(isFiltered(full)).toBe(true);
  const clear = withoutFilters(full);
  expect(isFiltered(clear)).toBe(false);
  expect(clear).toEqual({ sort: '-size', size: 100, columns: 'patient.size' });
});
