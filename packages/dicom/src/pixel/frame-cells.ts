import { type DecodedFrame, pixelArray } from './decoded-frame.ts';
import type { ImagePixelModule } from './image-pixel-module.ts';
import { DecodeError } from './pixel-error.ts';

/** How the cells that a codec gave are to be read. */
export interface Cells {
  readonly bytesEach: number;
  /** Bits of the stream's samples; those above are not looked at. */
  readonly precision: number;
  readonly photometricInterpretation: string;
  /** A plane for each sample instead of the samples of a pixel together. */
  readonly planes?: boolean;
  readonly damaged?: string | undefined;
}

/**
 * Cells from a codec as the data set's samples. Codecs differ in width and sign from the data set (JPEG streams have no
 * sign, JPEG 2000's may contradict Pixel Representation): the low `precision` bits are taken as they are, as one
 * pattern, and read with the data set's sign. A stream deeper than Bits Allocated makes the frame wider, never cut.
 */
export function cellsToFrame(bytes: Uint8Array<ArrayBuffer>, module: ImagePixelModule, cells: Cells): DecodedFrame {
  const { rows, columns, samplesPerPixel: samples } = module;
  const signed = module.pixelRepresentation === 1;
  const { bytesEach, precision } = cells;
  if (bytes.length !== rows * columns * samples * bytesEach) throw new DecodeError('Decoded frame has a wrong size');
  const bits = width(Math.max(precision, module.bitsAllocated));
  const fitting = bits === bytesEach * 8 && (precision === bits || !signed);
  const kind = signed ? 'signed' : 'unsigned';
  const pixels = fitting
    ? pixelArray(bits, kind, bytes.buffer)
    : widened(bytes, bytesEach, precision, pixelArray(bits, kind, rows * columns * samples));
  const bitsStored = Math.min(
    bits,
    Math.max(precision > module.bitsStored && precision > module.bitsAllocated ? precision : 0, module.bitsStored),
  );
  return {
    pixels: cells.planes ? interleave(pixels, samples) : pixels,
    rows,
    columns,
    samples,
    bitsAllocated: bits,
    bitsStored,
    highBit: Math.max(module.highBit, bitsStored - 1),
    signed,
    photometricInterpretation: cells.photometricInterpretation,
    planar: 0,
    ...(cells.damaged ? { damaged: cells.damaged } : {}),
  };
}

function width(bits: number): 8 | 16 | 32 {
  if (bits <= 8) return 8;
  return bits <= 16 ? 16 : 32;
}

function widened<T extends DecodedFrame['pixels']>(
  bytes: Uint8Array<ArrayBuffer>,
  bytesEach: number,
  precision: number,
  to: T,
): T {
  const from =
    bytesEach === 1 ? bytes : bytesEach === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
  const signed = to instanceof Int8Array || to instanceof Int16Array || to instanceof Int32Array;
  const shift = 32 - precision;
  if (signed) for (let i = 0; i < to.length; i++) to[i] = (from[i]! << shift) >> shift;
  else for (let i = 0; i < to.length; i++) to[i] = (from[i]! << shift) >>> shift;
  return to;
}

function interleave<T extends DecodedFrame['pixels']>(planes: T, samples: number): T {
  const count = planes.length / samples;
  const copy = planes.slice() as T;
  for (let sample = 0; sample < samples; sample++) {
    for (let i = 0, at = sample; i < count; i++, at += samples) copy[at] = planes[sample * count + i]!;
  }
  return copy;
}
