import type { Grid } from '../anatomy/grid.ts';
import type { Branch } from '../anatomy/tree.ts';
import { fillNormal } from '../random.ts';
import { blurred } from './magnitude.ts';

/** Attenuation of water and the extra of bone at about 70 keV, 1/mm. */
const WATER = 0.019;

/** Adds one coronal slice of Hounsfield units to a projection along the patient's front-back axis. */
export function accumulate(projection: Float32Array, hu: Float32Array, thickness: number): void {
  for (let i = 0; i < projection.length; i++) {
    const v = hu[i]!;
    // Bone attenuates more than its Hounsfield units at CT energies suggest.
    projection[i]! += Math.max(0, 1 + v / 1000 + (v > 120 ? (v - 120) / 700 : 0)) * thickness * WATER;
  }
}

/** Adds vessels, which are too thin for the slices, as chords through round rods in lung. */
export function accumulateBranches(projection: Float32Array, grid: Grid, branches: readonly Branch[]): void {
  const [px, pz] = [grid.spacing[0], grid.spacing[1]];
  for (const { from, to, fromRadius, toRadius } of branches) {
    const [ax, az, bx, bz] = [
      (from[0] - grid.origin[0]) / px,
      (grid.origin[2] - from[2]) / pz,
      (to[0] - grid.origin[0]) / px,
      (grid.origin[2] - to[2]) / pz,
    ];
    const [dx, dz] = [bx - ax, bz - az];
    const flat = Math.hypot(dx * px, dz * pz);
    // A rod along the beam casts a short, dense shadow; limit it to its length.
    const slant = Math.min(3, Math.hypot(flat, to[1] - from[1]) / Math.max(flat, 0.5));
    const reach = Math.ceil(Math.max(fromRadius, toRadius) / px) + 1;
    const inverse = 1 / (dx * dx + dz * dz || 1);
    for (let z = Math.floor(Math.min(az, bz)) - reach; z <= Math.max(az, bz) + reach; z++) {
      for (let x = Math.floor(Math.min(ax, bx)) - reach; x <= Math.max(ax, bx) + reach; x++) {
        if (x < 0 || z < 0 || x >= grid.columns || z >= grid.rows) continue;
        const h = ((x - ax) * dx + (z - az) * dz) * inverse;
        if (h < 0 || h >= 1) continue;
        const r = fromRadius + h * (toRadius - fromRadius);
        const d = Math.hypot(x - ax - h * dx, z - az - h * dz) * px;
        const chord = d < r ? 2 * Math.sqrt(r * r - d * d) : 0;
        projection[z * grid.columns + x]! += 0.85 * WATER * chord * slant;
      }
    }
  }
}

/**
 * What a computed radiography reader shows: the logarithm of the exposure, wide structures held back so that lung and
 * mediastinum fit one window (multi-scale processing), quantum noise. Values 0 to 4095, bright = dense.
 */
export function radiograph(
  projection: Float32Array,
  rows: number,
  columns: number,
  seed: string,
): Uint16Array<ArrayBuffer> {
  const wide = blurred(projection, rows, columns, columns / 28);
  const middle = blurred(projection, rows, columns, columns / 110);
  const white = new Float32Array(projection.length);
  fillNormal(white, seed);
  const grain = blurred(white, rows, columns, 0.6);
  const values = new Uint16Array(projection.length);
  for (let i = 0; i < values.length; i++) {
    const value = projection[i]!;
    const open = wide[i]!;
    const detail = 0.6 + 1.5 * Math.exp(-0.45 * open);
    const processed = 0.6 * open + 0.95 * (middle[i]! - open) + detail * (value - middle[i]!);
    const noise = 0.011 * Math.exp(0.32 * value) * grain[i]!;
    values[i] = Math.min(4095, Math.round(4095 * (1 - Math.exp(-0.62 * Math.max(0, processed + noise)))));
  }
  return values;
}

/** Doubles a plane in both directions by bilinear interpolation. */
export function doubled(source: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(source.length * 4);
  const at = (x: number, y: number) =>
    source[Math.min(rows - 1, Math.max(0, y)) * columns + Math.min(columns - 1, Math.max(0, x))]!;
  for (let y = 0, i = 0; y < rows * 2; y++) {
    for (let x = 0; x < columns * 2; x++, i++) {
      const [sx, sy] = [x / 2 - 0.25, y / 2 - 0.25];
      const [x0, y0] = [Math.floor(sx), Math.floor(sy)];
      const [u, v] = [sx - x0, sy - y0];
      out[i] =
        (at(x0, y0) * (1 - u) + at(x0 + 1, y0) * u) * (1 - v) + (at(x0, y0 + 1) * (1 - u) + at(x0 + 1, y0 + 1) * u) * v;
    }
  }
  return out;
}
