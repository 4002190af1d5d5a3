import { CodecFailure } from '../codec-io.ts';
import type { BitReader } from './bit-reader.ts';
import type { CodingParameters } from './coding-parameters.ts';

/** Contexts of regular mode, then the two of run interruption (ISO 14495-1 A.2, A.7.2). */
const contexts = 367;
const runContext = 365;
/** Table A.? "J": the order of run-length codes. */
const runOrder = Uint8Array.of(
  0,
  0,
  0,
  0,
  1,
  1,
  1,
  1,
  2,
  2,
  2,
  2,
  3,
  3,
  3,
  3,
  4,
  4,
  5,
  5,
  6,
  6,
  7,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
);
/** Bounds of the bias correction (A.6.2). */
const maxBias = 127;
const minBias = -128;

/**
 * Decodes the lines of one scan. A line has a margin of one sample on either side: before it the sample above its first
 * one, behind it its last neighbour again (A.2.1).
 */
export class ScanDecoder {
  readonly #bits: BitReader;
  readonly #p: CodingParameters;
  readonly #step: number;
  readonly #a = new Int32Array(contexts);
  readonly #b = new Int32Array(contexts);
  readonly #c = new Int32Array(contexts);
  readonly #n = new Int32Array(contexts);
  /** Negative errors seen in the two run contexts. */
  readonly #negative = new Int32Array(2);
  readonly #gradients: Int8Array;
  /** One per component that is interleaved by line, one in all else. */
  readonly runIndex: Int32Array;

  constructor(bits: BitReader, parameters: CodingParameters, components: number) {
    this.#bits = bits;
    this.#p = parameters;
    this.#step = 2 * parameters.near + 1;
    this.#a.fill(Math.max(2, Math.floor((parameters.range + 32) / 64)));
    this.#n.fill(1);
    this.#gradients = quantizedGradients(parameters);
    this.runIndex = new Int32Array(components);
  }

  /** One line of one component. `above` and `line` have a margin of one. */
  line(above: Int32Array, line: Int32Array, width: number, component: number): void {
    line[0] = above[1]!;
    above[width + 1] = above[width]!;
    let x = 1;
    while (x <= width) {
      const context = this.#context(line[x - 1]!, above[x]!, above[x - 1]!, above[x + 1]!);
      if (context === 0) {
        x = this.#run(above, line, x, width, component);
      } else {
        line[x] = this.#regular(context, line[x - 1]!, above[x]!, above[x - 1]!);
        x++;
      }
    }
  }

  /** One line of several components, sample by sample: a run is one of all of them (A.8, interleaving by sample). */
  samples(above: readonly Int32Array[], line: readonly Int32Array[], width: number): void {
    for (const [i, samples] of line.entries()) {
      samples[0] = above[i]![1]!;
      above[i]![width + 1] = above[i]![width]!;
    }
    const found = new Int32Array(line.length);
    let x = 1;
    while (x <= width) {
      let any = 0;
      for (let i = 0; i < found.length; i++) {
        const up = above[i]!;
        found[i] = this.#context(line[i]![x - 1]!, up[x]!, up[x - 1]!, up[x + 1]!);
        any |= found[i]!;
      }
      if (any === 0) {
        x = this.#runOfSamples(above, line, x, width);
        continue;
      }
      for (let i = 0; i < found.length; i++) {
        line[i]![x] = this.#regular(found[i]!, line[i]![x - 1]!, above[i]![x]!, above[i]![x - 1]!);
      }
      x++;
    }
  }

  /** The quantized gradients as one number, negative where the context is its mirror image (A.3.3, A.3.4). */
  #context(left: number, up: number, upLeft: number, upRight: number): number {
    const g = this.#gradients;
    const middle = this.#p.maxVal;
    return 81 * g[upRight - up + middle]! + 9 * g[up - upLeft + middle]! + g[upLeft - left + middle]!;
  }

  /** A.4 to A.6 */
  #regular(context: number, left: number, up: number, upLeft: number): number {
    const sign = context < 0 ? -1 : 1;
    const q = context * sign;
    const n = this.#n[q]!;
    const guess = clamp(median(left, up, upLeft) + sign * this.#c[q]!, this.#p.maxVal);
    const mapped = this.#golomb(orderOf(n, this.#a[q]!), this.#p.limit);
    const inverted = this.#a[q]! <= n && this.#p.near === 0 && 2 * this.#b[q]! <= -n;
    const half = (mapped >> 1) ^ -(mapped & 1);
    const error = inverted ? ~half : half;
    this.#update(q, error);
    return this.#reconstruct(guess, sign * error);
  }

  /** A.6.1 and A.6.2: the context's statistics and its bias. */
  #update(q: number, error: number): void {
    let a = this.#a[q]! + Math.abs(error);
    let b = this.#b[q]! + error * this.#step;
    let n = this.#n[q]!;
    if (n === this.#p.reset) {
      a >>= 1;
      b >>= 1;
      n >>= 1;
    }
    n++;
    if (b <= -n) {
      b = Math.max(b + n, 1 - n);
      if (this.#c[q]! > minBias) this.#c[q]!--;
    } else if (b > 0) {
      b = Math.min(b - n, 0);
      if (this.#c[q]! < maxBias) this.#c[q]!++;
    }
    this.#a[q] = a;
    this.#b[q] = b;
    this.#n[q] = n;
  }

  /** A code of limited length (A.5.3). */
  #golomb(k: number, limit: number): number {
    const longest = limit - this.#p.qbpp - 1;
    const high = this.#bits.zeros(longest);
    if (high < longest) return k === 0 ? high : (high << k) | this.#bits.read(k);
    return this.#bits.read(this.#p.qbpp) + 1;
  }

  /** A.4.5 undone. */
  #reconstruct(guess: number, error: number): number {
    const { maxVal, near, range } = this.#p;
    let value = guess + error * this.#step;
    if (value < -near) value += range * this.#step;
    else if (value > maxVal + near) value -= range * this.#step;
    return clamp(value, maxVal);
  }

  /** Samples of a run from `x` on (A.7.1); its length ends the line or is followed by the sample that broke it. */
  #runLength(left: number, component: number): number {
    let length = 0;
    while (length < left && this.#bits.read(1) === 1) {
      const whole = 1 << runOrder[this.runIndex[component]!]!;
      length += whole;
      if (length <= left && this.runIndex[component]! < 31) this.runIndex[component]!++;
      if (length >= left) return left;
    }
    const order = runOrder[this.runIndex[component]!]!;
    return Math.min(left, length + (order === 0 ? 0 : this.#bits.read(order)));
  }

  #run(above: Int32Array, line: Int32Array, x: number, width: number, component: number): number {
    const left = line[x - 1]!;
    const end = x + this.#runLength(width + 1 - x, component);
    line.fill(left, x, end);
    if (end > width) return end;
    const up = above[end]!;
    const like = Math.abs(left - up) <= this.#p.near;
    const error = this.#interruption(like ? 1 : 0, component);
    line[end] = like ? this.#reconstruct(left, error) : this.#reconstruct(up, up < left ? -error : error);
    if (this.runIndex[component]! > 0) this.runIndex[component]!--;
    return end + 1;
  }

  #runOfSamples(above: readonly Int32Array[], line: readonly Int32Array[], x: number, width: number): number {
    const end = x + this.#runLength(width + 1 - x, 0);
    for (const samples of line) samples.fill(samples[x - 1]!, x, end);
    if (end > width) return end;
    for (const [i, samples] of line.entries()) {
      const up = above[i]![end]!;
      const error = this.#interruption(0, 0);
      samples[end] = this.#reconstruct(up, up < samples[x - 1]! ? -error : error);
    }
    if (this.runIndex[0]! > 0) this.runIndex[0]!--;
    return end + 1;
  }

  /** The error of the sample that broke a run (A.7.2). */
  #interruption(type: 0 | 1, component: number): number {
    const q = runContext + type;
    const n = this.#n[q]!;
    const sum = this.#a[q]! + (type === 1 ? n >> 1 : 0);
    const k = orderOf(n, sum);
    const coded = this.#golomb(k, this.#p.limit - runOrder[this.runIndex[component]!]! - 1);
    const mapped = coded + type;
    const odd = (mapped & 1) === 1;
    const size = (mapped + (odd ? 1 : 0)) >> 1;
    const error = (k !== 0 || 2 * this.#negative[type]! >= n) === odd ? -size : size;
    if (error < 0) this.#negative[type]!++;
    this.#a[q]! += (coded + 1 - type) >> 1;
    if (n === this.#p.reset) {
      this.#a[q]! >>= 1;
      this.#n[q]! >>= 1;
      this.#negative[type]! >>= 1;
    }
    this.#n[q]!++;
    return error;
  }
}

/** The order of Golomb's code for a context (A.5.1). A sound stream needs no more than 16. */
function orderOf(n: number, sum: number): number {
  let k = 0;
  while (n << k < sum) if (++k > 16) throw new CodecFailure('JPEG-LS data are broken');
  return k;
}

/** The median edge detector (A.4.1). */
function median(left: number, up: number, upLeft: number): number {
  const least = Math.min(left, up);
  const most = Math.max(left, up);
  if (upLeft >= most) return least;
  return upLeft <= least ? most : left + up - upLeft;
}

const clamp = (value: number, most: number): number => (value < 0 ? 0 : value > most ? most : value);

/** Region -4 to 4 of every difference from -MAXVAL on (A.3.3). */
function quantizedGradients({ maxVal, near, t1, t2, t3 }: CodingParameters): Int8Array {
  const table = new Int8Array(2 * maxVal + 1);
  for (let difference = 0; difference <= maxVal; difference++) {
    const region = difference <= near ? 0 : difference < t1 ? 1 : difference < t2 ? 2 : difference < t3 ? 3 : 4;
    table[maxVal + difference] = region;
    table[maxVal - difference] = -region;
  }
  return table;
}
