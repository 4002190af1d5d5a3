import { decodeText } from './character-set.ts';
import type { DataSet, Element } from './model.ts';
import type { Tag } from './tag.ts';
import { byteUnit, isExtendedText, isSingleText, isText, type VR } from './vr.ts';

/** The values of a text element, decoded, without padding; empty when the element is absent or empty. */
export function stringsOf(dataSet: DataSet, tag: Tag): string[] {
  const element = dataSet.elements.get(tag);
  return element ? elementStrings(element, dataSet) : [];
}

export const firstString = (dataSet: DataSet, tag: Tag): string | undefined => stringsOf(dataSet, tag)[0] || undefined;

/** Numbers of a numeric or decimal/integer string element; NaN where a string is no number. */
export function numbersOf(dataSet: DataSet, tag: Tag): number[] {
  const element = dataSet.elements.get(tag);
  if (!element?.value) return [];
  if (isText(element.vr))
    return elementStrings(element, dataSet)
      .filter((s) => s !== '')
      .map(Number);
  return binaryNumbers(element.value, element.vr, dataSet.encoding.littleEndian).map(Number);
}

export function firstNumber(dataSet: DataSet, tag: Tag): number | undefined {
  const first = numbersOf(dataSet, tag)[0];
  return first === undefined || Number.isNaN(first) ? undefined : first;
}

/** The items of a sequence; empty when it is absent or empty. */
export function sequenceOf(dataSet: DataSet, tag: Tag): DataSet[] {
  return dataSet.elements.get(tag)?.items?.map((item) => item.dataSet) ?? [];
}

/** The decoded values of one text element in the data set around it. */
export function elementStrings(element: Element, dataSet: DataSet, vr: VR = element.vr): string[] {
  if (!element.value || element.value.length === 0) return [];
  const text = decodeText(element.value, isExtendedText(vr) ? dataSet.characterSet : [], vr);
  if (isSingleText(vr)) return [trimEndOf(text, vr)];
  return text.split('\\').map((part) => (isExtendedText(vr) ? trimEndOf(part, vr) : trimBoth(part)));
}

/** Trailing spaces and NULs are padding in every text VR (PS3.5 6.2). */
function trimEndOf(text: string, vr: VR): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0)) end--;
  let start = 0;
  // Leading spaces are significant in LT, ST, UT and UC, and not in LO, SH and PN.
  if (vr === 'LO' || vr === 'SH' || vr === 'PN') while (start < end && text.charCodeAt(start) === 0x20) start++;
  return text.slice(start, end);
}

const trimBoth = (text: string): string => trimEndOf(text, 'LO');

/** The values of a numeric element in its own byte order; SV and UV as bigint. Bytes past the last whole value are left. */
export function binaryNumbers(value: Uint8Array, vr: VR, littleEndian: boolean): (number | bigint)[] {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const unit = byteUnit(vr);
  const read = readers[vr];
  if (!read) return [];
  const numbers: (number | bigint)[] = [];
  for (let at = 0; at + unit <= value.length; at += unit) numbers.push(read(view, at, littleEndian));
  return numbers;
}

type NumberReader = (view: DataView, at: number, littleEndian: boolean) => number | bigint;
const readers: Partial<Record<VR, NumberReader>> = {
  US: (v, at, le) => v.getUint16(at, le),
  SS: (v, at, le) => v.getInt16(at, le),
  UL: (v, at, le) => v.getUint32(at, le),
  SL: (v, at, le) => v.getInt32(at, le),
  UV: (v, at, le) => v.getBigUint64(at, le),
  SV: (v, at, le) => v.getBigInt64(at, le),
  FL: (v, at, le) => v.getFloat32(at, le),
  FD: (v, at, le) => v.getFloat64(at, le),
  OW: (v, at, le) => v.getUint16(at, le),
  OL: (v, at, le) => v.getUint32(at, le),
  OF: (v, at, le) => v.getFloat32(at, le),
  OD: (v, at, le) => v.getFloat64(at, le),
  OB: (v, at) => v.getUint8(at),
};
