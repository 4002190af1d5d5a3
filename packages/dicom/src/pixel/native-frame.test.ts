import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImagePixelModule } from './image-pixel-module.ts';
import { decodeNativeFrame, nativeFrameRange, packedBits } from './native-frame.ts';
import { DecodeError } from './pixel-error.ts';

const module: ImagePixelModule = {
  rows: 2,
  columns: 3,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  numberOfFrames: 1,
  sampleType: 'integer',
  vr: 'OB',
};
const little = { littleEndian: true };
const big = { littleEndian: false };

/** Frame `frame` of a value field. */
function frameOf(value: Uint8Array, of: ImagePixelModule, encoding: typeof little, frame: number): number[] {
  const { offset, length, skipBits } = nativeFrameRange(of, encoding, frame, value.length);
  return [...decodeNativeFrame(value.subarray(offset, offset + length), of, encoding, skipBits).pixels];
}

describe('[ARCH-6] a native frame', () => {
  test('of whole bytes is exactly its range', () => {
    const of = { ...module, bitsAllocated: 16, bitsStored: 12, highBit: 11, numberOfFrames: 3 };
    expect(nativeFrameRange(of, little, 2, 36)).toEqual({ offset: 24, length: 12, skipBits: 0 });
  });

  test('of one bit a pixel starts within a byte', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        (rows, columns, frames) => {
          const of = { ...module, rows, columns, bitsAllocated: 1, bitsStored: 1, highBit: 0, numberOfFrames: frames };
          const bits = Array.from({ length: rows * columns * frames }, (_, i) => ((i * i + i) % 3) & 1);
          const value = packedBits(bits);
          for (let frame = 0; frame < frames; frame++) {
            const expected = bits.slice(frame * rows * columns, (frame + 1) * rows * columns);
            expect(frameOf(value, of, little, frame)).toEqual(expected);
          }
        },
      ),
    );
  });

  test('of bytes in words of big endian starts within a word', () => {
    const of = { ...module, columns: 1, rows: 3, numberOfFrames: 2, vr: 'OW' as const };
    const value = Uint8Array.of(2, 1, 4, 3, 6, 5);
    expect([frameOf(value, of, big, 0), frameOf(value, of, big, 1)]).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(frameOf(Uint8Array.of(1, 2, 3, 4, 5, 6), { ...of, vr: 'OB' as const }, big, 1)).toEqual([4, 5, 6]);
  });

  test('of big endian words is read as numbers', () => {
    const of = {
      ...module,
      rows: 1,
      columns: 2,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      pixelRepresentation: 1 as const,
    };
    expect(frameOf(Uint8Array.of(0xff, 0xfe, 0x01, 0x02), of, big, 0)).toEqual([-2, 258]);
    const wide = { ...of, columns: 1, bitsAllocated: 32, bitsStored: 32, highBit: 31 };
    expect(frameOf(Uint8Array.of(0xff, 0xff, 0xff, 0xfe), wide, big, 0)).toEqual([-2]);
  });

  test('of floats is read as they are', () => {
    const of = {
      ...module,
      rows: 1,
      columns: 1,
      bitsAllocated: 64,
      bitsStored: 64,
      highBit: 63,
      sampleType: 'double' as const,
    };
    expect(frameOf(new Uint8Array(Float64Array.of(-0.1).buffer), of, little, 0)).toEqual([-0.1]);
  });

  test('of YBR_FULL_422 shares chroma between two pixels, in two thirds of the bytes', () => {
    const of = {
      ...module,
      rows: 1,
      columns: 2,
      samplesPerPixel: 3,
      photometricInterpretation: 'YBR_FULL_422',
      numberOfFrames: 2,
    };
    const value = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    expect(frameOf(value, of, little, 1)).toEqual([5, 7, 8, 6, 7, 8]);
  });

  test('does not go past the end', () => {
    expect(() => nativeFrameRange({ ...module, numberOfFrames: 2 }, little, 1, 11)).toThrow(DecodeError);
    expect(() => nativeFrameRange(module, little, 1, 100)).toThrow(DecodeError);
    expect(() => decodeNativeFrame(new Uint8Array(5), module, little)).toThrow(DecodeError);
  });

  test('is not allocated when it makes no sense or is too large', () => {
    for (const wrong of [
      { rows: 0 },
      { columns: 70000 },
      { bitsStored: 9 },
      { bitsAllocated: 12 },
      { samplesPerPixel: 4 },
    ]) {
      expect(() => decodeNativeFrame(new Uint8Array(6), { ...module, ...wrong }, little)).toThrow(DecodeError);
    }
    expect(() => decodeNativeFrame(new Uint8Array(6), { ...module, rows: 65535, columns: 65535 }, little)).toThrow(
      /limit/,
    );
  });
});
