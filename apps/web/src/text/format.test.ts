import { describe, expect, test } from 'vitest';
import { ageAt, formatAgo, formatBytes, formatDuration, formatPersonName } from './format.ts';

describe('[UI-10] values are written as people read them:', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [1_540_000, '1.5 MB'],
    [31_534_510, '32 MB'],
    [999_600_000, '1 GB'],
    [4.2e15, '4.2 PB'],
  ])('%d bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test.each([
    [0.2, '0 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [7_500, '2 h 5 min'],
    [360_000, '4 d 4 h'],
  ])('%d seconds', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test.each([
    ['Okonkwo^Adaeze', 'Okonkwo, Adaeze'],
    ['Adams^John Robert Quincy^^Rev.^B.A. M.Div.', 'Adams, Rev. John Robert Quincy, B.A. M.Div.'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou (山田, 太郎, やまだ, たろう)'],
    ['ROGERS', 'ROGERS'],
    ['^^^^', ''],
    ['', ''],
  ])('the name %j', (name, text) => expect(formatPersonName(name)).toBe(text));

  test('an age in whole years, at the birthday and the day before', () => {
    expect(ageAt('1962-04-17', '2026-04-17')).toBe(64);
    expect(ageAt('1962-04-17', '2026-04-16')).toBe(63);
    expect(ageAt('2026-04-17', '1962-04-17')).toBeNull();
    expect(ageAt(null, '2026-04-17')).toBeNull();
  });

  test('how long ago', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    expect(formatAgo('2026-11-23T11:59:30Z', now)).toBe('now');
    expect(formatAgo('2026-11-23T11:55:00Z', now)).toBe('5 min ago');
    expect(formatAgo('2026-10-10T12:00:00Z', now)).toBe('1 mo ago');
  });
});
