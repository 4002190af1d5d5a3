import type { Box, Distance, Shape, Vec3 } from './shape.ts';
import { grown } from './shape.ts';

/**
 * Moves every point of space a little, the same for all organs: no two patients are alike, nobody is symmetric. The answer
 * holds until the next call.
 */
export type Warp = (x: number, y: number, z: number) => Vec3;
/** A warp and the furthest that it moves a point, mm. */
export interface BakedWarp {
  readonly at: Warp;
  readonly reach: number;
}

export interface BakeOptions {
  /** Distance between samples, mm. */
  readonly step: number;
  readonly warp?: BakedWarp;
  /** Samples outside aren't needed. */
  readonly within?: Box;
}

/** Samples of a distance: x fastest. */
interface Samples {
  readonly low: Vec3;
  readonly step: number;
  readonly size: readonly [number, number, number];
  readonly values: Float32Array;
}

/** Fine samples per coarse one. */
const BLOCK = 4;
/** Distances beyond this many steps are known only roughly. */
const BAND = BLOCK * 1.9;

/**
 * Samples a shape's distance on a grid and answers from it by trilinear interpolation: surfaces stay smooth far below
 * the step, and a costly shape costs as little as a cheap one.
 */
export function bake(shape: Shape, options: BakeOptions): Shape {
  const samples = emptySamples(shape, options);
  for (const part of shape.parts ?? [shape]) samplePart(part, samples, options.warp);
  fillFar(samples);
  return { distance: interpolated(samples), bounds: boxOf(samples) };
}

function emptySamples(shape: Shape, options: BakeOptions): Samples {
  const { step, warp, within } = options;
  const wanted = grown(shape.bounds, 2 * step + (warp?.reach ?? 0));
  const box = within ? clip(wanted, within) : wanted;
  const size = box.low.map((low, i) => Math.ceil(Math.max(1, (box.high[i]! - low) / step / BLOCK)) * BLOCK + 1) as [
    number,
    number,
    number,
  ];
  const values = new Float32Array(size[0] * size[1] * size[2]).fill(BAND * step);
  return { low: box.low, step, size, values };
}

const boxOf = ({ low, step, size }: Samples): Box => ({
  low,
  high: [low[0] + (size[0] - 1) * step, low[1] + (size[1] - 1) * step, low[2] + (size[2] - 1) * step],
});

function clip(a: Box, b: Box): Box {
  const low = a.low.map((v, i) => Math.min(Math.max(v, b.low[i]!), b.high[i]!)) as [number, number, number];
  const high = a.high.map((v, i) => Math.max(low[i]!, Math.min(v, b.high[i]!))) as [number, number, number];
  return { low, high };
}

/** Blocks of the samples that a part's bounds reach. */
function blockRange(part: Shape, samples: Samples, reach: number): readonly [number, number][] {
  const { low, step, size } = samples;
  return [0, 1, 2].map((i): [number, number] => {
    const blocks = (size[i]! - 1) / BLOCK;
    const from = Math.floor((part.bounds.low[i]! - reach - low[i]!) / (step * BLOCK));
    const to = Math.floor((part.bounds.high[i]! + reach - low[i]!) / (step * BLOCK));
    return [Math.max(0, from), Math.min(blocks - 1, to)];
  });
}

/** Adds a part to the union of those before it; only blocks that its surface may cross are sampled finely. */
function samplePart(part: Shape, samples: Samples, warp: BakedWarp | undefined): void {
  const { step } = samples;
  const [[x0, x1], [y0, y1], [z0, z1]] = blockRange(part, samples, (warp?.reach ?? 0) + 2 * step) as [
    [number, number],
    [number, number],
    [number, number],
  ];
  if (x1 < x0 || y1 < y0 || z1 < z0) return;
  const at = warped(part.distance, samples, warp);
  const [nx, ny, nz] = [x1 - x0 + 2, y1 - y0 + 2, z1 - z0 + 2];
  const coarse = new Float32Array(nx * ny * nz);
  let c = 0;
  for (let z = z0; z <= z1 + 1; z++)
    for (let y = y0; y <= y1 + 1; y++)
      for (let x = x0; x <= x1 + 1; x++) coarse[c++] = at(x * BLOCK, y * BLOCK, z * BLOCK);
  const corners = new Float32Array(8);
  for (let z = z0; z <= z1; z++) {
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const i = ((z - z0) * ny + (y - y0)) * nx + (x - x0);
        corners.set([coarse[i]!, coarse[i + 1]!, coarse[i + nx]!, coarse[i + nx + 1]!]);
        const j = i + nx * ny;
        corners.set([coarse[j]!, coarse[j + 1]!, coarse[j + nx]!, coarse[j + nx + 1]!], 4);
        fillBlock(samples, [x * BLOCK, y * BLOCK, z * BLOCK], corners, at);
      }
    }
  }
}

/**
 * Gives the blocks that no surface is near a distance: at least that to the nearest block with one, so that whoever walks
 * through takes long steps.
 */
function fillFar(samples: Samples): void {
  const { step, values, size } = samples;
  const far = BAND * step;
  const [nx, ny, nz] = size.map((n) => (n - 1) / BLOCK) as [number, number, number];
  const blocks = blockDistances(samples, far);
  for (let z = 0, i = 0; z < size[2]; z++) {
    const bz = Math.min(nz - 1, (z / BLOCK) | 0);
    for (let y = 0; y < size[1]; y++) {
      const line = (bz * ny + Math.min(ny - 1, (y / BLOCK) | 0)) * nx;
      for (let x = 0; x < size[0]; x++, i++) {
        if (values[i]! < far) continue;
        values[i] = Math.max(far, (blocks[line + Math.min(nx - 1, (x / BLOCK) | 0)]! - 1) * BLOCK * step);
      }
    }
  }
}

/** For each block, how many blocks away (in the axis where it is furthest) the nearest one with a surface lies. */
function blockDistances({ size, values }: Samples, far: number): Uint8Array {
  const [nx, ny, nz] = size.map((n) => (n - 1) / BLOCK) as [number, number, number];
  const blocks = new Uint8Array(nx * ny * nz).fill(255);
  for (let z = 0, i = 0; z < size[2]; z++) {
    const bz = Math.min(nz - 1, (z / BLOCK) | 0);
    for (let y = 0; y < size[1]; y++) {
      const line = (bz * ny + Math.min(ny - 1, (y / BLOCK) | 0)) * nx;
      for (let x = 0; x < size[0]; x++, i++) if (values[i]! < far) blocks[line + Math.min(nx - 1, (x / BLOCK) | 0)] = 0;
    }
  }
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

/** Distance at a grid index. */
function warped(distance: Distance, { low, step }: Samples, warp: BakedWarp | undefined): Distance {
  if (!warp) return (i, j, k) => distance(low[0] + i * step, low[1] + j * step, low[2] + k * step);
  return (i, j, k) => {
    const x = low[0] + i * step;
    const y = low[1] + j * step;
    const z = low[2] + k * step;
    const w = warp.at(x, y, z);
    return distance(x + w[0], y + w[1], z + w[2]);
  };
}

function fillBlock(samples: Samples, [bx, by, bz]: Vec3, corners: Float32Array, at: Distance): void {
  const { size, values, step } = samples;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const d of corners) {
    if (d < least) least = d;
    if (d > most) most = d;
  }
  const far = BAND * step;
  if (least > far) return;
  const inside = most < -far;
  // A block owns its low faces; the high ones belong to the next block, if there is one.
  const end = (b: number, n: number) => (b + BLOCK === n - 1 ? n : b + BLOCK);
  const [ex, ey, ez] = [end(bx, size[0]), end(by, size[1]), end(bz, size[2])];
  for (let z = bz; z < ez; z++) {
    for (let y = by; y < ey; y++) {
      let i = (z * size[1] + y) * size[0] + bx;
      for (let x = bx; x < ex; x++, i++) {
        const d = inside ? most : at(x, y, z);
        if (d < values[i]!) values[i] = d;
      }
    }
  }
}

function interpolated({ low, step, size, values }: Samples): Distance {
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

/** A warp sampled on a coarse grid: displacements are smooth, and asked for at every sample of every organ. */
export function bakeWarp(warp: Warp, box: Box, step: number): BakedWarp {
  const size = box.low.map((low, i) => Math.ceil((box.high[i]! - low) / step) + 1) as [number, number, number];
  const axes = [0, 1, 2].map(() => new Float32Array(size[0] * size[1] * size[2]));
  let i = 0;
  let reach = 0;
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++, i++) {
        const w = warp(box.low[0] + x * step, box.low[1] + y * step, box.low[2] + z * step);
        for (let axis = 0; axis < 3; axis++) axes[axis]![i] = w[axis]!;
        reach = Math.max(reach, Math.abs(w[0]), Math.abs(w[1]), Math.abs(w[2]));
      }
    }
  }
  return { at: interpolatedWarp(axes as [Float32Array, Float32Array, Float32Array], size, box.low, step), reach };
}

function interpolatedWarp(
  [dx, dy, dz]: [Float32Array, Float32Array, Float32Array],
  [nx, ny, nz]: Vec3,
  low: Vec3,
  step: number,
): Warp {
  const plane = nx * ny;
  const limit = (v: number, n: number) => (v < 0 ? 0 : v > n - 1.001 ? n - 1.001 : v);
  const weights = new Float64Array(8);
  const at = (values: Float32Array, k: number): number =>
    weights[0]! * values[k]! +
    weights[1]! * values[k + 1]! +
    weights[2]! * values[k + nx]! +
    weights[3]! * values[k + nx + 1]! +
    weights[4]! * values[k + plane]! +
    weights[5]! * values[k + plane + 1]! +
    weights[6]! * values[k + plane + nx]! +
    weights[7]! * values[k + plane + nx + 1]!;
  const moved: [number, number, number] = [0, 0, 0];
  return (x, y, z) => {
    const fx = limit((x - low[0]) / step, nx);
    const fy = limit((y - low[1]) / step, ny);
    const fz = limit((z - low[2]) / step, nz);
    const u = fx - (fx | 0);
    const v = fy - (fy | 0);
    const w = fz - (fz | 0);
    for (let corner = 0; corner < 8; corner++) {
      weights[corner] = (corner & 1 ? u : 1 - u) * (corner & 2 ? v : 1 - v) * (corner & 4 ? w : 1 - w);
    }
    const k = (fz | 0) * plane + (fy | 0) * nx + (fx | 0);
    moved[0] = at(dx, k);
    moved[1] = at(dy, k);
    moved[2] = at(dz, k);
    return moved;
  };
}
