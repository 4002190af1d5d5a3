import { describe, expect, test } from 'vitest';
import type { JsonDataSet } from '../api/data-set.ts';
import { type HeaderOptions, headerRows, itemsAtOnce, varyingTags } from './header-rows.ts';

const header: JsonDataSet = {
  '00080060': { vr: 'CS', Value: ['CT'] },
  '00081140': {
    vr: 'SQ',
    Value: [
      { '00081155': { vr: 'UI', Value: ['1.2.3'] } },
      { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Hidden^Here' }] } },
    ],
  },
  '00090010': { vr: 'LO', Value: ['ACME 1.1'] },
  '00091001': { vr: 'LO', Value: ['secret sauce'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' }] },
  '00100020': { vr: 'LO', Value: ['4471902'] },
  '00100040': { vr: 'CS', Value: ['F'] },
  '7FE00010': { vr: 'OW', BulkDataURI: 'https://x/bulk/1' },
};
const plain: HeaderOptions = {
  expanded: new Set(),
  varying: new Set(),
  onlyVarying: false,
  words: '',
  showIdentity: true,
};
const names = (options: Partial<HeaderOptions>) => headerRows(header, { ...plain, ...options }).map((row) => row.name);

describe('[UI-3] outside the landing zone', () => {
  test('no line of a header tells who it is, nested ones included', () => {
    const rows = headerRows(header, { ...plain, showIdentity: false, expanded: new Set(['00081140']) });
    const all = JSON.stringify(rows);
    for (const secret of ['Yamada', '山田', '4471902', 'Hidden']) expect(all).not.toContain(secret);
    expect(rows.find((row) => row.tag === '(0010,0010)')?.value).toBe('Not shown outside the landing zone');
    expect(rows.find((row) => row.tag === '(0010,0040)')?.value).toBe('F');
  });

  test('a search does not find what is not shown', () => {
    expect(headerRows(header, { ...plain, showIdentity: false, words: 'yamada' })).toEqual([]);
  });
});

test('[UI-2] elements have their names, private ones their creator', () => {
  expect(names({})).toEqual([
    'Modality',
    'Referenced Image Sequence',
    'Private Creator',
    'Unknown [ACME 1.1]',
    "Patient's Name",
    'Patient ID',
    "Patient's Sex",
    'Pixel Data',
  ]);
});

test('[UI-2] a header is searched by tag, name and value, also inside sequences', () => {
  for (const words of ['0008,0060', '00080060', 'modality', 'ct']) expect(names({ words })).toContain('Modality');
  expect(names({ words: '1.2.3' })).toEqual(['Referenced Image Sequence', 'Item 1', 'Referenced SOP Instance UID']);
  expect(names({ words: 'nothing has this' })).toEqual([]);
});

test('[UI-4] a sequence with very many items shows some and offers the rest', () => {
  const long: JsonDataSet = { '52009230': { vr: 'SQ', Value: Array.from({ length: 5_000 }, () => ({})) } };
  const some = headerRows(long, { ...plain, expanded: new Set(['52009230']) });
  expect(some).toHaveLength(itemsAtOnce + 2);
  expect(some.at(-1)).toMatchObject({ kind: 'more', name: 'Show 4,970 more items' });
  expect(headerRows(long, { ...plain, expanded: new Set(['52009230', '52009230.more']) })).toHaveLength(5_001);
});

test('[UI-2] what varies over a series is told', () => {
  const slice = (position: number, extra = {}): JsonDataSet => ({
    '00080060': { vr: 'CS', Value: ['CT'] },
    '00200032': { vr: 'DS', Value: [0, 0, position] },
    '7FE00010': { vr: 'OW', BulkDataURI: `https://x/${position}` },
    ...extra,
  });
  const some = varyingTags([slice(1), slice(2, { '00185100': { vr: 'CS', Value: ['HFS'] } })]);
  expect(some).toEqual(new Set(['00200032', '00185100']));
  expect(varyingTags([slice(1)])).toEqual(new Set());
});
