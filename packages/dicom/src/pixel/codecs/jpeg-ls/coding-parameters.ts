/** Of one scan (ISO 14495-1 C.2.4.1 and A.2.1). */
export interface CodingParameters {
  readonly maxVal: number;
  readonly near: number;
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
  readonly reset: number;
  readonly range: number;
  /** Bits of a code that is escaped. */
  readonly qbpp: number;
  /** Longest code. */
  readonly limit: number;
}

/** What an LSE segment of type 1 sets; 0 stands for the default. */
export type Presets = Partial<Pick<CodingParameters, 'maxVal' | 't1' | 't2' | 't3' | 'reset'>>;

export function codingParameters(precision: number, near: number, presets: Presets): CodingParameters {
  const maxVal = presets.maxVal || 2 ** precision - 1;
  const [d1, d2, d3] = defaultThresholds(maxVal, near);
  const range = Math.floor((maxVal + 2 * near) / (2 * near + 1)) + 1;
  const bpp = Math.max(2, Math.ceil(Math.log2(maxVal + 1)));
  return {
    maxVal,
    near,
    t1: presets.t1 || d1,
    t2: presets.t2 || d2,
    t3: presets.t3 || d3,
    reset: presets.reset || 64,
    range,
    qbpp: Math.ceil(Math.log2(range)),
    limit: 2 * (bpp + Math.max(8, bpp)),
  };
}

/** C.2.4.1.1.1 */
function defaultThresholds(maxVal: number, near: number): [number, number, number] {
  const clamp = (value: number, least: number): number => (value > maxVal || value < least ? least : value);
  const [b1, b2, b3] = maxVal >= 128 ? wideThresholds(maxVal, near) : narrowThresholds(maxVal, near);
  const t1 = clamp(b1, near + 1);
  const t2 = clamp(b2, t1);
  return [t1, t2, clamp(b3, t2)];
}

function wideThresholds(maxVal: number, near: number): [number, number, number] {
  const factor = Math.floor((Math.min(maxVal, 4095) + 128) / 256);
  return [factor + 2 + 3 * near, factor * 4 + 3 + 5 * near, factor * 17 + 4 + 7 * near];
}

function narrowThresholds(maxVal: number, near: number): [number, number, number] {
  const factor = Math.floor(256 / (maxVal + 1));
  const scaled = (base: number, least: number, slope: number): number =>
    Math.max(least, Math.floor(base / factor) + slope * near);
  return [scaled(3, 2, 3), scaled(7, 3, 5), scaled(21, 4, 7)];
}
