import type { ImagePixelModule } from './image-pixel-module.ts';

export type PixelArray =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/**
 * The samples of one frame. Integer samples are the cells of Pixel Data: bits outside Bits Stored are as they came
 * (a native file may keep an overlay there), see {@link import('./stored-values.ts')}. One-bit pixels are unpacked,
 * one to a byte, 0 or 1.
 */
export interface DecodedFrame {
  readonly pixels: PixelArray;
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  /** Of each element of `pixels`. */
  readonly bitsAllocated: 8 | 16 | 32 | 64;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** What the samples are now: a decoder may have turned YBR into RGB, and never leaves a subsampled form. */
  readonly photometricInterpretation: string;
  readonly planar: 0 | 1;
  /** Why part of the picture may be wrong: the decoder found data missing or broken and filled in. */
  readonly damaged?: string;
}

/** An array for `length` samples, over `buffer` from its start or fresh. */
export function pixelArray(
  bits: 8 | 16 | 32 | 64,
  kind: 'unsigned' | 'signed' | 'float',
  source: number | ArrayBuffer,
): PixelArray {
  const buffer = typeof source === 'number' ? new ArrayBuffer((source * bits) / 8) : source;
  if (kind === 'float') return bits === 64 ? new Float64Array(buffer) : new Float32Array(buffer);
  const signed = kind === 'signed';
  if (bits === 8) return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
  if (bits === 16) return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
  return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
}

/** The frame's bytes as little-endian native pixel data (every platform with typed arrays in use is little endian). */
export const frameBytes = (frame: DecodedFrame): Uint8Array<ArrayBuffer> =>
  new Uint8Array(frame.pixels.buffer, frame.pixels.byteOffset, frame.pixels.byteLength);

/** The Image Pixel Module that describes a decoded frame written as native pixel data. */
export function moduleOfFrame(frame: DecodedFrame, module: ImagePixelModule): ImagePixelModule {
  return {
    ...module,
    bitsAllocated: frame.bitsAllocated,
    bitsStored: frame.bitsStored,
    highBit: frame.highBit,
    photometricInterpretation: frame.photometricInterpretation,
    planarConfiguration: frame.planar,
    vr:
      module.sampleType === 'float'
        ? 'OF'
        : module.sampleType === 'double'
          ? 'OD'
          : frame.bitsAllocated === 8
            ? 'OB'
            : 'OW',
  };
}

/** The samples with the samples of each pixel together. Returns the frame itself when they are already. */
export function interleaved(frame: DecodedFrame): DecodedFrame {
  if (frame.planar === 0 || frame.samples === 1) return frame.planar === 0 ? frame : { ...frame, planar: 0 };
  const count = frame.rows * frame.columns;
  const from = frame.pixels;
  const to = from.slice();
  for (let sample = 0; sample < frame.samples; sample++) {
    const plane = sample * count;
    for (let i = 0, at = sample; i < count; i++, at += frame.samples) to[at] = from[plane + i]!;
  }
  return { ...frame, pixels: to, planar: 0 };
}
