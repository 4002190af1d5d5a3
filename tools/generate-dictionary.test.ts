import { describe, expect, it } from 'vitest';
import { generateDictionary, parseCsv } from './generate-dictionary.ts';

describe('generate-dictionary', () => {
  it('[ARCH-2] the dictionary is what the tables of standards/ say', async () => {
    expect(await generateDictionary({ check: true })).toEqual([]);
  });

  it('[ARCH-2] tables are read as RFC 4180 has them', () => {
    expect(parseCsv('a,b,c\n1,"x, ""y""",\n,,z\n')).toEqual([
      ['a', 'b', 'c'],
      ['1', 'x, "y"', ''],
      ['', '', 'z'],
    ]);
  });
});
