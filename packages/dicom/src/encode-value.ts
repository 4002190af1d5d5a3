/** Value fields from the values of the DICOM JSON model. */
import { fromBase64 } from './base64.ts';
import { encodeText } from './character-set.ts';
import { DicomError } from './dicom-error.ts';
import type { JsonPersonName, JsonValue } from './model.ts';
import { formatTag, groupOf, parseTag, type Tag } from './tag.ts';
import { byteUnit, isExtendedText, isSingleText, type VR } from './vr.ts';

/** Values of a text VR, joined, encoded and padded. */
export function textValue(tag: Tag, vr: VR, values: JsonValue[], characterSet: readonly string[]): Uint8Array {
  const texts = values.map((value) => textOf(tag, vr, value));
  if (isSingleText(vr) ? texts.length > 1 : texts.some((text) => text.includes('\\')))
    throw new DicomError('not-encodable', `${formatTag(tag)} ${vr} holds more values than it can`);
  const text = texts.join('\\');
  const bytes = isExtendedText(vr) ? encodeText(text, characterSet, vr) : asciiOrUndefined(text);
  if (!bytes)
    throw new DicomError('not-encodable', `${formatTag(tag)} can't be written in the data set's character set`);
  return padded(bytes, vr === 'UI' ? 0 : 0x20);
}

function textOf(tag: Tag, vr: VR, value: JsonValue): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (vr !== 'PN') throw new DicomError('not-encodable', `${formatTag(tag)} holds what is no ${vr}`);
  const name = value as JsonPersonName;
  const groups = [name.Alphabetic ?? '', name.Ideographic ?? '', name.Phonetic ?? ''].map(String);
  if (groups.some((group) => group.includes('=')))
    throw new DicomError('not-encodable', `${formatTag(tag)} holds a name with "=" within a component group`);
  return groups.join('=').replace(/=+$/, '');
}

/** Values of a numeric VR. */
export function numberValue(tag: Tag, vr: VR, values: readonly JsonValue[], littleEndian: boolean): Uint8Array {
  const size = vr === 'AT' ? 4 : byteUnit(vr);
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  const write = numberWriters[vr];
  if (!write) throw new DicomError('not-encodable', `${formatTag(tag)} ${vr} can't be given as Value`);
  try {
    values.forEach((value, i) => {
      write(view, i * size, value, littleEndian);
    });
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    throw new DicomError('not-encodable', `${formatTag(tag)} holds what is no ${vr}`);
  }
  return bytes;
}

type NumberWriter = (view: DataView, at: number, value: JsonValue, littleEndian: boolean) => void;
/** Strings are allowed for numbers (PS3.18 F.2.3), and needed for the ones that JSON has not. */
const numeral = (value: JsonValue): string | number => {
  if (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')) return value;
  throw new RangeError();
};
const integer = (value: JsonValue, min: number, max: number): number => {
  const number = Number(numeral(value));
  if (!Number.isInteger(number) || number < min || number > max) throw new RangeError();
  return number;
};
const bigInteger = (value: JsonValue, min: bigint, max: bigint): bigint => {
  const number = BigInt(numeral(value));
  if (number < min || number > max) throw new RangeError();
  return number;
};
const float = (value: JsonValue): number => {
  const number = Number(numeral(value));
  if (Number.isNaN(number) && value !== 'NaN' && typeof value !== 'number') throw new RangeError();
  return number;
};
const numberWriters: Partial<Record<VR, NumberWriter>> = {
  US: (v, at, x, le) => v.setUint16(at, integer(x, 0, 0xffff), le),
  SS: (v, at, x, le) => v.setInt16(at, integer(x, -0x8000, 0x7fff), le),
  UL: (v, at, x, le) => v.setUint32(at, integer(x, 0, 0xffffffff), le),
  SL: (v, at, x, le) => v.setInt32(at, integer(x, -0x80000000, 0x7fffffff), le),
  UV: (v, at, x, le) => v.setBigUint64(at, bigInteger(x, 0n, 2n ** 64n - 1n), le),
  SV: (v, at, x, le) => v.setBigInt64(at, bigInteger(x, -(2n ** 63n), 2n ** 63n - 1n), le),
  FL: (v, at, x, le) => v.setFloat32(at, float(x), le),
  FD: (v, at, x, le) => v.setFloat64(at, float(x), le),
  AT: (v, at, x, le) => {
    const tag = parseTag(String(x));
    if (tag === undefined) throw new RangeError();
    v.setUint16(at, groupOf(tag), le);
    v.setUint16(at + 2, tag & 0xffff, le);
  },
};

/** UR and UI and the like are of the default repertoire; bytes beyond it come from files that break the rule, as Latin-1. */
function asciiOrUndefined(text: string): Uint8Array | undefined {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return undefined;
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

function padded(bytes: Uint8Array, pad: number): Uint8Array {
  if ((bytes.length & 1) === 0) return bytes;
  const even = new Uint8Array(bytes.length + 1);
  even.set(bytes);
  even[bytes.length] = pad;
  return even;
}

export const evenLength = (bytes: Uint8Array): Uint8Array => padded(bytes, 0);

export function inlineBinary(tag: Tag, text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    throw new DicomError('not-encodable', `${formatTag(tag)} holds what is no base64`);
  }
}
