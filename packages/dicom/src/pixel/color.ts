import { type DecodedFrame, interleaved } from './decoded-frame.ts';
import { RenderError } from './pixel-error.ts';

/**
 * A frame of three samples as RGB, samples of a pixel together, of the same depth. Conversions are those of PS3.3
 * C.7.6.3.1.2 in 16-bit fixed point, as libjpeg does them.
 */
export function toRgb(frame: DecodedFrame): DecodedFrame {
  const photometric = frame.photometricInterpretation;
  if (photometric === 'RGB') return interleaved(frame);
  if (photometric !== 'YBR_FULL' && photometric !== 'YBR_PARTIAL') {
    throw new RenderError(`Photometric Interpretation ${photometric} can't be shown`);
  }
  if (frame.bitsAllocated !== 8) throw new RenderError(`${photometric} of ${frame.bitsAllocated} bits can't be shown`);
  const source = interleaved(frame);
  const pixels = new Uint8ClampedArray(source.pixels.length);
  const from = new Uint8Array(source.pixels.buffer, source.pixels.byteOffset, source.pixels.length);
  if (photometric === 'YBR_FULL') fromFull(from, pixels);
  else fromPartial(from, pixels);
  return { ...source, pixels: new Uint8Array(pixels.buffer), photometricInterpretation: 'RGB', signed: false };
}

const fixed = (factor: number): number => Math.round(factor * 65536);
const half = 32768;

/** R = Y + 1.402 Cr, G = Y - 0.344136 Cb - 0.714136 Cr, B = Y + 1.772 Cb; Cb and Cr around 128. */
function fromFull(from: Uint8Array, to: Uint8ClampedArray): void {
  const [red, greenCb, greenCr, blue] = [fixed(1.402), fixed(0.344136286), fixed(0.714136286), fixed(1.772)];
  for (let i = 0; i + 2 < from.length; i += 3) {
    const y = from[i]!;
    const cb = from[i + 1]! - 128;
    const cr = from[i + 2]! - 128;
    to[i] = y + ((red * cr + half) >> 16);
    to[i + 1] = y + ((half - greenCb * cb - greenCr * cr) >> 16);
    to[i + 2] = y + ((blue * cb + half) >> 16);
  }
}

/** The same of "studio" range: Y from 16 to 235, Cb and Cr from 16 to 240. */
function fromPartial(from: Uint8Array, to: Uint8ClampedArray): void {
  const gain = fixed(255 / 219);
  const [red, greenCb] = [fixed((1.402 * 255) / 224), fixed((0.344136286 * 255) / 224)];
  const [greenCr, blue] = [fixed((0.714136286 * 255) / 224), fixed((1.772 * 255) / 224)];
  for (let i = 0; i + 2 < from.length; i += 3) {
    const y = gain * (from[i]! - 16) + half;
    const cb = from[i + 1]! - 128;
    const cr = from[i + 2]! - 128;
    to[i] = (y + red * cr) >> 16;
    to[i + 1] = (y - greenCb * cb - greenCr * cr) >> 16;
    to[i + 2] = (y + blue * cb) >> 16;
  }
}
