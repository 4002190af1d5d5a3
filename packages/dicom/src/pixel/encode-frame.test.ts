import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codecAssets } from './codecs/codec-assets.ts';
import { openCodecs } from './codecs/codecs.ts';
import { decodeFrame } from './decode-frame.ts';
import { type DecodedFrame, frameBytes, moduleOfFrame, pixelArray } from './decoded-frame.ts';
import { encodableTransferSyntaxes, encodeFrame } from './encode-frame.ts';
import type { ImagePixelModule } from './image-pixel-module.ts';
import { CodecUnavailable, EncodeError } from './pixel-error.ts';
import { transcodeFrame } from './transcode-frame.ts';

const resolve = createRequire(import.meta.url).resolve;
const codecs = openCodecs((asset) => readFile(resolve(codecAssets[asset])));

const JPEGBaseline = '1.2.840.10008.1.2.4.50';
const JPEG2000 = '1.2.840.10008.1.2.4.90';
const lossless = encodableTransferSyntaxes.filter((uid) => uid !== JPEGBaseline);
const highThroughput = ['1.2.840.10008.1.2.4.201', '1.2.840.10008.1.2.4.202'];

interface Form {
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly samples: 1 | 3;
}

/** Noise, slopes, runs and extremes: what predictors, run modes and wavelets each find hard. */
const texture = fc.constantFrom<(i: number, random: number, last: number) => number>(
  (_, random) => random,
  (i) => 0.5 + 0.45 * Math.sin(i / 7),
  (_, random, last) => (random < 0.1 ? random * 10 : last),
  (_, random) => (random < 0.5 ? 0 : 1),
  () => 1,
);

const frames: fc.Arbitrary<DecodedFrame> = fc
  .record({
    form: fc.constantFrom<Form[]>(
      ...([8, 16] as const).flatMap((bitsAllocated) =>
        [1, 6, 8, 10, 12, 13, 16]
          .filter((bits) => bits <= bitsAllocated)
          .flatMap((bitsStored) =>
            [false, true].flatMap((signed) =>
              ([1, 3] as const).map((samples) => ({ bitsAllocated, bitsStored, signed, samples })),
            ),
          ),
      ),
    ),
    rows: fc.integer({ min: 1, max: 70 }),
    columns: fc.integer({ min: 1, max: 70 }),
    planar: fc.constantFrom<0 | 1>(0, 1),
    ybr: fc.boolean(),
    texture,
    seed: fc.integer(),
  })
  .map(({ form, rows, columns, planar, ybr, texture: shade, seed }) => {
    const { bitsAllocated, bitsStored, signed, samples } = form;
    const pixels = pixelArray(bitsAllocated, signed ? 'signed' : 'unsigned', rows * columns * samples);
    const least = signed ? -(2 ** (bitsStored - 1)) : 0;
    let random = seed >>> 0;
    let last = 0.3;
    for (let i = 0; i < pixels.length; i++) {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      last = Math.min(1, shade(i, random / 2 ** 32, last));
      pixels[i] = least + Math.floor(last * (2 ** bitsStored - 1));
    }
    const colour = ybr && bitsAllocated === 8 ? 'YBR_FULL' : 'RGB';
    return {
      pixels,
      rows,
      columns,
      samples,
      bitsAllocated,
      bitsStored,
      signed,
      highBit: bitsStored - 1,
      planar: samples === 1 ? 0 : planar,
      photometricInterpretation: samples === 1 ? 'MONOCHROME2' : colour,
    } satisfies DecodedFrame;
  });

const base: ImagePixelModule = {
  rows: 1,
  columns: 1,
  samplesPerPixel: 1,
  photometricInterpretation: '',
  planarConfiguration: 0,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  numberOfFrames: 1,
  sampleType: 'integer',
};
const moduleOf = (frame: DecodedFrame): ImagePixelModule => ({
  ...moduleOfFrame(frame, base),
  rows: frame.rows,
  columns: frame.columns,
  samplesPerPixel: frame.samples,
  pixelRepresentation: frame.signed ? 1 : 0,
});

/** What no encoder at hand writes in JPEG 2000: the frame has to be refused, not written wrongly. */
const refused = (uid: string, frame: DecodedFrame): boolean => {
  const colour = frame.samples === 3;
  if (uid === JPEG2000 && ((frame.signed && frame.bitsAllocated === 8) || Math.min(frame.rows, frame.columns) < 2))
    return true;
  if (highThroughput.includes(uid) && frame.photometricInterpretation === 'YBR_FULL') return true;
  return (uid === JPEG2000 || highThroughput.includes(uid)) && colour && frame.bitsAllocated === 16;
};

describe('[ARCH-1] a frame comes back from', () => {
  test.each(lossless)('%s as it went in', async (uid) => {
    const native = '1.2.840.10008.1.2.1';
    await fc.assert(
      fc.asyncProperty(frames, async (frame) => {
        const module = moduleOf(frame);
        const there = transcodeFrame(codecs, frameBytes(frame), module, native, uid, { verify: true });
        if (refused(uid, frame)) {
          await expect(there).rejects.toThrow(EncodeError);
          return;
        }
        const encoded = await there;
        expect(encoded.bytes.length % 2).toBe(0);
        const back = await decodeFrame(codecs, encoded.bytes, encoded.module, uid);
        const expected = await decodeFrame(codecs, frameBytes(frame), module, native);
        expect(back.damaged).toBeUndefined();
        expect(back.photometricInterpretation).toBe(frame.photometricInterpretation);
        expect(Buffer.compare(frameBytes(back), interleavedBytes(expected))).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});

function interleavedBytes({ pixels, planar, samples, rows, columns }: DecodedFrame): Uint8Array {
  const order = pixels.slice();
  if (planar === 1)
    for (let i = 0; i < order.length; i++) order[i] = pixels[(i % samples) * rows * columns + Math.floor(i / samples)]!;
  return new Uint8Array(order.buffer);
}

describe('[ARCH-1] encoding', () => {
  const gray: DecodedFrame = {
    pixels: Uint16Array.from({ length: 64 * 64 }, (_, i) => i % 4096),
    rows: 64,
    columns: 64,
    samples: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    signed: false,
    photometricInterpretation: 'MONOCHROME2',
    planar: 0,
  };

  test.each(lossless)('to %s keeps what lies outside of Bits Stored', async (uid) => {
    const pixels = gray.pixels.map((value, i) => value + (i % 5 === 0 ? 0x8000 : 0)) as Uint16Array<ArrayBuffer>;
    const { bytes } = await encodeFrame(codecs, { ...gray, pixels }, uid);
    const back = await decodeFrame(codecs, bytes, moduleOf(gray), uid);
    expect(Buffer.compare(frameBytes(back), frameBytes({ ...gray, pixels }))).toBe(0);
  });

  test('to RLE takes 32 bits, which the others refuse', async () => {
    const wide = {
      ...gray,
      pixels: Uint32Array.from(gray.pixels, (v) => v * 70001),
      bitsAllocated: 32,
      bitsStored: 32,
      highBit: 31,
    } as const;
    const { bytes } = await encodeFrame(codecs, wide, '1.2.840.10008.1.2.5');
    expect((await decodeFrame(codecs, bytes, moduleOf(wide), '1.2.840.10008.1.2.5')).pixels).toEqual(wide.pixels);
    await expect(encodeFrame(codecs, wide, JPEG2000)).rejects.toThrow(EncodeError);
    await expect(encodeFrame(codecs, { ...gray, pixels: Float32Array.from(gray.pixels) }, JPEG2000)).rejects.toThrow(
      EncodeError,
    );
  });

  test('to JPEG baseline is lossy and near, in gray and colour', async () => {
    const pixels = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => 128 + 100 * Math.sin(i / 900 + (i % 3)));
    const colour = {
      ...gray,
      pixels,
      samples: 3,
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      photometricInterpretation: 'RGB',
    } as const;
    const encoded = await encodeFrame(codecs, colour, JPEGBaseline, { quality: 95 });
    expect(encoded).toMatchObject({ lossy: true, photometricInterpretation: 'YBR_FULL_422' });
    const back = await decodeFrame(
      codecs,
      encoded.bytes,
      { ...moduleOf(colour), photometricInterpretation: 'YBR_FULL_422' },
      JPEGBaseline,
    );
    expect(back.photometricInterpretation).toBe('RGB');
    expect(Math.max(...pixels.map((value, i) => Math.abs(value - back.pixels[i]!)))).toBeLessThan(8);
    await expect(encodeFrame(codecs, gray, JPEGBaseline)).rejects.toThrow(EncodeError);
  });

  test('between native forms swaps bytes, and keeps one-bit pixels packed', async () => {
    const [little, big] = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2'];
    const swapped = await transcodeFrame(codecs, frameBytes(gray), moduleOf(gray), little, big);
    expect([...swapped.bytes.subarray(2, 4)]).toEqual([0, 1]);
    const bits = { ...base, rows: 3, columns: 3, bitsAllocated: 1, bitsStored: 1, highBit: 0 };
    const packed = await transcodeFrame(codecs, Uint8Array.of(0b10110101, 0b11), bits, little, little, { skipBits: 1 });
    expect([...packed.bytes]).toEqual([0b11011010, 1]);
    await expect(transcodeFrame(codecs, Uint8Array.of(1, 1), bits, little, JPEG2000)).rejects.toThrow(EncodeError);
  });

  test('to what has no encoder says so', async () => {
    await expect(encodeFrame(codecs, gray, '1.2.840.10008.1.2.4.102')).rejects.toThrow(CodecUnavailable);
    await expect(decodeFrame(codecs, new Uint8Array(9), moduleOf(gray), '1.2.840.10008.1.2.4.102')).rejects.toThrow(
      /video/,
    );
  });
});
