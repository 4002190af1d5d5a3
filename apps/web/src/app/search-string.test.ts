import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSearch, stringifySearch, textsOfSearch, wholeNumberOfSearch } from './search-string.ts';

const value = fc.string({ minLength: 1 });

describe('[UI-2] what stands in the address', () => {
  test('comes back as it was, whatever the characters', () => {
    const search = fc.dictionary(
      // A name like __proto__ can't be told from what every object has.
      fc.string({ minLength: 1 }).filter((name) => !(name in {})),
      fc.oneof(value, fc.array(value, { minLength: 2 })),
    );
    fc.assert(
      fc.property(search, (given) => {
        expect(parseSearch(stringifySearch(given))).toEqual({ ...given });
      }),
    );
  });

  test('is readable, and leaves out what is not set', () => {
    expect(stringifySearch({ zone: ['landing', 'staging'], sort: '-size', page: undefined, q: '' })).toBe(
      '?zone=landing&zone=staging&sort=-size',
    );
    expect(stringifySearch({})).toBe('');
  });

  test('may be anything: what is not understood counts as not set', () => {
    expect(wholeNumberOfSearch('2', 1, 10)).toBe(2);
    for (const wrong of ['0', '11', '1.5', 'x', '', undefined, ['x']]) {
      expect(wholeNumberOfSearch(wrong, 1, 10)).toBeUndefined();
    }
    expect(textsOfSearch('CT')).toEqual(['CT']);
    expect(textsOfSearch('')).toBeUndefined();
  });
});
