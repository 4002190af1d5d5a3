/**
 * Joins frames of one-bit pixels, each padded to whole bytes, to the unpadded run of bits that native pixel data are
 * (PS3.5 8.1.1): the first bit is the least significant one.
 */
export class BitJoiner {
  /** Bits not given out yet, fewer than 8. */
  private pending = 0;
  private count = 0;

  /** The whole bytes that the frame completes. */
  add(frame: Uint8Array, bits: number): Uint8Array {
    const joined = new Uint8Array((this.count + bits) >> 3);
    let [pending, count, at] = [this.pending, this.count, 0];
    for (let left = bits, from = 0; left > 0; from++) {
      const taken = Math.min(8, left);
      pending |= ((frame[from] ?? 0) & ((1 << taken) - 1)) << count;
      count += taken;
      left -= taken;
      if (count >= 8) {
        joined[at++] = pending & 0xff;
        pending >>= 8;
        count -= 8;
      }
    }
    this.pending = pending;
    this.count = count;
    return joined;
  }

  /** What is left, padded with zeros. */
  end(): Uint8Array {
    return this.count === 0 ? new Uint8Array(0) : Uint8Array.of(this.pending);
  }
}
