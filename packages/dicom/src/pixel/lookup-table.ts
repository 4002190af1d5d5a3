import { RenderError } from './pixel-error.ts';

/** A lookup table (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5): outputs for inputs from `first` on, held at either end. */
export interface LookupTable {
  readonly first: number;
  /** Largest output is 2^bits - 1. */
  readonly bits: number;
  readonly values: Uint8Array | Uint16Array;
}

/**
 * A table from its descriptor (entries, first input, bits) and data. Entries of 8 bits come one to a byte or one to a
 * word, which the length tells; the bits stated are not always those used, which the values tell.
 *
 * @param data the value field's bytes
 */
export function lookupTable(
  descriptor: readonly number[],
  data: Uint8Array,
  littleEndian: boolean,
  signed: boolean,
): LookupTable {
  const [declared = 0, input = 0, bits = 16] = descriptor;
  // An unsigned word of 0 stands for 65536; the same word may have been read as signed.
  const entries = declared === 0 ? 65536 : declared & 0xffff;
  const first = signed && input > 32767 ? input - 65536 : input;
  const bytes = data.length < entries * 2;
  if (data.length < entries && !(bytes && data.length + 1 >= entries)) {
    throw new RenderError(`A lookup table of ${entries} entries has data of ${data.length} bytes`);
  }
  const values = bytes ? new Uint8Array(data.subarray(0, entries)) : words(data, entries, littleEndian);
  return { first, bits: bitsUsed(values, bits), values };
}

export function words(data: Uint8Array, count: number, littleEndian: boolean): Uint16Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Uint16Array.from({ length: Math.min(count, data.length >> 1) }, (_, i) => view.getUint16(i * 2, littleEndian));
}

function bitsUsed(values: Uint8Array | Uint16Array, stated: number): number {
  if (values instanceof Uint8Array) return 8;
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  if (most < 2 ** stated) return stated >= 16 && most < 256 ? 8 : stated;
  return Math.ceil(Math.log2(most + 1));
}

/** The table's output for an input. */
export const lookUp = ({ first, values }: LookupTable, input: number): number =>
  values[Math.min(values.length - 1, Math.max(0, Math.round(input) - first))]!;
