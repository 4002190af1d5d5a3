import { ExplicitVRBigEndian, transferSyntaxOf } from '../transfer-syntax.ts';
import type { Codecs } from './codecs/codecs.ts';
import { type DecodeOptions, decodeFrame } from './decode-frame.ts';
import { frameBytes, interleaved, moduleOfFrame } from './decoded-frame.ts';
import { type EncodedFrame, type EncodeOptions, encodeFrame } from './encode-frame.ts';
import type { ImagePixelModule } from './image-pixel-module.ts';
import { packedBits } from './native-frame.ts';
import { DecodeError, EncodeError } from './pixel-error.ts';

export interface TranscodeOptions extends DecodeOptions, EncodeOptions {
  /** Decode what was encoded and compare: proof that nothing was lost. Lossless targets only. */
  readonly verify?: boolean;
}

/** A frame in another transfer syntax, and the Image Pixel Module that the data set must then have. */
export interface TranscodedFrame extends EncodedFrame {
  readonly module: ImagePixelModule;
}

/**
 * Takes a frame from one transfer syntax to another. A damaged frame is refused: what a decoder filled in would pass for
 * the picture. All frames of an instance end with the same module; a caller that writes one checks that they do.
 */
export async function transcodeFrame(
  codecs: Codecs,
  bytes: Uint8Array,
  module: ImagePixelModule,
  from: string,
  to: string,
  options: TranscodeOptions = {},
): Promise<TranscodedFrame> {
  const frame = await decodeFrame(codecs, bytes, module, from, options);
  if (frame.damaged) throw new DecodeError(`The frame is damaged: ${frame.damaged}`);
  if (module.bitsAllocated === 1) return oneBit(packedBits(frame.pixels), module, to);
  const encoded = await encodeFrame(codecs, frame, to, options);
  const native = moduleOfFrame(frame, module);
  const after: ImagePixelModule = {
    ...native,
    photometricInterpretation: encoded.photometricInterpretation,
    planarConfiguration: encoded.planarConfiguration,
    vr: transferSyntaxOf(to).encapsulated ? 'OB' : (native.vr ?? 'OW'),
  };
  if (options.verify && !encoded.lossy) {
    const back = await decodeFrame(codecs, encoded.bytes, after, to, { ...options, skipBits: 0 });
    if (!sameBytes(frameBytes(interleaved(back)), frameBytes(interleaved(frame)))) {
      throw new EncodeError('The encoded frame does not decode to the same pixels');
    }
  }
  return { ...encoded, module: after };
}

/** One-bit pixels have a native form only. The frame stands alone: frames that share bytes are for the caller to join. */
function oneBit(bytes: Uint8Array<ArrayBuffer>, module: ImagePixelModule, to: string): TranscodedFrame {
  const syntax = transferSyntaxOf(to);
  if (syntax.encapsulated || syntax.uid === ExplicitVRBigEndian) {
    throw new EncodeError('One-bit pixels are only written as native little-endian data');
  }
  const { photometricInterpretation, planarConfiguration } = module;
  return { bytes, module, photometricInterpretation, planarConfiguration, lossy: false };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
