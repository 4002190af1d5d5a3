import { basicOffsetTable } from '@isocenter/dicom/pixel';
import { expect, test } from 'vitest';
import { extendedOffsetTable } from './encoded-frames.ts';

test('[ARCH-2] frames too far apart for 32 bits get the extended offset table', () => {
  const frames = [3_000_000_000, 3_000_000_000, 10];
  expect(basicOffsetTable(frames)).toBeUndefined();
  const { offsets, lengths } = extendedOffsetTable(frames);
  expect([...new BigUint64Array(offsets.buffer as ArrayBuffer)]).toEqual([0n, 3_000_000_008n, 6_000_000_016n]);
  expect([...new BigUint64Array(lengths.buffer as ArrayBuffer)]).toEqual(frames.map(BigInt));
});
