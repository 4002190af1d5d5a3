import { deflateSync } from 'fflate';
import {
  ExplicitVRBigEndian,
  HTJ2KLossless,
  JPEG2000Lossless,
  JPEGBaseline8Bit,
  JPEGLosslessSV1,
  JPEGLSLossless,
  RLELossless,
  transferSyntaxOf,
} from '../transfer-syntax.ts';
import { CodecFailure } from './codecs/codec-io.ts';
import type { Codecs } from './codecs/codecs.ts';
import { toRgb } from './color.ts';
import { type DecodedFrame, frameBytes, interleaved } from './decoded-frame.ts';
import { type EncoderCells, encoderCells } from './encoder-cells.ts';
import { swapped } from './native-frame.ts';
import { CodecUnavailable, EncodeError } from './pixel-error.ts';
import { encodeRle } from './rle.ts';

export interface EncodeOptions {
  /** Of JPEG baseline, 1 to 100. Default 90. */
  readonly quality?: number;
}

/** A frame in a transfer syntax, and what it changes in the Image Pixel Module. */
export interface EncodedFrame {
  /** Of even length when compressed: ready to be a fragment. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly photometricInterpretation: string;
  readonly planarConfiguration: 0 | 1;
  /** Decoding it doesn't give back the same samples. */
  readonly lossy: boolean;
}

type Encoder = (codecs: Codecs, frame: DecodedFrame, options: EncodeOptions) => Promise<EncodedFrame> | EncodedFrame;

const encoders: Readonly<Record<string, Encoder>> = {
  [RLELossless]: (_, frame) =>
    lossless(frame, encodeRle(frameBytes(frame), frame.columns, frame.bitsAllocated / 8, frame.samples)),
  '1.2.840.10008.1.2.8.1': (_, frame) => lossless(frame, new Uint8Array(deflateSync(frameBytes(frame)))),
  [JPEGLosslessSV1]: (codecs, frame) => encodeJpegLossless(codecs, frame),
  [JPEGLSLossless]: async (codecs, frame) => {
    const { bytes, ...input } = encoderCells(frame, 'pattern');
    return lossless(frame, (await codecs.dcmjs()).encode('EncodeJpegLs', bytes, { ...input, rgb: false }));
  },
  [JPEG2000Lossless]: (codecs, frame) => encodeJpeg2000(codecs, frame),
  [HTJ2KLossless]: (codecs, frame) => encodeHighThroughput(codecs, frame),
  '1.2.840.10008.1.2.4.202': (codecs, frame) => encodeHighThroughput(codecs, frame),
  [JPEGBaseline8Bit]: (codecs, frame, options) => encodeJpegBaseline(codecs, frame, options.quality ?? 90),
};

/** The compressed transfer syntaxes that frames can be encoded in. */
export const encodableTransferSyntaxes: readonly string[] = Object.keys(encoders);

/**
 * Encodes one frame. Rejects with {@link CodecUnavailable} for a transfer syntax that nothing here writes, with
 * {@link EncodeError} for samples that it can't hold.
 */
export async function encodeFrame(
  codecs: Codecs,
  frame: DecodedFrame,
  transferSyntaxUid: string,
  options: EncodeOptions = {},
): Promise<EncodedFrame> {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (!syntax.encapsulated) return encodeNative(frame, syntax.uid === ExplicitVRBigEndian);
  const encoder = encoders[syntax.uid];
  if (!encoder) throw new CodecUnavailable(syntax.uid, `${syntax.name} can't be written`);
  if (frame.pixels instanceof Float32Array || frame.pixels instanceof Float64Array) {
    throw new EncodeError('Floating point samples can only be native');
  }
  if (frame.photometricInterpretation === 'YBR_PARTIAL') throw new EncodeError('YBR_PARTIAL can only be native');
  try {
    const encoded = await encoder(codecs, interleaved(frame), options);
    return { ...encoded, bytes: even(encoded.bytes) };
  } catch (error) {
    throw error instanceof CodecFailure ? new EncodeError(error.message, { cause: error }) : error;
  }
}

function encodeNative(frame: DecodedFrame, bigEndian: boolean): EncodedFrame {
  const bytes = frameBytes(frame);
  const unit = frame.bitsAllocated / 8;
  return {
    bytes: bigEndian && unit > 1 ? swapped(bytes, unit) : bytes,
    photometricInterpretation: frame.photometricInterpretation,
    planarConfiguration: frame.planar,
    lossy: false,
  };
}

const lossless = (frame: DecodedFrame, bytes: Uint8Array<ArrayBuffer>, photometric?: string): EncodedFrame => ({
  bytes,
  photometricInterpretation: photometric ?? frame.photometricInterpretation,
  planarConfiguration: 0,
  lossy: false,
});

function even(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes);
  return padded;
}

async function encodeJpegLossless(codecs: Codecs, frame: DecodedFrame): Promise<EncodedFrame> {
  const { bytes, ...input } = encoderCells(frame, 'pattern');
  // The C library is built for 8, 12 and 16 bits, and says so in the stream.
  const precision = input.precision <= 8 ? 8 : input.precision <= 12 ? 12 : 16;
  const codec = await codecs.dcmjs();
  return lossless(frame, codec.encode('EncodeJpeg', bytes, { ...input, precision, rgb: frame.samples === 3 }));
}

async function encodeJpeg2000(codecs: Codecs, frame: DecodedFrame): Promise<EncodedFrame> {
  const { bytes, ...input } = jpeg2000Cells(frame);
  const rgb = frame.photometricInterpretation === 'RGB';
  if (input.signed && input.bytesEach === 1) throw new EncodeError('JPEG 2000 of signed 8-bit samples');
  if (Math.min(frame.rows, frame.columns) < 2) throw new EncodeError('JPEG 2000 of a picture one pixel wide');
  const codec = await codecs.dcmjs();
  return lossless(frame, codec.encode('EncodeJpeg2000', bytes, { ...input, rgb }), rgb ? 'YBR_RCT' : undefined);
}

/** OpenJPH as Cornerstone builds it: dcmjs-codecs writes Bits Allocated as the precision, and colour as bytes only. */
async function encodeHighThroughput(codecs: Codecs, frame: DecodedFrame): Promise<EncodedFrame> {
  const { bytes, ...input } = jpeg2000Cells(frame);
  const rgb = frame.photometricInterpretation === 'RGB';
  // Without a colour transform it takes the lines of one component after the other, and is handed them by turns.
  if (frame.samples === 3 && !rgb) throw new EncodeError('HTJ2K of colour other than RGB');
  const codec = await codecs.cornerstone('openjph');
  return lossless(frame, await codec.encode(bytes, { ...input, rgb }), rgb ? 'YBR_RCT' : undefined);
}

function jpeg2000Cells(frame: DecodedFrame): EncoderCells {
  const cells = encoderCells(frame, 'number');
  // Every encoder at hand reads colour as bytes.
  if (cells.samples === 3 && cells.bytesEach > 1) throw new EncodeError('JPEG 2000 of more than 8 bits in colour');
  // Signed bytes reach it as unsigned ones, which is the same at full width only.
  return cells.signed && cells.bytesEach === 1 ? { ...cells, precision: 8 } : cells;
}

async function encodeJpegBaseline(codecs: Codecs, frame: DecodedFrame, quality: number): Promise<EncodedFrame> {
  const colour = frame.samples === 3;
  const source = colour ? toRgb(frame) : frame;
  if (
    source.signed ||
    source.bitsStored !== 8 ||
    source.bitsAllocated !== 8 ||
    source.photometricInterpretation === 'PALETTE COLOR'
  ) {
    throw new EncodeError('JPEG baseline holds unsigned 8-bit grey or colour only');
  }
  const input = { rows: source.rows, columns: source.columns, samples: source.samples, precision: 8, signed: false };
  const codec = await codecs.dcmjs();
  const bytes = codec.encode('EncodeJpeg', frameBytes(source), {
    ...input,
    bytesEach: 1,
    rgb: colour,
    lossy: true,
    quality,
    subsampled: colour,
  });
  return {
    bytes,
    photometricInterpretation: colour ? 'YBR_FULL_422' : source.photometricInterpretation,
    planarConfiguration: 0,
    lossy: true,
  };
}
