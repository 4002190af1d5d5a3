import type { DcmjsEncodeInput } from './codecs/dcmjs-codecs.ts';
import { type DecodedFrame, frameBytes } from './decoded-frame.ts';
import { EncodeError } from './pixel-error.ts';

/** Cells as encoders take them: little endian, 1 byte up to 8 bits, else 2. */
export interface EncoderCells
  extends Pick<DcmjsEncodeInput, 'rows' | 'columns' | 'samples' | 'precision' | 'signed' | 'bytesEach'> {
  readonly bytes: Uint8Array;
}

/**
 * What to hand to an encoder so that every bit of every cell comes back. The precision is Bits Stored where all cells
 * keep to it, else the whole cell (an overlay in the upper bits, a High Bit further up, values out of range).
 *
 * @param meaning `number`: the codec knows signed samples (JPEG 2000); `pattern`: it doesn't (JPEG, JPEG-LS), so signed
 *   cells go as they are, sign bits and all, in full width.
 */
export function encoderCells(frame: DecodedFrame, meaning: 'number' | 'pattern'): EncoderCells {
  const { rows, columns, samples, bitsAllocated, bitsStored } = frame;
  if (bitsAllocated > 16) throw new EncodeError(`${bitsAllocated} bits allocated are more than this codec holds`);
  const signed = frame.signed && meaning === 'number';
  const kept = frame.highBit === bitsStored - 1 && (!frame.signed || signed) && keepTo(frame, bitsStored);
  // Nine bits at least in two bytes: a decoder that goes by the stream then gives two bytes back, too.
  const precision = kept ? Math.max(bitsStored, bitsAllocated === 16 ? 9 : 2) : bitsAllocated;
  return {
    bytes: frameBytes(frame),
    rows,
    columns,
    samples,
    precision,
    signed,
    bytesEach: bitsAllocated === 8 ? 1 : 2,
  };
}

function keepTo({ pixels, signed }: DecodedFrame, bits: number): boolean {
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const most = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  for (let i = 0; i < pixels.length; i++) if (pixels[i]! < least || pixels[i]! > most) return false;
  return true;
}
