import { hasEndMarker } from './jpeg-header.ts';
import { DecodeError } from './pixel-error.ts';

/** What the main header of a JPEG 2000 codestream says (ISO 15444-1 Annex A). */
export interface Jpeg2000Header {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  readonly precision: number;
  readonly signed: boolean;
  /** A multiple component transformation (RCT or ICT) is undone by the decoder: what comes out is RGB. */
  readonly colourTransform: boolean;
  /** Code blocks are of the high-throughput kind (ISO 15444-15). */
  readonly highThroughput: boolean;
}

/**
 * The codestream: DICOM stores it bare, but some writers wrap it in a JP2 file (boxes of length, type, content), which
 * is read for its first contiguous codestream `jp2c`.
 */
export function codestreamOf(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 4 && view.getUint32(0) === 0xff4fff51) return bytes;
  let at = 0;
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    if (type === 0x6a703263) return bytes.subarray(at + (length === 1 ? 16 : 8), length > 8 ? at + length : undefined);
    if (length < 8) break;
    at += length;
  }
  throw new DecodeError('Not a JPEG 2000 codestream');
}

/** Reads SIZ and COD of a bare codestream. Refuses what no decoder here gives back faithfully. */
export function readJpeg2000Header(codestream: Uint8Array): Jpeg2000Header {
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength);
  try {
    return { ...readSize(view), ...readCodingStyle(view) };
  } catch (error) {
    if (error instanceof RangeError) throw new DecodeError('JPEG 2000 header is truncated', { cause: error });
    throw error;
  }
}

function readSize(view: DataView) {
  if (view.getUint16(2) !== 0xff51) throw new DecodeError('JPEG 2000 codestream without SIZ marker');
  const components = view.getUint16(40);
  const depth = view.getUint8(42);
  for (let i = 0; i < components; i++) {
    const same = view.getUint8(42 + i * 3) === depth;
    if (!same || view.getUint8(43 + i * 3) !== 1 || view.getUint8(44 + i * 3) !== 1) {
      throw new DecodeError('JPEG 2000 components of different depth or sampling are not understood');
    }
  }
  return {
    rows: extent(view, 12),
    columns: extent(view, 8),
    components,
    precision: (depth & 0x7f) + 1,
    signed: (depth & 0x80) !== 0,
  };
}

/** One side of the picture: its end on the reference grid less its start, 8 bytes on; then size and start of the tiles. */
function extent(view: DataView, at: number): number {
  const [end, start, tile, tileStart] = [0, 8, 16, 24].map((skip) => view.getUint32(at + skip)) as [
    number,
    number,
    number,
    number,
  ];
  // B.3; decoders rely on it, and OpenJPH goes round for ever without.
  const sound = start < end && tile > 0 && tileStart <= start && tileStart + tile > start;
  if (!sound || Math.ceil((end - tileStart) / tile) > 65535)
    throw new DecodeError('JPEG 2000 picture and tiles make no sense');
  return end - start;
}

function readCodingStyle(view: DataView) {
  let at = 4 + view.getUint16(4);
  for (;;) {
    const marker = view.getUint16(at);
    if (marker === 0xff52) {
      return {
        colourTransform: view.getUint8(at + 8) === 1,
        highThroughput: (view.getUint8(at + 12) & 0x40) !== 0,
      };
    }
    const length = view.getUint16(at + 2);
    if (marker < 0xff00 || marker === 0xff90 || length < 2)
      throw new DecodeError('JPEG 2000 codestream without COD marker');
    at += 2 + length;
  }
}

/** Whether a tile-part (SOT and its length Psot, A.4.2) goes on past the end: decoders fill in what is missing, silently. */
export function endsEarly(codestream: Uint8Array): boolean {
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength);
  let at = 4 + view.getUint16(4);
  while (at + 12 <= codestream.length) {
    const marker = view.getUint16(at);
    if (marker === 0xffd9) return false;
    if (marker !== 0xff90) {
      at += 2 + Math.max(2, view.getUint16(at + 2));
      continue;
    }
    const length = view.getUint32(at + 6);
    // Zero: to the end of the codestream, whose end marker is then the only sign.
    if (length === 0) return !hasEndMarker(codestream);
    if (length < 12) return true;
    at += length;
  }
  return at > codestream.length;
}
