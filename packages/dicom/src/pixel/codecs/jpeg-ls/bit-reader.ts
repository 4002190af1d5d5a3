/**
 * The bits of a JPEG-LS scan (ISO 14495-1 A.1): most significant first; after a byte of 0xff the next one carries seven,
 * its top bit being 0; a top bit of 1 is a marker and the end. Past the end there are zeros, which are counted.
 */
export class BitReader {
  /** Bits that were asked for and not there. */
  missing = 0;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #cache = 0;
  #cached = 0;
  #bits = 8;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Up to 16 bits. */
  read(count: number): number {
    while (this.#cached < count) this.#fill();
    this.#cached -= count;
    const value = this.#cache >>> this.#cached;
    this.#cache &= (1 << this.#cached) - 1;
    return value;
  }

  /** Zeros before the next one, which is taken too. Stops after `most` zeros: what follows is then no code. */
  zeros(most: number): number {
    let count = 0;
    while (this.#cache === 0) {
      count += this.#cached;
      this.#cached = 0;
      if (count > most) return count;
      this.#fill();
    }
    const leading = Math.clz32(this.#cache) - (32 - this.#cached);
    this.#cached -= leading + 1;
    this.#cache &= (1 << this.#cached) - 1;
    return count + leading;
  }

  #fill(): void {
    if (this.#at < this.#end) {
      const byte = this.#bytes[this.#at++]!;
      this.#cache = (this.#cache << this.#bits) | byte;
      this.#cached += this.#bits;
      this.#bits = byte === 0xff ? 7 : 8;
    } else {
      this.#cache <<= 8;
      this.#cached += 8;
      this.missing += 8;
    }
  }
}

/** Where a scan's data end: at the first 0xff followed by a byte with its top bit set, or with the bytes. */
export function scanEnd(bytes: Uint8Array, start: number): number {
  for (let at = start; at + 1 < bytes.length; at++) if (bytes[at] === 0xff && bytes[at + 1]! > 0x7f) return at;
  return bytes.length;
}
