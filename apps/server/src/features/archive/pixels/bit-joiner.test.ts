import { packedBits } from '@isocenter/dicom/pixel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BitJoiner } from './bit-joiner.ts';

test('[ARCH-2] frames of bits joined are the bits of all frames, packed', () => {
  const frames = fc.integer({ min: 1, max: 40 }).chain((bits) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: bits, maxLength: bits }), {
      minLength: 1,
      maxLength: 9,
    }),
  );
  fc.assert(
    fc.property(frames, (all) => {
      const joiner = new BitJoiner();
      const joined = all.map((frame) => joiner.add(packedBits(frame), frame.length));
      expect(Buffer.concat([...joined, joiner.end()])).toEqual(Buffer.from(packedBits(all.flat())));
    }),
  );
});
