import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBundle, encodeBundle } from './bundle.ts';
import { bundlePath, parseTilePath, placeOf, tileAt, tilePath } from './tile.ts';

describe('[TRACE-1.2] paths of C2SP tlog-tiles', () => {
  test.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 67, width: 256 }, 'tile/0/067'],
    [{ level: 0, index: 1067, width: 256 }, 'tile/0/x001/067'],
    [{ level: 5, index: 1234067, width: 256 }, 'tile/5/x001/x234/067'],
    [{ level: 63, index: 1234067, width: 1 }, 'tile/63/x001/x234/067.p/1'],
    [{ level: 0, index: 273, width: 255 }, 'tile/0/273.p/255'],
  ])('%o is %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
    const { level: _, ...bundle } = tile;
    expect(parseTilePath(bundlePath(bundle))).toEqual({ level: 'entries', ...bundle });
  });

  test.each([
    'tile/0/67',
    'tile/0/x000/067',
    'tile/00/067',
    'tile/64/067',
    'tile/0/067.p/0',
    'tile/0/067.p/256',
    'tile/0/067.p/012',
    'tile/0/001/067',
    'tile/-1/067',
    'tile/0/x001/x067',
    'tile/0/067/',
    'tile/entries/',
    'tile/data/000',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
  ])('%s is none', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  test('every tile has one path', () => {
    const tile = fc.record({
      level: fc.nat(63),
      index: fc.maxSafeNat().map((n) => n % 1e12),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(tile, (any) => {
        expect(parseTilePath(tilePath(any))).toEqual(any);
      }),
    );
  });

  test('there are no tiles but of a width from 1 to 256', () => {
    for (const width of [0, 257]) expect(() => tilePath({ level: 0, index: 0, width })).toThrow(/no such tile/);
    expect(tileAt(0, 3, 700).width).toBe(0);
    expect(tileAt(0, 2, 700).width).toBe(700 - 512);
    expect(tileAt(1, 0, 700).width).toBe(2);
  });

  test('nodes lie in the tile of their level, also far beyond 32 bits', () => {
    expect(placeOf({ level: 9, index: 3 })).toEqual({ level: 1, index: 0, from: 6, count: 2 });
    expect(placeOf({ level: 0, index: 2 ** 40 + 5 })).toEqual({ level: 0, index: 2 ** 32, from: 5, count: 1 });
  });
});

describe('[TRACE-1.2] bundles of entries', () => {
  test('read as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (entries) => {
        expect(decodeBundle(encodeBundle(entries))).toEqual(entries);
      }),
    );
    const longest = new Uint8Array(65_535).fill(7);
    expect(decodeBundle(encodeBundle([longest]))).toEqual([longest]);
  });

  test('hold no longer entries, and end where an entry ends', () => {
    expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow(/longer/);
    const bundle = encodeBundle([new Uint8Array(3), new Uint8Array(4)]);
    expect(() => decodeBundle(bundle.subarray(0, -1))).toThrow(/entry 1/);
    expect(() => decodeBundle(bundle.subarray(0, 6))).toThrow(/entry 1/);
  });
});
