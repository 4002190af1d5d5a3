import { fillNormal, type Random, randomOf } from '../random.ts';
import { blurred } from './magnitude.ts';

export interface CtKernel {
  /** As the vendor names it. */
  readonly name: string;
  /** Smoothing of the image in pixels; negative sharpens edges by that much. */
  readonly blur: number;
  /** Standard deviation in the middle of the body, HU. */
  readonly noise: number;
  /** Highest frequency let through, as a part of Nyquist. */
  readonly band: number;
}

/**
 * Noise as filtered back projection leaves it: noise of the detector, filtered by a ramp up to the kernel's band and
 * smeared back along every ray. Rays from the side cross more of the body and are noisier, so that it streaks sideways.
 */
export function backProjectedNoise(size: number, band: number, sideways: number, seed: string): Float32Array {
  const angles = 150;
  const bins = Math.ceil(size * 1.5);
  const plane = new Float32Array(size * size);
  const kernel = rampKernel(band);
  const half = (size - 1) / 2;
  const white = new Float32Array(bins);
  for (let a = 0; a < angles; a++) {
    fillNormal(white, `${seed}/${a}`);
    const angle = (Math.PI * (a + 0.5)) / angles;
    const weight = 1 + sideways * Math.abs(Math.sin(angle)) ** 6;
    const row = filtered(white, kernel);
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    for (let y = 0, i = 0; y < size; y++) {
      let t = (0 - half) * c + (y - half) * s + bins / 2;
      for (let x = 0; x < size; x++, i++, t += c) {
        const k = t | 0;
        const f = t - k;
        plane[i]! += weight * (row[k]! * (1 - f) + row[k + 1]! * f);
      }
    }
  }
  let square = 0;
  for (const v of plane) square += v * v;
  const scale = 1 / Math.sqrt(square / plane.length);
  for (let i = 0; i < plane.length; i++) plane[i]! *= scale;
  return plane;
}

/** The ramp filter with a Hann window, sampled in space. */
function rampKernel(band: number): Float64Array {
  const radius = 14;
  const steps = 64;
  return Float64Array.from({ length: 2 * radius + 1 }, (_, i) => {
    let sum = 0;
    for (let k = 1; k <= steps; k++) {
      const f = (0.5 * band * k) / steps;
      sum += f * (0.5 + 0.5 * Math.cos((Math.PI * k) / steps)) * Math.cos(2 * Math.PI * f * (i - radius));
    }
    return sum;
  });
}

function filtered(row: Float32Array, kernel: Float64Array): Float32Array {
  const radius = (kernel.length - 1) / 2;
  const out = new Float32Array(row.length + 2);
  for (let i = radius; i < row.length - radius; i++) {
    let sum = 0;
    for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * row[i + k - radius]!;
    out[i] = sum;
  }
  return out;
}

/** Makes slices of one reconstruction from ideal Hounsfield units. */
export interface CtReconstruction {
  slice(hu: Float32Array, index: number): Int16Array;
}

/** Air outside of the reconstructed circle, as some vendors mark it. */
export const CT_PADDING = -2000;

interface NoisePlanes {
  readonly planes: readonly Float32Array[];
  readonly streaks: Float32Array;
}
const made = new Map<string, NoisePlanes>();

/** Noise planes serve every scan of a kernel: each slice mixes and turns them differently. */
function noiseOf(size: number, band: number): NoisePlanes {
  const key = `${size} ${band}`;
  const known = made.get(key);
  if (known) return known;
  const planes = [0, 1].map((i) => backProjectedNoise(size, band, 0.8, `ct noise ${i}`));
  const noise = { planes, streaks: backProjectedNoise(size, band * 0.8, 14, 'ct streaks') };
  made.set(key, noise);
  return noise;
}

export function ctReconstruction(size: number, kernel: CtKernel, seed: string, circle: boolean): CtReconstruction {
  const { planes, streaks } = noiseOf(size, kernel.band);
  return {
    slice: (hu, index) => {
      const random = randomOf(`${seed}/${kernel.name}/slice ${index}`);
      const image = kernel.blur >= 0 ? blurred(hu, size, size, kernel.blur) : sharpened(hu, size, -kernel.blur);
      return withNoise(image, hu, { size, kernel, planes, streaks, random, circle });
    },
  };
}

function sharpened(hu: Float32Array, size: number, amount: number): Float32Array {
  const soft = blurred(hu, size, size, 0.9);
  return hu.map((value, i) => value + amount * (value - soft[i]!));
}

interface NoiseOptions {
  readonly size: number;
  readonly kernel: CtKernel;
  readonly planes: readonly Float32Array[];
  readonly streaks: Float32Array;
  readonly random: Random;
  readonly circle: boolean;
}

/** Attenuation along the rows and columns of a slice decides how noisy its parts are. */
function withNoise(image: Float32Array, hu: Float32Array, options: NoiseOptions): Int16Array {
  const { size, kernel, random, circle } = options;
  const { across, down } = pathLengths(hu, size);
  const angle = random.between(0, 2 * Math.PI);
  const [a, b] = [Math.cos(angle), Math.sin(angle)];
  const flips = [random.integer(0, 3), random.integer(0, 3), random.integer(0, 1) * 2];
  const out = new Int16Array(size * size);
  const half = (size - 1) / 2;
  const place = (x: number, y: number, flip: number) =>
    (flip & 2 ? size - 1 - y : y) * size + (flip & 1 ? size - 1 - x : x);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      if (circle && (x - half) ** 2 + (y - half) ** 2 > half * half) {
        out[i] = CT_PADDING;
        continue;
      }
      const local = kernel.noise * (0.35 + 0.65 * Math.sqrt(across[y]! * down[x]!));
      const side = kernel.noise * 0.9 * Math.max(0, across[y]! - 0.9);
      const n = a * options.planes[0]![place(x, y, flips[0]!)]! + b * options.planes[1]![place(x, y, flips[1]!)]!;
      const v = Math.round(image[i]! + local * n + side * options.streaks[place(x, y, flips[2]!)]!);
      out[i] = v < -1024 ? -1024 : v > 3071 ? 3071 : v;
    }
  }
  return out;
}

/** Water-equivalent path through the slice per row and per column, 1 = 300 mm of 0.8 mm pixels. */
function pathLengths(hu: Float32Array, size: number): { across: Float32Array; down: Float32Array } {
  const across = new Float32Array(size);
  const down = new Float32Array(size);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      const mu = Math.max(0, 1 + hu[i]! / 1000);
      across[y]! += mu;
      down[x]! += mu;
    }
  }
  const scale = 1 / 375;
  return { across: smooth(across, scale), down: smooth(down, scale) };
}

function smooth(values: Float32Array, scale: number): Float32Array {
  return values.map((_, i) => {
    let sum = 0;
    for (let k = -6; k <= 6; k++) sum += values[Math.min(values.length - 1, Math.max(0, i + k))]!;
    return (sum / 13) * scale;
  });
}
