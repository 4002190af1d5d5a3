import { inflateSync } from 'fflate';
import { ExplicitVRBigEndian, type TransferSyntax, transferSyntaxOf } from '../transfer-syntax.ts';
import { CodecFailure, type CodecInput, type CodecOutput } from './codecs/codec-io.ts';
import type { Codecs } from './codecs/codecs.ts';
import { decodeJpegLsStream } from './codecs/jpeg-ls/decoder.ts';
import type { DecodedFrame } from './decoded-frame.ts';
import { cellsToFrame } from './frame-cells.ts';
import { checkModule, type ImagePixelModule, nativeFrameBits } from './image-pixel-module.ts';
import { holdsYCbCr, type JpegHeader, readJpegHeader } from './jpeg-header.ts';
import { readJpegXlHeader } from './jpeg-xl-header.ts';
import { codestreamOf, endsEarly, readJpeg2000Header } from './jpeg2000-header.ts';
import { decodeNativeFrame } from './native-frame.ts';
import { CodecUnavailable, DecodeError } from './pixel-error.ts';
import { decodeRle } from './rle.ts';

export interface DecodeOptions {
  /** Of native data: {@link import('./native-frame.ts').NativeFrameRange.skipBits}. */
  readonly skipBits?: number;
  /** Frames that decode to more are refused before memory is taken for them. Default 512 MiB. */
  readonly maxFrameBytes?: number;
}

const encapsulatedUncompressed = '1.2.840.10008.1.2.1.98';

/**
 * Decodes one frame. Samples come as they were before encoding; lossy JPEG's YCbCr and JPEG 2000's colour transforms
 * come as RGB. Rejects with {@link DecodeError} for bytes that are broken or contradict the module, with
 * {@link CodecUnavailable} for a transfer syntax that nothing here reads.
 */
export async function decodeFrame(
  codecs: Codecs,
  bytes: Uint8Array,
  module: ImagePixelModule,
  transferSyntaxUid: string,
  options: DecodeOptions = {},
): Promise<DecodedFrame> {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (!syntax.encapsulated || syntax.uid === encapsulatedUncompressed) {
    const littleEndian = syntax.uid !== ExplicitVRBigEndian;
    return decodeNativeFrame(bytes, module, { littleEndian }, options.skipBits, options.maxFrameBytes);
  }
  checkModule(module, options.maxFrameBytes);
  switch (syntax.codec) {
    case 'rle':
      return cellsToFrame(decodeRle(bytes, module), module, rleCells(module));
    case 'deflated-frame':
      return decodeNativeFrame(inflated(bytes, module), module, { littleEndian: true });
    case 'jpeg-baseline':
    case 'jpeg-extended':
    case 'jpeg-lossless':
    case 'jpeg-ls':
      return decodeJpegFamily(codecs, bytes, module, syntax);
    case 'jpeg-2000':
    case 'htj2k':
      return decodeJpeg2000Family(codecs, bytes, module);
    case 'jpeg-xl':
      return decodeJpegXl(codecs, bytes, module);
    default:
      throw new CodecUnavailable(syntax.uid, unavailable(syntax));
  }
}

function unavailable({ codec, name }: TransferSyntax): string {
  return codec === 'mpeg2' || codec === 'h264' || codec === 'h265' ? `${name} is video` : `${name} is not supported`;
}

const rleCells = (module: ImagePixelModule) => ({
  bytesEach: module.bitsAllocated / 8,
  precision: module.bitsAllocated,
  photometricInterpretation: module.photometricInterpretation,
});

function inflated(bytes: Uint8Array, module: ImagePixelModule): Uint8Array {
  const length = Math.ceil(nativeFrameBits(module) / 8);
  try {
    return inflateSync(bytes, { out: new Uint8Array(length + (length % 2)) });
  } catch (error) {
    throw new DecodeError('Deflated frame is broken', { cause: error });
  }
}

/** The first decoder that gives a whole frame wins; if none does, the first one's reason stands. */
async function firstOf(
  input: CodecInput,
  attempts: readonly (() => Promise<CodecOutput> | CodecOutput)[],
): Promise<CodecOutput> {
  let reason: CodecFailure | undefined;
  for (const attempt of attempts) {
    try {
      const output = await attempt();
      const expected = input.rows * input.columns * input.samples * output.bytesEach;
      if (output.bytes.length === expected) return output;
      reason ??= new CodecFailure(`${output.bytes.length} bytes decoded, ${expected} expected`);
    } catch (error) {
      if (!(error instanceof CodecFailure)) throw error;
      reason ??= error;
    }
  }
  throw new DecodeError(reason?.message ?? 'No codec decodes this', { cause: reason });
}

function checkStream(input: CodecInput, module: ImagePixelModule): void {
  if (input.rows !== module.rows || input.columns !== module.columns || input.samples !== module.samplesPerPixel) {
    throw new DecodeError(
      `The stream holds ${input.rows} rows, ${input.columns} columns, ${input.samples} samples; ` +
        `the data set says ${module.rows}, ${module.columns}, ${module.samplesPerPixel}`,
    );
  }
}

async function decodeJpegFamily(
  codecs: Codecs,
  bytes: Uint8Array,
  module: ImagePixelModule,
  syntax: TransferSyntax,
): Promise<DecodedFrame> {
  const header = readJpegHeader(bytes);
  const { rows, columns, precision } = header;
  const input = { rows, columns, precision, samples: header.components.length, signed: false };
  checkStream(input, module);
  if (precision < 2 || precision > 16) throw new DecodeError(`JPEG of ${precision} bits`);
  if (header.process === 'arithmetic' || header.process === 'hierarchical') {
    throw new CodecUnavailable(syntax.uid, `${header.process} JPEG`);
  }
  if (header.process === 'jpeg-ls') return decodeJpegLs(bytes, module, header, input);
  const lossless = header.process === 'lossless';
  const toRgb = !lossless && holdsYCbCr(header, module.photometricInterpretation);
  const output = await firstOf(input, [
    async () => (await codecs.dcmjs()).decode('DecodeJpeg', bytes, input, toRgb),
    ...(lossless ? [() => decodeLosslessInJs(bytes)] : []),
    ...(precision === 8 && !lossless && (toRgb || input.samples === 1)
      ? [async () => (await codecs.cornerstone('libjpegturbo')).decode(bytes, input)]
      : []),
  ]);
  return cellsToFrame(output.bytes, module, {
    bytesEach: output.bytesEach,
    precision,
    photometricInterpretation: afterJpeg(header, module.photometricInterpretation, toRgb),
    damaged: output.damaged,
  });
}

function afterJpeg(header: JpegHeader, photometric: string, toRgb: boolean): string {
  if (header.components.length !== 3) return photometric;
  if (toRgb) return 'RGB';
  // A lossless stream keeps what the data set names; a lossy one that was not turned to RGB holds RGB.
  if (header.process !== 'lossless') return 'RGB';
  return photometric === 'YBR_FULL_422' ? 'YBR_FULL' : photometric;
}

/** jpeg-lossless-decoder-js: slower, but reads precisions that the C library was not built for. */
async function decodeLosslessInJs(bytes: Uint8Array): Promise<CodecOutput> {
  const { Decoder } = await import('jpeg-lossless-decoder-js');
  const copy = new Uint8Array(bytes);
  try {
    const decoded = new Decoder().decode(copy.buffer, 0, copy.length).slice();
    return { bytes: new Uint8Array(decoded.buffer), bytesEach: decoded.BYTES_PER_ELEMENT === 1 ? 1 : 2 };
  } catch (error) {
    throw new CodecFailure('JPEG lossless stream is broken', { cause: error });
  }
}

async function decodeJpegLs(
  bytes: Uint8Array,
  module: ImagePixelModule,
  header: JpegHeader,
  input: CodecInput,
): Promise<DecodedFrame> {
  const photometric = module.photometricInterpretation;
  const output = await firstOf(input, [() => decodeJpegLsStream(bytes, input)]);
  return cellsToFrame(output.bytes, module, {
    bytesEach: output.bytesEach,
    precision: input.precision,
    photometricInterpretation: photometric === 'YBR_FULL_422' ? 'YBR_FULL' : photometric,
    planes: header.interleave === 0 && input.samples > 1,
    damaged: output.damaged,
  });
}

async function decodeJpeg2000Family(
  codecs: Codecs,
  bytes: Uint8Array,
  module: ImagePixelModule,
): Promise<DecodedFrame> {
  const codestream = codestreamOf(bytes);
  const header = readJpeg2000Header(codestream);
  const { rows, columns, precision, signed } = header;
  const input = { rows, columns, precision, signed, samples: header.components };
  checkStream(input, module);
  if (precision > 16) throw new DecodeError(`JPEG 2000 of ${precision} bits`);
  const attempts = header.highThroughput
    ? highThroughput(codecs, codestream, input)
    : jpeg2000(codecs, codestream, input);
  const output = await firstOf(input, attempts);
  const photometric = module.photometricInterpretation;
  const rgb = input.samples === 3 && (header.colourTransform || photometric === 'YBR_RCT' || photometric === 'YBR_ICT');
  return cellsToFrame(output.bytes, module, {
    bytesEach: output.bytesEach,
    precision,
    photometricInterpretation: rgb ? 'RGB' : photometric === 'YBR_FULL_422' ? 'YBR_FULL' : photometric,
    damaged: endsEarly(codestream) ? 'The codestream ends early' : undefined,
  });
}

function jpeg2000(codecs: Codecs, codestream: Uint8Array, input: CodecInput) {
  const dcmjs = async () => (await codecs.dcmjs()).decode('DecodeJpeg2000', codestream, input);
  const openjpeg = async () => (await codecs.cornerstone('openjpeg')).decode(codestream, input);
  // dcmjs-codecs copies samples of colour pictures as bytes, whatever their depth; Cornerstone's cuts negative bytes.
  if (input.samples === 3 && input.precision > 8) return [openjpeg];
  return input.signed && input.precision <= 8 ? [dcmjs] : [dcmjs, openjpeg];
}

function highThroughput(codecs: Codecs, codestream: Uint8Array, input: CodecInput) {
  const dcmjs = async () => (await codecs.dcmjs()).decode('DecodeHtJpeg2000', codestream, input);
  const openjph = async () => (await codecs.cornerstone('openjph')).decode(codestream, input);
  // dcmjs-codecs cuts negative bytes.
  return input.signed && input.precision <= 8 ? [openjph] : [dcmjs, openjph];
}

async function decodeJpegXl(codecs: Codecs, bytes: Uint8Array, module: ImagePixelModule): Promise<DecodedFrame> {
  const header = readJpegXlHeader(bytes);
  const input = { ...header, samples: module.samplesPerPixel, signed: false };
  checkStream(input, module);
  if (header.precision > 16) throw new DecodeError(`JPEG XL of ${header.precision} bits`);
  const { bytes: cells, bytesEach } = await firstOf(input, [
    async () => (await codecs.dcmjs()).decode('DecodeJpegXl', bytes, input),
  ]);
  unstretch(bytesEach === 1 ? cells : new Uint16Array(cells.buffer), header.precision, bytesEach * 8);
  return cellsToFrame(cells, module, {
    bytesEach,
    precision: header.precision,
    photometricInterpretation: input.samples === 3 ? 'RGB' : module.photometricInterpretation,
  });
}

/** libjxl gives samples stretched to the full range of the cell. */
function unstretch(cells: Uint8Array | Uint16Array, precision: number, bits: number): void {
  if (precision === bits) return;
  const factor = (2 ** precision - 1) / (2 ** bits - 1);
  for (let i = 0; i < cells.length; i++) cells[i] = Math.round(cells[i]! * factor);
}
