import type { Grid } from './grid.ts';
import { positionOf } from './grid.ts';
import type { Field } from './noise.ts';
import type { Box, Distance, Shape, Vec3 } from './shape.ts';

/** What a layer puts into each channel: `base + gain * texture`. */
export interface Paint {
  readonly base: ArrayLike<number>;
  readonly gain: ArrayLike<number>;
}

/** One structure of a phantom. Later layers cover earlier ones. */
export interface Layer<Tissue = string> {
  readonly name: string;
  readonly shape: Shape;
  readonly tissue: Tissue;
  readonly texture?: Field;
  /** Width of a diffuse border, mm. */
  readonly soft?: number;
}

interface Job {
  readonly distance: Distance;
  readonly bounds: Box;
  readonly texture: Field | undefined;
  readonly soft: number;
  readonly base: Float32Array;
  readonly gain: Float32Array;
  /** Rows and millimetres along the slice normal (from the first slice) that it may reach. */
  readonly rows: readonly [number, number];
  readonly depth: readonly [number, number];
}

export interface RasterOptions<Tissue> {
  readonly channels: number;
  readonly paint: (tissue: Tissue) => Paint;
  /** What is there before the first layer; zero by default. */
  readonly background?: ArrayLike<number>;
  /** Sub-slices averaged across the slice thickness: partial volume. */
  readonly subslices?: number;
  /** Edge width in pixels; above 1 as by a lower acquired resolution. */
  readonly blur?: number;
}

/**
 * Distances may grow this much faster than they should (ellipsoids, lofts, warps); the walk along a row stays that
 * much shorter than the distance allows.
 */
const SAFETY = 1.7;

/** A slice in the making: what has been painted, and how much of what lies beneath can still be seen. */
interface Canvas {
  readonly values: Float32Array;
  readonly open: Float32Array;
  readonly channels: number;
}

/**
 * Samples a phantom slice by slice: for each slice the channels, plane after plane (`channel * rows * columns + …`).
 * Coverage at an edge follows from the distance (analytic anti-aliasing). Layers are painted from the top down, so that
 * nothing is worked out for what another layer hides.
 */
export function* rasterise<Tissue>(
  layers: readonly Layer<Tissue>[],
  grid: Grid,
  options: RasterOptions<Tissue>,
): Generator<Float32Array> {
  const { channels, subslices = 1, blur = 1 } = options;
  const jobs = layers.map((layer) => jobOf(layer, grid, options.paint, blur)).reverse();
  const area = grid.rows * grid.columns;
  const open = new Float32Array(area);
  for (let slice = 0; slice < grid.slices; slice++) {
    const values = new Float32Array(area * channels);
    const canvas: Canvas = { values, open, channels };
    for (let sub = 0; sub < subslices; sub++) {
      const within = ((sub + 0.5) / subslices - 0.5) * grid.thickness;
      const start = shifted(positionOf(grid, slice), grid.normal, within);
      const depth = slice * grid.spacing[2] + within;
      open.fill(1 / subslices);
      for (const job of jobs) {
        if (depth >= job.depth[0] && depth <= job.depth[1]) paintLayer(job, grid, start, canvas, blur);
      }
      for (let c = 0; c < channels; c++) {
        const behind = options.background?.[c] ?? 0;
        if (behind !== 0) for (let i = 0, p = c * area; i < area; i++, p++) values[p]! += behind * open[i]!;
      }
    }
    yield values;
  }
}

function jobOf<Tissue>(layer: Layer<Tissue>, grid: Grid, paint: (tissue: Tissue) => Paint, blur: number): Job {
  const { base, gain } = paint(layer.tissue);
  const soft = layer.soft ?? 0;
  return {
    distance: layer.shape.distance,
    bounds: layer.shape.bounds,
    texture: layer.texture,
    soft,
    base: Float32Array.from(base),
    gain: Float32Array.from(gain),
    ...reachOf(layer.shape.bounds, grid, Math.max(soft, grid.spacing[0] * blur) / 2),
  };
}

const shifted = (p: Vec3, n: Vec3, d: number): Vec3 => [p[0] + d * n[0], p[1] + d * n[1], p[2] + d * n[2]];

/** The rows and depths between which the corners of a box lie. */
function reachOf(box: Box, grid: Grid, margin: number): { rows: [number, number]; depth: [number, number] } {
  const rows: [number, number] = [grid.rows - 1, 0];
  const depth: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let corner = 0; corner < 8; corner++) {
    const p = [0, 1, 2].map((axis) => (corner & (1 << axis) ? box.high[axis]! : box.low[axis]!) - grid.origin[axis]!);
    const j = (p[0]! * grid.column[0] + p[1]! * grid.column[1] + p[2]! * grid.column[2]) / grid.spacing[1];
    const d = p[0]! * grid.normal[0] + p[1]! * grid.normal[1] + p[2]! * grid.normal[2];
    rows[0] = Math.min(rows[0], Math.floor(j - margin / grid.spacing[1]));
    rows[1] = Math.max(rows[1], Math.ceil(j + margin / grid.spacing[1]));
    depth[0] = Math.min(depth[0], d - margin);
    depth[1] = Math.max(depth[1], d + margin);
  }
  return { rows: [Math.max(0, rows[0]), Math.min(grid.rows - 1, rows[1])], depth };
}

/** Columns of a row whose centres may lie in the box (slab method), or undefined. */
function span(start: Vec3, direction: Vec3, step: number, count: number, box: Box, margin: number): [number, number] | undefined {
  let from = 0;
  let to = count - 1;
  for (let i = 0; i < 3; i++) {
    const low = box.low[i]! - margin - start[i]!;
    const high = box.high[i]! + margin - start[i]!;
    const d = direction[i]! * step;
    if (Math.abs(d) < 1e-6) {
      if (low > 0 || high < 0) return undefined;
      continue;
    }
    const [a, b] = d > 0 ? [low / d, high / d] : [high / d, low / d];
    if (a > from) from = Math.ceil(a);
    if (b < to) to = Math.floor(b);
  }
  return from <= to ? [from, to] : undefined;
}

/** Less than this of a pixel still open counts as covered. */
const COVERED = 1e-4;

function paintLayer(job: Job, grid: Grid, start: Vec3, canvas: Canvas, blur: number): void {
  const step = grid.spacing[0];
  const edge = Math.max(step * blur, job.soft);
  const half = edge / 2;
  const reach = 1 / (SAFETY * step);
  const area = grid.rows * grid.columns;
  const [rx, ry, rz] = [grid.row[0] * step, grid.row[1] * step, grid.row[2] * step];
  const { distance, texture, base, gain } = job;
  const { values, open, channels } = canvas;
  for (let j = job.rows[0]; j <= job.rows[1]; j++) {
    const at = shifted(start, grid.column, j * grid.spacing[1]);
    const columns = span(at, grid.row, step, grid.columns, job.bounds, half);
    if (!columns) continue;
    const last = columns[1];
    const line = j * grid.columns;
    let i = columns[0];
    while (i <= last) {
      if (open[line + i]! < COVERED) {
        i++;
        continue;
      }
      const d = distance(at[0] + i * rx, at[1] + i * ry, at[2] + i * rz);
      const free = (Math.abs(d) - half) * reach;
      const run = free < 1 ? 1 : Math.min(last - i + 1, free | 0);
      if (d >= half) {
        i += run;
        continue;
      }
      const cover = d <= -half ? 1 : 0.5 - d / edge;
      for (const end = i + run; i < end; i++) {
        const see = open[line + i]!;
        if (see < COVERED) continue;
        const weight = see * cover;
        const t = texture ? texture(at[0] + i * rx, at[1] + i * ry, at[2] + i * rz) : 0;
        for (let c = 0, p = line + i; c < channels; c++, p += area) values[p]! += weight * (base[c]! + gain[c]! * t);
        open[line + i] = see - weight;
      }
    }
  }
}
