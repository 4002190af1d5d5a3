import { describe, expect, test } from 'vitest';
import { covers, parseAccept, parseMediaType } from './media-type.ts';

describe('a media type', () => {
  test.each<[string, string, Record<string, string>]>([
    ['application/dicom', 'application/dicom', {}],
    [' Application/DICOM ; Transfer-Syntax = 1.2.3 ', 'application/dicom', { 'transfer-syntax': '1.2.3' }],
    [
      'multipart/related; type="application/dicom+json"; boundary=a_b',
      'multipart/related',
      { type: 'application/dicom+json', boundary: 'a_b' },
    ],
    ['multipart/related;boundary="a; b=\\"c\\" \\\\d"', 'multipart/related', { boundary: 'a; b="c" \\d' }],
    ['multipart/related; boundary=""', 'multipart/related', { boundary: '' }],
    ['application/dicom+json;charset=utf-8', 'application/dicom+json', { charset: 'utf-8' }],
    ['*/*', '*/*', {}],
    ['image/*;q=0.5', 'image/*', { q: '0.5' }],
  ])('[ARCH-1] is read with its parameters: %s', (text, name, parameters) => {
    const type = parseMediaType(text);
    expect(type && { name: type.name, parameters: Object.fromEntries(type.parameters) }).toEqual({ name, parameters });
  });

  test.each(['', 'application', 'application/', '/dicom', 'a b/c', 'application/dicom, text/html'])(
    '[ARCH-1] is no such text: "%s"',
    (text) => {
      expect(parseMediaType(text)).toBeUndefined();
    },
  );

  test('[ARCH-1] is covered by itself and by wildcards', () => {
    expect(covers('*/*', 'image/png')).toBe(true);
    expect(covers('image/*', 'image/png')).toBe(true);
    expect(covers('image/png', 'image/png')).toBe(true);
    expect(covers('image/jpeg', 'image/png')).toBe(false);
    expect(covers('imagery/*', 'image/png')).toBe(false);
    expect(covers('ima/*', 'image/png')).toBe(false);
  });
});

describe('Accept', () => {
  const names = (header: string | undefined) => parseAccept(header).map(({ name }) => name);

  test('[ARCH-1] puts the best first, and equals in the order given', () => {
    expect(names('a/a;q=0.1, b/b, c/c;q=0.5, d/d;q=1.0')).toEqual(['b/b', 'd/d', 'c/c', 'a/a']);
  });

  test('[ARCH-1] leaves out what is not wanted and what makes no sense', () => {
    expect(names('a/a;q=0, nonsense, b/b;q=0.000, c/c;q=x, ,')).toEqual(['c/c']);
  });

  test('[ARCH-1] stands for everything when it is absent or empty', () => {
    expect(names(undefined)).toEqual(['*/*']);
    expect(names(' ')).toEqual(['*/*']);
  });

  test('[ARCH-1] may have commas and semicolons in quotes', () => {
    const [first, second] = parseAccept('multipart/related; type="a/b, c;d"; transfer-syntax=*, x/y');
    expect(first?.parameters.get('type')).toBe('a/b, c;d');
    expect(first?.parameters.get('transfer-syntax')).toBe('*');
    expect(second?.name).toBe('x/y');
  });
});
