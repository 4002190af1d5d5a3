import { DecodeError } from './pixel-error.ts';

/** What the Image Pixel Module (PS3.3 C.7.6.3) says of an instance's pixels. Everything here works from this alone. */
export interface ImagePixelModule {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly photometricInterpretation: string;
  /** 0: samples of a pixel lie together; 1: planes. */
  readonly planarConfiguration: 0 | 1;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  /** 1: two's complement. */
  readonly pixelRepresentation: 0 | 1;
  readonly numberOfFrames: number;
  /** (7FE0,0010) Pixel Data, (7FE0,0008) Float Pixel Data or (7FE0,0009) Double Float Pixel Data. */
  readonly sampleType: 'integer' | 'float' | 'double';
  /** VR of native Pixel Data: 8-bit samples in OW of a big-endian syntax are swapped in pairs. Default OW. */
  readonly vr?: 'OB' | 'OW' | 'OF' | 'OD';
}

/** Largest frame that is decoded unless the caller says otherwise, in bytes of decoded pixels. */
export const defaultMaxFrameBytes = 512 * 1024 * 1024;

/** Chroma subsampled in native form: two pixels share one Cb and one Cr (PS3.3 C.7.6.3.1.2). */
export const isSubsampled = (photometric: string): boolean =>
  photometric === 'YBR_FULL_422' || photometric === 'YBR_PARTIAL_422';

/** Bits that one frame takes in native form, without padding. */
export function nativeFrameBits(module: ImagePixelModule): number {
  const samples = module.rows * module.columns * module.samplesPerPixel * module.bitsAllocated;
  return isSubsampled(module.photometricInterpretation) && module.samplesPerPixel === 3 ? (samples / 3) * 2 : samples;
}

/** Bytes of one decoded sample. */
export const bytesPerSample = (module: ImagePixelModule): number => Math.max(1, module.bitsAllocated / 8);

const allocations = { integer: [1, 8, 16, 32], float: [32], double: [64] };

/** Refuses what no decoder here can hold, before anything is allocated for it. */
export function checkModule(module: ImagePixelModule, maxFrameBytes = defaultMaxFrameBytes): void {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit } = module;
  if (!isCount(rows, 65535) || !isCount(columns, 65535)) {
    throw new DecodeError(`Rows ${rows}, Columns ${columns}: not the size of an image`);
  }
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3) {
    throw new DecodeError(`Samples per Pixel ${samplesPerPixel}: 1 or 3 are understood`);
  }
  if (!allocations[module.sampleType].includes(bitsAllocated)) {
    throw new DecodeError(`Bits Allocated ${bitsAllocated}: not understood for ${module.sampleType} samples`);
  }
  if (
    !isCount(bitsStored, bitsAllocated) ||
    !Number.isInteger(highBit) ||
    highBit >= bitsAllocated ||
    highBit < bitsStored - 1
  ) {
    throw new DecodeError(
      `Bits Stored ${bitsStored}, High Bit ${highBit} do not fit in ${bitsAllocated} bits allocated`,
    );
  }
  const size = rows * columns * samplesPerPixel * bytesPerSample(module);
  if (size > maxFrameBytes) {
    throw new DecodeError(`A frame of ${size} bytes is larger than the limit of ${maxFrameBytes}`);
  }
}

const isCount = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most;
