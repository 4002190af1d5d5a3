import { DecodeError } from './pixel-error.ts';

/** What the start of a JPEG XL codestream says (ISO 18181-1: SizeHeader, ImageMetadata). */
export interface JpegXlHeader {
  readonly rows: number;
  readonly columns: number;
  readonly precision: number;
}

/** Refuses what isn't a still picture of integer samples as it stands: floats, previews, animations, turned ones. */
export function readJpegXlHeader(bytes: Uint8Array): JpegXlHeader {
  const read = bitReader(codestreamOf(bytes));
  const size = readSize(read);
  const allDefault = read(1) === 1;
  return { ...size, precision: allDefault ? 8 : readPrecision(read) };
}

type ReadBits = (count: number) => number;

/** Bits from the least significant of each byte on, after the two bytes of the signature. */
function bitReader(stream: Uint8Array): ReadBits {
  let bit = 16;
  return (count) => {
    let value = 0;
    for (let i = 0; i < count; i++, bit++) {
      const byte = stream[bit >> 3];
      if (byte === undefined) throw new DecodeError('JPEG XL header is truncated');
      value += ((byte >> (bit & 7)) & 1) * 2 ** i;
    }
    return value;
  };
}

function readSize(read: ReadBits): { rows: number; columns: number } {
  const small = read(1) === 1;
  const side = (): number => (small ? (read(5) + 1) * 8 : read([9, 13, 18, 30][read(2)]!) + 1);
  const rows = side();
  const ratio = ratios[read(3)];
  return { rows, columns: ratio ? Math.floor((rows * ratio[0]) / ratio[1]) : side() };
}

const ratios: readonly ([number, number] | undefined)[] = [
  undefined,
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
];

function readPrecision(read: ReadBits): number {
  const extraFields = read(1) === 1;
  if (extraFields) {
    const orientation = read(3) + 1;
    if (read(1) === 1) readSize(read);
    const preview = read(1) === 1;
    const animation = !preview && read(1) === 1;
    if (orientation !== 1 || preview || animation)
      throw new DecodeError('JPEG XL stream is turned, animated or has a preview');
  }
  if (read(1) === 1) throw new DecodeError('JPEG XL of floating point samples');
  const choice = read(2);
  return [8, 10, 12][choice] ?? read(6) + 1;
}

/** The bare codestream, or the first one in a container's `jxlc` or `jxlp` box. */
function codestreamOf(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0xff && bytes[1] === 0x0a) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 16 <= bytes.length) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    const content = at + (length === 1 ? 16 : 8);
    if (type === 0x6a786c63) return bytes.subarray(content);
    if (type === 0x6a786c70) return bytes.subarray(content + 4);
    if (length < 8) break;
    at += length;
  }
  throw new DecodeError('Not a JPEG XL codestream');
}
