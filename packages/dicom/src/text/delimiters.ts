import { isSingleText, type VR } from '../vr.ts';

/** Codes at which the character sets of value 1 hold again (PS3.5 6.1.2.5.3), by code. */
export function delimitersOf(vr: VR): readonly boolean[] {
  if (vr === 'PN') return ofNames;
  return isSingleText(vr) ? ofText : ofValues;
}

const flags = (...codes: number[]): boolean[] => Array.from({ length: 128 }, (_, code) => codes.includes(code));
/** TAB, LF, FF and CR. */
const controls = [0x09, 0x0a, 0x0c, 0x0d];
const ofText = flags(...controls);
/** And backslash. */
const ofValues = flags(...controls, 0x5c);
/** And ^ and =. */
const ofNames = flags(...controls, 0x5c, 0x5e, 0x3d);
