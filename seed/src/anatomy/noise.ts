import { fillNormal } from '../random.ts';

/** A smooth random field over space: zero mean, unit variance, nothing finer than its wavelength. */
export type Field = (x: number, y: number, z: number) => number;

/** 64^3 floats are a megabyte: they stay in a core's cache. */
const SIZE = 64;
const MASK = SIZE - 1;
/** Cells of the table per wavelength: a Gaussian of 1.25 cells leaves little below it. */
const CELLS = 5.5;

function blurAlong(source: Float32Array, stride: number, kernel: readonly number[]): Float32Array {
  const out = new Float32Array(source.length);
  const radius = (kernel.length - 1) / 2;
  const span = SIZE * stride;
  for (let i = 0; i < source.length; i++) {
    const base = i - (i % span) + (i % stride);
    const position = ((i % span) / stride) | 0;
    let sum = 0;
    for (let k = -radius; k <= radius; k++)
      sum += kernel[k + radius]! * source[base + ((position + k) & MASK) * stride]!;
    out[i] = sum;
  }
  return out;
}

let shared: Float32Array | undefined;

/** One periodic table of band-limited noise serves every field: they differ by offset, rotation and scale. */
function table(): Float32Array {
  if (shared) return shared;
  const white = new Float32Array(SIZE ** 3);
  fillNormal(white, 'noise table');
  const kernel = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((k) => Math.exp(-(k * k) / (2 * 1.25 ** 2)));
  const smooth = blurAlong(blurAlong(blurAlong(white, 1, kernel), SIZE, kernel), SIZE * SIZE, kernel);
  let square = 0;
  for (const value of smooth) square += value * value;
  const scale = 1 / Math.sqrt(square / smooth.length);
  for (let i = 0; i < smooth.length; i++) smooth[i]! *= scale;
  shared = smooth;
  return smooth;
}

function lookup(t: Float32Array, x: number, y: number, z: number): number {
  const fx = Math.floor(x);
  const fy = Math.floor(y);
  const fz = Math.floor(z);
  const u = x - fx;
  const v = y - fy;
  const w = z - fz;
  const x0 = fx & MASK;
  const x1 = (fx + 1) & MASK;
  const y0 = (fy & MASK) << 6;
  const y1 = ((fy + 1) & MASK) << 6;
  const z0 = (fz & MASK) << 12;
  const z1 = ((fz + 1) & MASK) << 12;
  const a = t[z0 | y0 | x0]! * (1 - u) + t[z0 | y0 | x1]! * u;
  const b = t[z0 | y1 | x0]! * (1 - u) + t[z0 | y1 | x1]! * u;
  const c = t[z1 | y0 | x0]! * (1 - u) + t[z1 | y0 | x1]! * u;
  const d = t[z1 | y1 | x0]! * (1 - u) + t[z1 | y1 | x1]! * u;
  return (a * (1 - v) + b * v) * (1 - w) + (c * (1 - v) + d * v) * w;
}

/** Noise of one wavelength (mm); `stretch` lengthens it along each axis, e.g. for muscle fibres. */
export function noise(seed: number, wavelength: number, stretch: readonly [number, number, number] = [1, 1, 1]): Field {
  const t = table();
  const scale = CELLS / wavelength;
  const angle = seed * 2.39996;
  const tilt = seed * 1.7 + 0.6;
  const [ca, sa, ct, st] = [Math.cos(angle), Math.sin(angle), Math.cos(tilt), Math.sin(tilt)];
  const ox = seed * 37.7;
  const oy = seed * 71.3;
  const oz = seed * 53.9;
  const [sx, sy, sz] = [scale / stretch[0], scale / stretch[1], scale / stretch[2]];
  return (x, y, z) => {
    const px = x * sx;
    const py = y * sy;
    const pz = z * sz;
    const qx = ca * px - sa * py;
    const qy = sa * px + ca * py;
    return lookup(t, qx + ox, ct * qy - st * pz + oy, st * qy + ct * pz + oz);
  };
}

/** A sum of octaves, each half the wavelength and `gain` times the amplitude of the one before; unit variance. */
export function fractal(seed: number, wavelength: number, octaves: number, gain = 0.5): Field {
  const parts: Field[] = [];
  const weights: number[] = [];
  for (let i = 0; i < octaves; i++) {
    parts.push(noise(seed + i * 17, wavelength / 2 ** i));
    weights.push(gain ** i);
  }
  const norm = 1 / Math.hypot(...weights);
  return (x, y, z) => {
    let sum = 0;
    for (let i = 0; i < octaves; i++) sum += weights[i]! * parts[i]!(x, y, z);
    return sum * norm;
  };
}

/**
 * Thin sheets where the noise crosses zero: -1 on the sheet, 0 away from it. They look like septa in fat, fibres in
 * muscle and trabeculae.
 */
export function sheets(field: Field, width: number): Field {
  return (x, y, z) => {
    const r = field(x, y, z) / width;
    return r > 1 || r < -1 ? 0 : r * r - 1;
  };
}
