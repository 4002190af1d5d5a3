import type { Grid } from '../anatomy/grid.ts';
import { positionOf } from '../anatomy/grid.ts';
import type { Distance, Vec3 } from '../anatomy/shape.ts';
import { fillNormal, hash32 } from '../random.ts';

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
  const kernel = gaussian(sigma);
  return alongColumns(alongRows(source, rows, columns, kernel), rows, columns, kernel);
}

function gaussian(sigma: number): Float64Array {
  const radius = Math.max(1, Math.ceil(2.5 * sigma));
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((a, b) => a + b);
  return kernel.map((v) => v / total);
}

function alongRows(source: Float32Array, rows: number, columns: number, kernel: Float64Array): Float32Array {
  const radius = (kernel.length - 1) / 2;
  const out = new Float32Array(source.length);
  const line = new Float32Array(columns + 2 * radius);
  for (let y = 0; y < rows; y++) {
    const start = y * columns;
    // Edges repeat their last value.
    line.fill(source[start]!, 0, radius);
    line.set(source.subarray(start, start + columns), radius);
    line.fill(source[start + columns - 1]!, columns + radius);
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * line[x + k]!;
      out[start + x] = sum;
    }
  }
  return out;
}

function alongColumns(source: Float32Array, rows: number, columns: number, kernel: Float64Array): Float32Array {
  const radius = (kernel.length - 1) / 2;
  const out = new Float32Array(source.length);
  for (let y = 0; y < rows; y++) {
    const to = y * columns;
    for (let k = 0; k < kernel.length; k++) {
      const from = Math.min(rows - 1, Math.max(0, y + k - radius)) * columns;
      const weight = kernel[k]!;
      for (let x = 0; x < columns; x++) out[to + x]! += weight * source[from + x]!;
    }
  }
  return out;
}

/**
 * Magnitude of the signal with complex Gaussian noise. The noise is slightly smooth, as after zero-filling to a larger
 * matrix, and keeps its standard deviation.
 */
function rician(signal: Float32Array, rows: number, columns: number, sd: number, seed: string): Float32Array {
  const noise = noisePlane();
  const real = windowAt(hash32(`${seed}/re`), rows, columns);
  const imaginary = windowAt(hash32(`${seed}/im`), rows, columns);
  const out = new Float32Array(signal.length);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, i++) {
      const a = signal[i]! + sd * noise[real + y * PLANE + x]!;
      const b = sd * noise[imaginary + y * PLANE + x]!;
      out[i] = Math.sqrt(a * a + b * b);
    }
  }
  return out;
}

const PLANE = 1024;
let plane: Float32Array | undefined;

/** One large plane of unit noise, slightly smooth in both directions; images take windows of it. */
function noisePlane(): Float32Array {
  if (plane) return plane;
  const white = new Float32Array(PLANE * PLANE);
  fillNormal(white, 'receiver noise');
  const [side, middle] = [0.4, Math.sqrt(0.68)];
  const at = (i: number) => i & (PLANE * PLANE - 1);
  const across = white.map((v, i) => side * (white[at(i - 1)]! + white[at(i + 1)]!) + middle * v);
  plane = across.map((v, i) => side * (across[at(i - PLANE)]! + across[at(i + PLANE)]!) + middle * v);
  return plane;
}

const windowAt = (hash: number, rows: number, columns: number): number =>
  ((hash >>> 16) % (PLANE - rows)) * PLANE + ((hash & 0xffff) % (PLANE - columns));

/** A phased array around a body: more signal near the surface in front and behind, and a slow drift. */
export function bodyArray(centre: Vec3, halfDepth: number, strength: number, drift: Distance): Distance {
  return (x, y, z) => {
    const depth = (y - centre[1]) / halfDepth;
    return (1 + strength * (depth * depth - 0.25) + 0.06 * drift(x, y, z)) * (1 - 0.04 * ((x - centre[0]) / 100) ** 2);
  };
}
