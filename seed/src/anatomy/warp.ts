import type { Box, Vec3 } from './shape.ts';

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
