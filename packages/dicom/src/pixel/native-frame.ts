import type { Encoding } from '../model.ts';
import { type DecodedFrame, pixelArray } from './decoded-frame.ts';
import { checkModule, type ImagePixelModule, isSubsampled, nativeFrameBits } from './image-pixel-module.ts';
import { DecodeError } from './pixel-error.ts';

/** Where a frame lies in native pixel data: the bytes to read, and how far into them it begins. */
export interface NativeFrameRange {
  /** From the first byte of the value field. */
  readonly offset: number;
  readonly length: number;
  /**
   * Bits before the frame's first: 1-bit frames follow each other without padding (PS3.5 8.1.1), and 8-bit samples
   * swapped in pairs (big endian, OW) of an odd frame begin in the middle of a pair. 0: the range is the frame itself.
   */
  readonly skipBits: number;
}

const swapsPairs = (module: ImagePixelModule, encoding: Pick<Encoding, 'littleEndian'>): boolean =>
  !encoding.littleEndian && module.vr !== 'OB' && module.bitsAllocated <= 8;

/** The bytes of native frame `frame` (from 0) of a value field of `valueLength` bytes. */
export function nativeFrameRange(
  module: ImagePixelModule,
  encoding: Pick<Encoding, 'littleEndian'>,
  frame: number,
  valueLength: number,
): NativeFrameRange {
  if (!Number.isInteger(frame) || frame < 0 || frame >= module.numberOfFrames) {
    throw new DecodeError(`There is no frame ${frame + 1} of ${module.numberOfFrames}`);
  }
  const bits = nativeFrameBits(module);
  const unit = swapsPairs(module, encoding) ? 16 : 8;
  const first = frame * bits;
  const start = Math.floor(first / unit) * unit;
  const end = Math.ceil((first + bits) / unit) * unit;
  if (Math.ceil((first + bits) / 8) > valueLength) {
    throw new DecodeError(
      `Pixel data of ${valueLength} bytes end before frame ${frame + 1} of ${module.numberOfFrames}`,
    );
  }
  return { offset: start / 8, length: Math.min(end / 8, valueLength) - start / 8, skipBits: first - start };
}

/** Decodes the bytes of one native frame; `skipBits` as {@link NativeFrameRange} gives it. */
export function decodeNativeFrame(
  bytes: Uint8Array,
  module: ImagePixelModule,
  encoding: Pick<Encoding, 'littleEndian'>,
  skipBits = 0,
  maxFrameBytes?: number,
): DecodedFrame {
  checkModule(module, maxFrameBytes);
  const bits = nativeFrameBits(module);
  const ordered = swapsPairs(module, encoding) ? swapped(bytes, 2) : bytes;
  if (ordered.length * 8 < skipBits + bits) {
    throw new DecodeError(`A frame needs ${Math.ceil(bits / 8)} bytes, there are ${bytes.length}`);
  }
  if (module.bitsAllocated === 1) return unpackedBits(ordered, module, skipBits);
  if (isSubsampled(module.photometricInterpretation) && module.samplesPerPixel === 3) {
    return unpacked422(ordered.subarray(skipBits / 8), module);
  }
  // A copy, also where the bytes are a Buffer of Node, whose slice() is a view.
  const own = new Uint8Array(ordered.subarray(skipBits / 8, (skipBits + bits) / 8));
  const unit = module.bitsAllocated / 8;
  const native = encoding.littleEndian || unit === 1 ? own : swapped(own, unit);
  const kind = module.sampleType !== 'integer' ? 'float' : module.pixelRepresentation === 1 ? 'signed' : 'unsigned';
  const bitsAllocated = allocated(module.bitsAllocated);
  return {
    ...frameOf(module),
    pixels: pixelArray(bitsAllocated, kind, native.buffer),
    bitsAllocated,
    planar: module.samplesPerPixel === 1 ? 0 : module.planarConfiguration,
  };
}

function allocated(bits: number): 8 | 16 | 32 | 64 {
  if (bits === 8 || bits === 16 || bits === 32 || bits === 64) return bits;
  throw new DecodeError(`Bits Allocated ${bits} is not understood`);
}

const frameOf = (module: ImagePixelModule) => ({
  rows: module.rows,
  columns: module.columns,
  samples: module.samplesPerPixel,
  bitsStored: module.bitsStored,
  highBit: module.highBit,
  signed: module.sampleType === 'integer' && module.pixelRepresentation === 1,
  photometricInterpretation: module.photometricInterpretation,
});

/** A copy with the bytes of each unit of 2, 4 or 8 reversed; a tail shorter than a unit is left out. */
export function swapped(bytes: Uint8Array, unit: number): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(bytes.length - (bytes.length % unit));
  for (let at = 0; at < to.length; at += unit) {
    for (let i = 0; i < unit; i++) to[at + i] = bytes[at + unit - 1 - i]!;
  }
  return to;
}

/** One-bit pixels, the first in the least significant bit (PS3.5 8.1.1). */
function unpackedBits(bytes: Uint8Array, module: ImagePixelModule, skipBits: number): DecodedFrame {
  const pixels = new Uint8Array(module.rows * module.columns * module.samplesPerPixel);
  for (let i = 0, bit = skipBits; i < pixels.length; i++, bit++) pixels[i] = (bytes[bit >> 3]! >> (bit & 7)) & 1;
  return { ...frameOf(module), pixels, bitsAllocated: 8, signed: false, planar: 0 };
}

/** Packs pixels of 0 and other values to bits, the first in the least significant bit; the last byte is filled with 0. */
export function packedBits(pixels: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(pixels.length / 8));
  for (let i = 0; i < pixels.length; i++) if (pixels[i] !== 0) bytes[i >> 3]! |= 1 << (i & 7);
  return bytes;
}

/** Y1 Y2 Cb Cr of each pair of pixels (PS3.3 C.7.6.3.1.2) to Y Cb Cr of each. */
function unpacked422(bytes: Uint8Array, module: ImagePixelModule): DecodedFrame {
  const { rows, columns } = module;
  if (module.bitsAllocated !== 8 || columns % 2 !== 0) {
    throw new DecodeError(
      `${module.photometricInterpretation} of ${columns} columns, ${module.bitsAllocated} bits is not understood`,
    );
  }
  const pixels = new Uint8Array(rows * columns * 3);
  for (let from = 0, to = 0; to < pixels.length; from += 4, to += 6) {
    const cb = bytes[from + 2]!;
    const cr = bytes[from + 3]!;
    pixels[to] = bytes[from]!;
    pixels[to + 1] = cb;
    pixels[to + 2] = cr;
    pixels[to + 3] = bytes[from + 1]!;
    pixels[to + 4] = cb;
    pixels[to + 5] = cr;
  }
  const photometricInterpretation = module.photometricInterpretation === 'YBR_FULL_422' ? 'YBR_FULL' : 'YBR_PARTIAL';
  return { ...frameOf(module), pixels, bitsAllocated: 8, signed: false, photometricInterpretation, planar: 0 };
}
