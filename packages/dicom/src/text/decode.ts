import type { VR } from '../vr.ts';
import { delimitersOf } from './delimiters.ts';
import { type GraphicSet, jisX0208, katakana, latin1, NO_CHARACTER, placeOf } from './graphic-set.ts';
import { escapes, type TextCoding } from './specific-character-set.ts';

const ESC = 0x1b;

/** The text of bytes in any coding. Codes without a character become U+FFFD. */
export function decodeCoded(bytes: Uint8Array, coding: TextCoding, vr: VR): string {
  if (coding.kind === 'whole') return decoderOf(coding.label).decode(bytes);
  return new Decoder(bytes, coding, vr).decode();
}

/** GBK is read as the wider GB 18030, as the Encoding Standard has it: not every platform's own table knows the euro. */
const decoderOf = (label: string): TextDecoder =>
  new TextDecoder(label === 'gbk' ? 'gb18030' : label, { ignoreBOM: true });

/** Reads ISO 2022 code extension: which sets are in G0 and G1 changes by escape sequences and back at delimiters. */
class Decoder {
  private readonly bytes: Uint8Array;
  private readonly delimiters: readonly boolean[];
  private readonly initialG1: GraphicSet | undefined;
  private g0: GraphicSet | undefined;
  private g1: GraphicSet | undefined;
  private at = 0;

  constructor(bytes: Uint8Array, coding: TextCoding & { kind: 'extended' }, vr: VR) {
    this.bytes = bytes;
    this.delimiters = delimitersOf(vr);
    // The default repertoire has nothing in G1: what is there all the same is read as Latin-1, as other readers do.
    const nothing = coding.designations[0]?.set ? undefined : latin1();
    this.initialG1 = coding.initialG1?.set?.() ?? nothing;
    this.g1 = this.initialG1;
  }

  decode(): string {
    const units = new Uint16Array(this.bytes.length);
    let count = 0;
    while (this.at < this.bytes.length) {
      const unit = this.next();
      if (unit !== undefined) units[count++] = unit;
    }
    return textOf(units.subarray(0, count));
  }

  /** The next code unit; undefined after an escape sequence. */
  private next(): number | undefined {
    const code = this.bytes[this.at]!;
    if (code === ESC && this.escape()) return undefined;
    if (code >= 0xa0) return this.right(code);
    if (code >= 0x80) return this.shiftJis(code) ?? this.control(code);
    if (code <= 0x20 || code === 0x7f || !this.g0) return this.ascii(code);
    return this.left(code, this.g0);
  }

  private escape(): boolean {
    const { bytes, at } = this;
    for (const length of [2, 3]) {
      const found = escapes.get(String.fromCharCode(...bytes.subarray(at + 1, at + 1 + length)));
      if (!found) continue;
      if (found.half === 'G0') this.g0 = found.set?.();
      else this.g1 = found.set?.();
      this.at += 1 + length;
      return true;
    }
    return false;
  }

  private ascii(code: number): number {
    this.at++;
    if (this.delimiters[code]) {
      this.g0 = undefined;
      this.g1 = this.initialG1;
    }
    return code;
  }

  /** C1 controls are no characters of a double-byte set. */
  private control(code: number): number {
    this.at++;
    return !this.g1 || this.g1.width === 2 || this.g1 === katakana() ? NO_CHARACTER : code;
  }

  private left(code: number, set: GraphicSet): number {
    if (set.width === 1) {
      this.at++;
      return set.characters[code - 0x20]!;
    }
    const second = this.bytes[this.at + 1] ?? 0;
    this.at += second > 0x20 && second < 0x7f ? 2 : 1;
    return second > 0x20 && second < 0x7f ? set.characters[placeOf(code, second)]! : NO_CHARACTER;
  }

  private right(code: number): number {
    const set = this.g1;
    if (set?.width === 2) {
      const second = this.bytes[this.at + 1] ?? 0;
      const whole = code > 0xa0 && code < 0xff && second > 0xa0 && second < 0xff;
      this.at += whole ? 2 : 1;
      return whole ? set.characters[placeOf(code & 0x7f, second & 0x7f)]! : NO_CHARACTER;
    }
    const pair = this.shiftJis(code);
    if (pair !== undefined) return pair;
    this.at++;
    return set ? set.characters[code - 0xa0]! : NO_CHARACTER;
  }

  /**
   * Many files that say ISO_IR 13 hold Shift_JIS, whose first bytes are codes that JIS X 0201 leaves free: 8/1 to 9/15
   * and 14/0 to 15/12.
   */
  private shiftJis(first: number): number | undefined {
    if (this.g1 !== katakana() || first === 0x80 || (first >= 0xa0 && first < 0xe0) || first > 0xef) return undefined;
    const second = this.bytes[this.at + 1] ?? 0;
    if (second < 0x40 || second === 0x7f || second > 0xfc) return undefined;
    this.at += 2;
    const row = (first - (first < 0xa0 ? 0x81 : 0xc1)) * 2;
    const cell = second - (second < 0x7f ? 0x40 : 0x41);
    return jisX0208().characters[row * 94 + cell]!;
  }
}

/** Code units to a string, in pieces that fit a call's arguments. */
function textOf(units: Uint16Array): string {
  let text = '';
  for (let at = 0; at < units.length; at += 4096) text += String.fromCharCode(...units.subarray(at, at + 4096));
  return text;
}
