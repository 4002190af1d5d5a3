import { byteUnit, type VR } from './vr.ts';

/** The value field in little endian, as DICOM JSON, bulk data and our own editing have it. Copies only when it must. */
export function toLittleEndian(value: Uint8Array, vr: VR, littleEndian: boolean): Uint8Array {
  return littleEndian ? value : swapUnits(value, byteUnit(vr));
}

/** Reverses the bytes of every `unit`; bytes after the last whole unit stay. */
export function swapUnits(value: Uint8Array, unit: number): Uint8Array {
  if (unit === 1) return value;
  // Not slice(), which of a Buffer of Node is a view.
  const swapped = new Uint8Array(value);
  for (let at = 0; at + unit <= swapped.length; at += unit) swapped.subarray(at, at + unit).reverse();
  return swapped;
}
