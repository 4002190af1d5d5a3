import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { Seeded } from '../testing/mutate.ts';
import { codecAssets } from './codecs/codec-assets.ts';
import { openCodecs } from './codecs/codecs.ts';
import { decodeFrame } from './decode-frame.ts';
import { type DecodedFrame, frameBytes } from './decoded-frame.ts';
import { encodableTransferSyntaxes, encodeFrame } from './encode-frame.ts';
import type { ImagePixelModule } from './image-pixel-module.ts';
import { CodecUnavailable, DecodeError } from './pixel-error.ts';

const resolve = createRequire(import.meta.url).resolve;
const codecs = openCodecs((asset) => readFile(resolve(codecAssets[asset])));

const [JPEGBaseline, JPEGLossless, JPEGLS, JPEG2000, HTJ2K] = ['50', '70', '80', '90', '201'].map(
  (last) => `1.2.840.10008.1.2.4.${last}`,
) as [string, string, string, string, string];

/** Processor time that a broken frame of 96 x 80 pixels may take, ms. Most take less than two. */
const TIME = 3000;
/** How many mutated frames are tried; ISOCENTER_FUZZ asks for more. */
const RUNS = Number(process.env.ISOCENTER_FUZZ ?? (process.env.CI === 'true' ? 3000 : 600));
const SEED = Number(process.env.ISOCENTER_FUZZ_SEED ?? 1);

const module: ImagePixelModule = {
  rows: 96,
  columns: 80,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  pixelRepresentation: 0,
  numberOfFrames: 1,
  sampleType: 'integer',
};
const gray: DecodedFrame = {
  pixels: Uint16Array.from({ length: 96 * 80 }, (_, i) => (i % 80 < 20 ? 7 : 2000 + 1900 * Math.sin(i / 31) + (i % 7))),
  rows: 96,
  columns: 80,
  samples: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  signed: false,
  photometricInterpretation: 'MONOCHROME2',
  planar: 0,
};
const colour: DecodedFrame = {
  ...gray,
  pixels: Uint8Array.from({ length: 96 * 80 * 3 }, (_, i) => 128 + 100 * Math.sin(i / 90 + (i % 3))),
  samples: 3,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  photometricInterpretation: 'RGB',
};

interface Sample {
  readonly uid: string;
  readonly bytes: Uint8Array;
  readonly module: ImagePixelModule;
}
const samples: Sample[] = [];
const sampleOf = (uid: string): Sample => samples.find((sample) => sample.uid === uid)!;

beforeAll(async () => {
  for (const uid of encodableTransferSyntaxes) {
    for (const frame of uid === JPEGBaseline ? [colour] : [gray, colour]) {
      const { bytes, photometricInterpretation } = await encodeFrame(codecs, frame, uid);
      const { bitsAllocated, bitsStored, highBit, samples: samplesPerPixel } = frame;
      const own = { ...module, bitsAllocated, bitsStored, highBit, samplesPerPixel, photometricInterpretation };
      samples.push({ uid, bytes, module: own });
    }
  }
});

const decode = ({ uid, bytes, module: own }: Sample): Promise<DecodedFrame> => decodeFrame(codecs, bytes, own, uid);

describe('[ARCH-1] a frame that is broken', () => {
  test('ends in a typed error or a picture, in bounded time', async () => {
    const random = new Seeded(SEED);
    for (let run = 0; run < RUNS; run++) {
      const sample = random.pick(samples);
      const bytes = mutated(sample.bytes, random);
      const before = process.cpuUsage();
      const outcome = await decode({ ...sample, bytes }).then(
        (frame) => frame.rows,
        (error: unknown) => (error instanceof DecodeError || error instanceof CodecUnavailable ? 96 : error),
      );
      const { user, system } = process.cpuUsage(before);
      expect({ run, uid: sample.uid, outcome }).toEqual({ run, uid: sample.uid, outcome: 96 });
      expect({ run, uid: sample.uid, slow: (user + system) / 1000 > TIME }).toEqual({
        run,
        uid: sample.uid,
        slow: false,
      });
    }
  }, 280_000);

  test('leaves nothing behind for the next one', async () => {
    for (const sample of samples) {
      const whole = frameBytes(await decode(sample));
      const half = sample.bytes.subarray(0, sample.bytes.length >> 1);
      await decode({ ...sample, bytes: half }).catch(() => undefined);
      expect(Buffer.compare(frameBytes(await decode(sample)), whole)).toBe(0);
    }
  });

  test('in half is refused, or said to be damaged', async () => {
    for (const sample of samples) {
      const half = sample.bytes.subarray(0, sample.bytes.length >> 1);
      const outcome = await decode({ ...sample, bytes: half }).then(
        (frame) => frame.damaged !== undefined,
        (error: unknown) => error instanceof DecodeError,
      );
      expect([sample.uid, outcome]).toEqual([sample.uid, true]);
    }
  });

  test('by a TEM marker in a JPEG header is refused', async () => {
    const { bytes, ...more } = sampleOf(JPEGLossless);
    const broken = Uint8Array.of(0xff, 0xd8, 0xff, 0x01, 0, 4, 0, 0, ...bytes.subarray(2));
    await expect(decode({ ...more, bytes: broken })).rejects.toThrow(DecodeError);
  });

  test('by tiles that begin behind the picture is refused', async () => {
    for (const uid of [JPEG2000, HTJ2K]) {
      const { bytes, ...more } = sampleOf(uid);
      const broken = Uint8Array.from(bytes);
      broken[39] = 0x17;
      await expect(decode({ ...more, bytes: broken })).rejects.toThrow(/tiles/);
    }
  });

  test('by another size than the data set’s is refused', async () => {
    for (const sample of samples.filter(({ uid }) => uid.includes('.4.'))) {
      for (const size of [{ rows: 95 }, { columns: 81 }]) {
        const wrong = { ...sample, module: { ...sample.module, ...size } };
        await expect(decode(wrong)).rejects.toThrow(/The stream holds 96 rows, 80 columns/);
      }
    }
  });

  test('by its size is refused before it is decoded', async () => {
    const sample = sampleOf(JPEG2000);
    await expect(decodeFrame(codecs, sample.bytes, sample.module, sample.uid, { maxFrameBytes: 1000 })).rejects.toThrow(
      /limit/,
    );
  });
});

describe('[ARCH-2] a decoded frame', () => {
  test('of JPEG-LS that lost its last byte has its lines but the last, and says so', async () => {
    const sample = sampleOf(JPEGLS);
    const end = sample.bytes.lastIndexOf(0xd9) - 1;
    const frame = await decode({ ...sample, bytes: sample.bytes.subarray(0, end - 1) });
    expect(frame.damaged).toMatch(/last line/);
    expect(frame.pixels.subarray(0, 95 * 80)).toEqual(gray.pixels.subarray(0, 95 * 80));
  });

  test('of a stream without sign has the sign of the data set, from the stream’s own precision', async () => {
    const signed = { ...gray, pixels: Int16Array.from({ length: 96 * 80 }, (_, i) => (i % 4096) - 2048), signed: true };
    const unsigned = { ...gray, pixels: Uint16Array.from(signed.pixels, (value) => value & 0xfff) };
    for (const uid of [JPEGLossless, JPEGLS, JPEG2000, HTJ2K]) {
      const { bytes } = await encodeFrame(codecs, unsigned, uid);
      const back = await decodeFrame(codecs, bytes, { ...module, pixelRepresentation: 1 }, uid);
      expect(back.pixels).toEqual(signed.pixels);
    }
  });

  test('of a JPEG 2000 file is that of the codestream in it', async () => {
    const sample = sampleOf(JPEG2000);
    const box = (type: string, content: ArrayLike<number>): number[] => {
      const length = content.length + 8;
      return [
        length >>> 24,
        (length >>> 16) & 255,
        (length >>> 8) & 255,
        length & 255,
        ...Buffer.from(type),
        ...Array.from(content),
      ];
    };
    const bytes = Uint8Array.from([
      ...box('jP  ', [13, 10, 135, 10]),
      ...box('ftyp', [1, 2, 3, 4]),
      ...box('jp2c', sample.bytes),
    ]);
    expect((await decode({ ...sample, bytes })).pixels).toEqual(gray.pixels);
  });

  test('is wider than the data set says when its stream is', async () => {
    const { bytes } = await encodeFrame(codecs, gray, JPEG2000);
    const narrow = { ...module, bitsAllocated: 8, bitsStored: 8, highBit: 7 };
    expect(await decodeFrame(codecs, bytes, narrow, JPEG2000)).toMatchObject({
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
    });
  });
});

/** Cut short, or with some bytes changed, more often in the header. */
function mutated(bytes: Uint8Array, random: Seeded): Uint8Array {
  if (random.below(5) === 0) return bytes.slice(0, random.below(bytes.length));
  const copy = bytes.slice();
  const reach = random.below(2) === 0 ? Math.min(300, copy.length) : copy.length;
  for (let left = 1 + random.below(8); left > 0; left--) {
    copy[random.below(reach)] = random.below(3) === 0 ? random.pick([0, 1, 0x7f, 0x80, 0xff]) : random.below(256);
  }
  return copy;
}
