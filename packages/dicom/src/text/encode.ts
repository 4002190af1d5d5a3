import type { VR } from '../vr.ts';
import { delimitersOf } from './delimiters.ts';
import { encodeWhole } from './encode-whole.ts';
import { type GraphicSet, katakana } from './graphic-set.ts';
import type { Designation, TextCoding } from './specific-character-set.ts';

type Extended = TextCoding & { kind: 'extended' };

/** The bytes of text in any coding; undefined when it can't say a character. */
export function encodeCoded(text: string, coding: TextCoding, vr: VR): Uint8Array | undefined {
  return coding.kind === 'whole' ? encodeWhole(text, coding.label) : new Encoder(coding, vr).encode(text);
}

/** Writes ISO 2022 code extension, with the sets of value 1 back in force before each delimiter and at the end. */
class Encoder {
  private readonly coding: Extended;
  private readonly delimiters: readonly boolean[];
  private readonly bytes: number[] = [];
  private g0: Designation;
  private g1: Designation | undefined;
  private last: Designation | undefined;

  constructor(coding: Extended, vr: VR) {
    this.coding = coding;
    this.delimiters = delimitersOf(vr);
    this.g0 = coding.initialG0;
    this.g1 = coding.initialG1;
  }

  encode(text: string): Uint8Array | undefined {
    for (let at = 0; at < text.length; at++) {
      if (!this.put(text.charCodeAt(at))) return undefined;
    }
    this.reset();
    return Uint8Array.from(this.bytes);
  }

  private put(unit: number): boolean {
    if (unit === 0x1b) return false;
    if (unit < 0x80) {
      if (this.delimiters[unit]) this.reset();
      // Control characters and space are the same in every set, yet many readers want them out of double-byte runs.
      this.designate(this.coding.initialG0);
      this.bytes.push(unit);
      return true;
    }
    const active = [this.g0, this.g1].find((designation) => placeIn(designation, unit) !== undefined);
    const designation = active ?? this.coding.designations.find((each) => placeIn(each, unit) !== undefined);
    if (!designation) return this.putControl(unit);
    if (designation.half === 'G1') this.prepareG1(designation);
    else this.designate(designation);
    this.putCode(designation, placeIn(designation, unit)!);
    return true;
  }

  /**
   * G0 and G1 live side by side in ISO 2022, but some readers know one set at a time, that of the last escape sequence:
   * they want no double-byte set in G0 meanwhile, and G1's sequence again after another.
   */
  private prepareG1(designation: Designation): void {
    this.designate(this.coding.initialG0);
    if (this.last && this.last !== designation) this.g1 = undefined;
    this.designate(designation);
  }

  /** C1 controls, in the single-byte sets that leave room for them. */
  private putControl(unit: number): boolean {
    const set = this.g1?.set?.();
    if (unit > 0x9f || !set || set.width === 2 || set === katakana()) return false;
    this.designate(this.coding.initialG0);
    this.bytes.push(unit);
    return true;
  }

  private putCode({ half, set }: Designation, place: number): void {
    const high = half === 'G1' ? 0x80 : 0;
    if (set?.().width === 2) this.bytes.push(high + 0x21 + Math.floor(place / 94), high + 0x21 + (place % 94));
    else this.bytes.push(high + 0x20 + place);
  }

  private designate(designation: Designation): void {
    if (designation === (designation.half === 'G0' ? this.g0 : this.g1)) return;
    this.bytes.push(0x1b, ...Array.from(designation.sequence, (character) => character.charCodeAt(0)));
    this.last = designation;
    if (designation.half === 'G0') this.g0 = designation;
    else this.g1 = designation;
  }

  /** What value 1 leaves out of G1 needs no escape sequence: readers forget G1 at the delimiter. */
  private reset(): void {
    this.designate(this.coding.initialG0);
    if (this.coding.initialG1) this.designate(this.coding.initialG1);
    this.g1 = this.coding.initialG1;
  }
}

const setOf = (designation: Designation | undefined): GraphicSet | undefined => designation?.set?.();
const placeIn = (designation: Designation | undefined, unit: number): number | undefined =>
  setOf(designation)?.places.get(unit);
