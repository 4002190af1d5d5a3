import type { Box, Distance, Vec3 } from './shape.ts';

/** Samples of a distance on a grid, x fastest, in blocks of {@link BLOCK} along each axis. */
export interface Samples {
  readonly low: Vec3;
  /** mm between samples. */
  readonly step: number;
  readonly size: readonly [number, number, number];
  readonly values: Float32Array;
}

/** Samples per block and axis. A block owns its low faces; the high ones belong to the next block, if there is one. */
export const BLOCK = 3;
/** Value of samples that nothing is known of. */
const UNKNOWN = 1e9;
/** Millimetres by which a part's blocks reach beyond its bounds, in steps. */
export const MARGIN = 2;

export function emptySamples(box: Box, step: number): Samples {
  const count = (i: number) => Math.ceil(Math.max(1, (box.high[i]! - box.low[i]!) / step / BLOCK)) * BLOCK + 1;
  const size = [count(0), count(1), count(2)] as const;
  return { low: box.low, step, size, values: new Float32Array(size[0] * size[1] * size[2]).fill(UNKNOWN) };
}

export const boxOf = ({ low, step, size }: Samples): Box => ({
  low,
  high: [low[0] + (size[0] - 1) * step, low[1] + (size[1] - 1) * step, low[2] + (size[2] - 1) * step],
});

export const blocksOf = ({ size }: Samples): Vec3 => [
  (size[0] - 1) / BLOCK,
  (size[1] - 1) / BLOCK,
  (size[2] - 1) / BLOCK,
];

/**
 * Gives samples that no part came near a distance: at least that to the nearest block that one reached, so that whoever
 * walks through takes long steps.
 */
export function fillUnknown(samples: Samples): void {
  const { step, values } = samples;
  const blocks = blockDistances(samples);
  if (!blocks) return;
  eachSample(samples, (i, block) => {
    if (values[i] === UNKNOWN) values[i] = (MARGIN + (Math.max(1, blocks[block]!) - 1) * BLOCK) * step;
  });
}

function eachSample(samples: Samples, visit: (sample: number, block: number) => void): void {
  const [nx, ny, nz] = blocksOf(samples);
  const { size } = samples;
  for (let z = 0, i = 0; z < size[2]; z++) {
    const bz = Math.min(nz - 1, (z / BLOCK) | 0);
    for (let y = 0; y < size[1]; y++) {
      const line = (bz * ny + Math.min(ny - 1, (y / BLOCK) | 0)) * nx;
      for (let x = 0; x < size[0]; x++, i++) visit(i, line + Math.min(nx - 1, (x / BLOCK) | 0));
    }
  }
}

/** For each block, how many blocks away (in the axis where it is furthest) the nearest known one lies. */
function blockDistances(samples: Samples): Uint8Array | undefined {
  const [nx, ny, nz] = blocksOf(samples);
  const blocks = new Uint8Array(nx * ny * nz).fill(255);
  let unknown = false;
  eachSample(samples, (i, block) => {
    if (samples.values[i] === UNKNOWN) unknown = true;
    else blocks[block] = 0;
  });
  if (!unknown) return undefined;
  spread(blocks, nx, ny, nz);
  return blocks;
}

/** The 13 neighbours that a sweep from low to high has seen already. */
const SEEN: readonly Vec3[] = Array.from(
  { length: 13 },
  (_, n): Vec3 => [(n % 3) - 1, (Math.floor(n / 3) % 3) - 1, Math.floor(n / 9) - 1],
);

/** One sweep forwards and one backwards; all 26 neighbours are one step away. */
function spread(blocks: Uint8Array, nx: number, ny: number, nz: number): void {
  const relax = (x: number, y: number, z: number, sign: 1 | -1): void => {
    const i = (z * ny + y) * nx + x;
    let best = blocks[i]!;
    for (const [dx, dy, dz] of SEEN) {
      const [px, py, pz] = [x + sign * dx, y + sign * dy, z + sign * dz];
      if (px < 0 || py < 0 || pz < 0 || px >= nx || py >= ny || pz >= nz) continue;
      best = Math.min(best, blocks[(pz * ny + py) * nx + px]! + 1);
    }
    blocks[i] = best;
  };
  for (let z = 0; z < nz; z++) for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) relax(x, y, z, 1);
  for (let z = nz - 1; z >= 0; z--)
    for (let y = ny - 1; y >= 0; y--) for (let x = nx - 1; x >= 0; x--) relax(x, y, z, -1);
}

/** The distance by trilinear interpolation; outside of the grid that of its edge. */
export function interpolated({ low, step, size, values }: Samples): Distance {
  const [nx, ny, nz] = size;
  const [lx, ly, lz] = low;
  const inverse = 1 / step;
  const plane = nx * ny;
  return (x, y, z) => {
    const fx = (x - lx) * inverse;
    const fy = (y - ly) * inverse;
    const fz = (z - lz) * inverse;
    const ix = fx < 0 ? 0 : fx >= nx - 1 ? nx - 2 : fx | 0;
    const iy = fy < 0 ? 0 : fy >= ny - 1 ? ny - 2 : fy | 0;
    const iz = fz < 0 ? 0 : fz >= nz - 1 ? nz - 2 : fz | 0;
    const u = fx < 0 ? 0 : fx >= nx - 1 ? 1 : fx - ix;
    const v = fy < 0 ? 0 : fy >= ny - 1 ? 1 : fy - iy;
    const w = fz < 0 ? 0 : fz >= nz - 1 ? 1 : fz - iz;
    const i = iz * plane + iy * nx + ix;
    const a = values[i]! + (values[i + 1]! - values[i]!) * u;
    const b = values[i + nx]! + (values[i + nx + 1]! - values[i + nx]!) * u;
    const j = i + plane;
    const c = values[j]! + (values[j + 1]! - values[j]!) * u;
    const d = values[j + nx]! + (values[j + nx + 1]! - values[j + nx]!) * u;
    const e = a + (b - a) * v;
    return e + (c + (d - c) * v - e) * w;
  };
}
