import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { fromBase64 } from '../base64.ts';
import { codecAssets } from './codecs/codec-assets.ts';
import { openCodecs } from './codecs/codecs.ts';
import { decodeFrame } from './decode-frame.ts';
import type { ImagePixelModule } from './image-pixel-module.ts';
import { readJpegXlHeader } from './jpeg-xl-header.ts';
import { DecodeError } from './pixel-error.ts';

const resolve = createRequire(import.meta.url).resolve;
const codecs = openCodecs((asset) => readFile(resolve(codecAssets[asset])));

/** Made by libjxl, lossless: sample i is i * 37, modulo what the bits hold. The last is in a container. */
const streams = [
  {
    bits: 12,
    samples: 1,
    columns: 12,
    rows: 9,
    text: '/wpAMBgULQIIBAEAJAFLKDfG364oKIgYsZoxBnMdYzDHQwAtA2DEJ0mSJMmTJEmS5EmSJEn6YPYkSZIkeZIkSZI8SZIkSaAAniRJkiRPkiRJkidJkiQJ',
  },
  {
    bits: 8,
    samples: 3,
    columns: 10,
    rows: 8,
    text:
      '/wrBQCQIBAEA9ANLOEHZLS80FJbbg/dXUFBQUjFSUGCTYgwm1HUbLViOjo6Nohti8IIYnA5jDM7QYgNijGGMMUbEGBmDs40xOsYYEXWBgALaY4cGqDd/8uFSLf//1RIu' +
      '1fLTXy3hUmXyL9USLk3d1ZIT4ZSedoriW8a8UzKwThlqstNz0lrX/0661rWu8/p0rWtd9/TpWte6zt7Si4djtHQnTid1wtshKWaREg+qKoehqmq1oKo+aOeUgd/vxvfDwJ5q' +
      'DIH2xt+1ZezPsMPiPiy8e4L6PetqBumd/bNCKRM8lWc+wR61ybHr2X9/7jFmM8hPdIBVri//fBpgapdo8tmM9+8BiTEA',
  },
  {
    bits: 16,
    samples: 1,
    columns: 8,
    rows: 8,
    text:
      'AAAADEpYTCANCocKAAAAFGZ0eXBqeGwgAAAAAGp4bCAAAAAJanhsbAoAAABIanhsY/8KQfADFC0CCAQBAMgASyg3xt+uKChIigunCOATERERTREREdEUERERTREREdEU' +
      'ERERTREREdEUERERTRERERE=',
  },
];

describe('[ARCH-2] JPEG XL', () => {
  test.each(streams)(
    'of $bits bits, $samples samples decodes as it was',
    async ({ bits, samples, columns, rows, text }) => {
      const bytes = fromBase64(text);
      expect(readJpegXlHeader(bytes)).toEqual({ rows, columns, precision: bits });
      const module: ImagePixelModule = {
        rows,
        columns,
        samplesPerPixel: samples,
        photometricInterpretation: samples === 3 ? 'RGB' : 'MONOCHROME2',
        planarConfiguration: 0,
        bitsAllocated: bits > 8 ? 16 : 8,
        bitsStored: bits,
        highBit: bits - 1,
        pixelRepresentation: 0,
        numberOfFrames: 1,
        sampleType: 'integer',
      };
      const { pixels } = await decodeFrame(codecs, bytes, module, '1.2.840.10008.1.2.4.110');
      expect([...pixels]).toEqual(Array.from({ length: rows * columns * samples }, (_, i) => (i * 37) % 2 ** bits));
    },
  );

  test('that is cut short or no JPEG XL is refused', () => {
    for (const bytes of [[], [0xff, 0x0a], [0xff, 0xd8, 0xff, 0xe0], [0, 0, 0, 1, 0x4a, 0x58, 0x4c, 0x20]]) {
      expect(() => readJpegXlHeader(Uint8Array.from(bytes))).toThrow(DecodeError);
    }
  });
});
