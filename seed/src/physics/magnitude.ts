import type { Grid } from '../anatomy/grid.ts';
import { positionOf } from '../anatomy/grid.ts';
import type { Distance, Vec3 } from '../anatomy/shape.ts';
import { fillNormal } from '../random.ts';

export interface MagnitudeOptions {
  readonly seed: string;
  /** Standard deviation of the noise in each of the real and imaginary channels, in units of signal. */
  readonly noise: number;
  /** Smoothing by the point spread, in pixels. */
  readonly blur?: number;
  /** Receive sensitivity in space, about 1. */
  readonly coil?: Distance;
  /** Displacement along the columns (phase encoding) in mm, as in echo-planar images near gas. */
  readonly distortion?: Distance;
  /** Amplitude of the echo-planar ghost, half a field of view away. */
  readonly ghost?: number;
}

/** What a scanner makes of an ideal slice: distortion, ghost, point spread, coil sensitivity and Rician noise. */
export function magnitude(signal: Float32Array, grid: Grid, slice: number, options: MagnitudeOptions): Float32Array {
  const { rows, columns } = grid;
  let plane = options.distortion ? distorted(signal, grid, slice, options.distortion) : signal;
  if (options.coil) plane = weighted(plane, grid, slice, options.coil);
  if (options.ghost) plane = ghosted(plane, rows, columns, options.ghost);
  if (options.blur) plane = blurred(plane, rows, columns, options.blur);
  return rician(plane, rows, columns, options.noise, options.seed);
}

function eachVoxel(grid: Grid, slice: number, visit: (i: number, x: number, y: number, z: number) => void): void {
  const start = positionOf(grid, slice);
  const [dx, dy] = grid.spacing;
  for (let j = 0, i = 0; j < grid.rows; j++) {
    for (let k = 0; k < grid.columns; k++, i++) {
      visit(
        i,
        start[0] + k * dx * grid.row[0] + j * dy * grid.column[0],
        start[1] + k * dx * grid.row[1] + j * dy * grid.column[1],
        start[2] + k * dx * grid.row[2] + j * dy * grid.column[2],
      );
    }
  }
}

function weighted(signal: Float32Array, grid: Grid, slice: number, coil: Distance): Float32Array {
  const out = new Float32Array(signal.length);
  eachVoxel(grid, slice, (i, x, y, z) => {
    out[i] = signal[i]! * coil(x, y, z);
  });
  return out;
}

function distorted(signal: Float32Array, grid: Grid, slice: number, shift: Distance): Float32Array {
  const out = new Float32Array(signal.length);
  const { rows, columns } = grid;
  const perPixel = 1 / grid.spacing[1];
  eachVoxel(grid, slice, (i, x, y, z) => {
    const row = Math.min(rows - 1, Math.max(0, Math.floor(i / columns) + shift(x, y, z) * perPixel));
    const low = Math.min(rows - 2, Math.floor(row));
    const t = row - low;
    const at = low * columns + (i % columns);
    out[i] = signal[at]! * (1 - t) + signal[at + columns]! * t;
  });
  return out;
}

function ghosted(signal: Float32Array, rows: number, columns: number, amplitude: number): Float32Array {
  const half = (rows >> 1) * columns;
  return signal.map((value, i) => value + amplitude * signal[(i + half) % signal.length]!);
}

/** A separable Gaussian of sigma pixels. */
export function blurred(source: Float32Array, rows: number, columns: number, sigma: number): Float32Array {
  const radius = Math.max(1, Math.ceil(2.5 * sigma));
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, k) => Math.exp(-((k - radius) ** 2) / (2 * sigma * sigma)));
  const total = kernel.reduce((a, b) => a + b);
  const pass = (input: Float32Array, stride: number, count: number): Float32Array => {
    const out = new Float32Array(input.length);
    for (let i = 0; i < input.length; i++) {
      const position = stride === 1 ? i % columns : Math.floor(i / columns);
      let sum = 0;
      for (let k = -radius; k <= radius; k++) {
        const p = position + k;
        const q = p < 0 ? 0 : p >= count ? count - 1 : p;
        sum += kernel[k + radius]! * input[i + (q - position) * stride]!;
      }
      out[i] = sum / total;
    }
    return out;
  };
  return pass(pass(source, 1, columns), columns, rows);
}

/**
 * Magnitude of the signal with complex Gaussian noise. The noise is slightly smooth, as after zero-filling to a larger
 * matrix, and keeps its standard deviation.
 */
function rician(signal: Float32Array, rows: number, columns: number, sd: number, seed: string): Float32Array {
  const real = smoothNoise(rows, columns, `${seed}/re`);
  const imaginary = smoothNoise(rows, columns, `${seed}/im`);
  return signal.map((value, i) => Math.hypot(value + sd * real[i]!, sd * imaginary[i]!));
}

/** Unit variance after a short kernel in both directions. */
function smoothNoise(rows: number, columns: number, seed: string): Float32Array {
  const width = columns + 2;
  const white = new Float32Array(width * (rows + 2));
  fillNormal(white, seed);
  const [side, middle] = [0.4, Math.sqrt(0.68)];
  const across = white.map((value, i) => side * ((white[i - 1] ?? 0) + (white[i + 1] ?? 0)) + middle * value);
  const out = new Float32Array(rows * columns);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, i++) {
      const at = (y + 1) * width + x + 1;
      out[i] = side * (across[at - width]! + across[at + width]!) + middle * across[at]!;
    }
  }
  return out;
}

/** A phased array around a body: more signal near the surface in front and behind, and a slow drift. */
export function bodyArray(centre: Vec3, halfDepth: number, strength: number, drift: Distance): Distance {
  return (x, y, z) => {
    const depth = (y - centre[1]) / halfDepth;
    return (1 + strength * (depth * depth - 0.25) + 0.06 * drift(x, y, z)) * (1 - 0.04 * ((x - centre[0]) / 100) ** 2);
  };
}
