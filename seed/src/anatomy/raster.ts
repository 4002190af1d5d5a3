import type { Grid } from './grid.ts';
import { positionOf } from './grid.ts';
import type { Field } from './noise.ts';
import { type Box, type Distance, grown, hull, type Shape, type Vec3 } from './shape.ts';

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

/** A layer as part of a job: it covers where the job's distance is below `by`. */
interface Coat {
  readonly by: number;
  readonly texture: Field | undefined;
  /** Width of its edge, mm. */
  readonly edge: number;
  readonly base: Float32Array;
  readonly gain: Float32Array;
}

/** Layers that follow one another and grow or shrink the same shape: one distance answers for all. */
interface Job {
  readonly distance: Distance;
  readonly bounds: Box;
  /** The uppermost first. */
  readonly coats: readonly Coat[];
  /** Beyond these distances every coat is out, or the uppermost covers. */
  readonly outside: number;
  readonly inside: number;
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
const SAFETY = 1.5;

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
  const jobs = jobsOf(layers, grid, options.paint, blur);
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
        if (depth >= job.depth[0] && depth <= job.depth[1]) paintJob(job, grid, start, canvas);
      }
      for (let c = 0; c < channels; c++) {
        const behind = options.background?.[c] ?? 0;
        if (behind !== 0) for (let i = 0, p = c * area; i < area; i++, p++) values[p]! += behind * open[i]!;
      }
    }
    yield values;
  }
}

const rootOf = (shape: Shape): Shape => shape.grows?.shape ?? shape;

function jobsOf<Tissue>(
  layers: readonly Layer<Tissue>[],
  grid: Grid,
  paint: (tissue: Tissue) => Paint,
  blur: number,
): Job[] {
  const jobs: Job[] = [];
  for (let i = layers.length - 1; i >= 0; ) {
    const root = rootOf(layers[i]!.shape);
    const group: Layer<Tissue>[] = [];
    while (i >= 0 && rootOf(layers[i]!.shape) === root) group.push(layers[i--]!);
    jobs.push(jobOf(root, group, grid, paint, blur));
  }
  return jobs;
}

function jobOf<Tissue>(
  root: Shape,
  group: readonly Layer<Tissue>[],
  grid: Grid,
  paint: (tissue: Tissue) => Paint,
  blur: number,
): Job {
  const coats = group.map((layer): Coat => {
    const { base, gain } = paint(layer.tissue);
    const edge = Math.max(grid.spacing[0] * blur, layer.soft ?? 0);
    return {
      by: layer.shape.grows?.by ?? 0,
      texture: layer.texture,
      edge,
      base: Float32Array.from(base),
      gain: Float32Array.from(gain),
    };
  });
  const bounds = group.map((layer) => layer.shape.bounds).reduce(hull);
  const margin = Math.max(...coats.map((coat) => coat.edge)) / 2;
  return {
    distance: root.distance,
    bounds: grown(bounds, margin),
    coats,
    outside: Math.max(...coats.map((coat) => coat.by + coat.edge / 2)),
    inside: coats[0]!.by - coats[0]!.edge / 2,
    ...reachOf(grown(bounds, margin), grid),
  };
}

const shifted = (p: Vec3, n: Vec3, d: number): Vec3 => [p[0] + d * n[0], p[1] + d * n[1], p[2] + d * n[2]];

/** The rows and depths between which the corners of a box lie. */
function reachOf(box: Box, grid: Grid): { rows: [number, number]; depth: [number, number] } {
  const rows: [number, number] = [grid.rows - 1, 0];
  const depth: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let corner = 0; corner < 8; corner++) {
    const p = [0, 1, 2].map((axis) => (corner & (1 << axis) ? box.high[axis]! : box.low[axis]!) - grid.origin[axis]!);
    const j = (p[0]! * grid.column[0] + p[1]! * grid.column[1] + p[2]! * grid.column[2]) / grid.spacing[1];
    const d = p[0]! * grid.normal[0] + p[1]! * grid.normal[1] + p[2]! * grid.normal[2];
    rows[0] = Math.min(rows[0], Math.floor(j));
    rows[1] = Math.max(rows[1], Math.ceil(j));
    depth[0] = Math.min(depth[0], d);
    depth[1] = Math.max(depth[1], d);
  }
  return { rows: [Math.max(0, rows[0]), Math.min(grid.rows - 1, rows[1])], depth };
}

/** Columns of a row whose centres may lie in the box (slab method), or undefined. */
function span(start: Vec3, direction: Vec3, step: number, count: number, box: Box): [number, number] | undefined {
  let from = 0;
  let to = count - 1;
  for (let i = 0; i < 3; i++) {
    const low = box.low[i]! - start[i]!;
    const high = box.high[i]! - start[i]!;
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

function paintJob(job: Job, grid: Grid, start: Vec3, canvas: Canvas): void {
  const step = grid.spacing[0];
  const reach = 1 / (SAFETY * step);
  const [rx, ry, rz] = [grid.row[0] * step, grid.row[1] * step, grid.row[2] * step];
  const { distance, outside, inside } = job;
  const { open } = canvas;
  for (let j = job.rows[0]; j <= job.rows[1]; j++) {
    const [sx, sy, sz] = shifted(start, grid.column, j * grid.spacing[1]);
    const columns = span([sx, sy, sz], grid.row, step, grid.columns, job.bounds);
    if (!columns) continue;
    const last = columns[1];
    const line = j * grid.columns;
    let i = columns[0];
    while (i <= last) {
      if (open[line + i]! < COVERED) {
        i++;
        continue;
      }
      const d = distance(sx + i * rx, sy + i * ry, sz + i * rz);
      const free = (d >= outside ? d - outside : inside - d) * reach;
      const run = free < 1 ? 1 : Math.min(last - i + 1, free | 0);
      if (d < outside) {
        for (let k = i; k < i + run; k++) {
          if (open[line + k]! >= COVERED)
            paintPixel(job.coats, d, line + k, canvas, sx + k * rx, sy + k * ry, sz + k * rz);
        }
      }
      i += run;
    }
  }
}

function paintPixel(
  coats: readonly Coat[],
  d: number,
  pixel: number,
  { values, open, channels }: Canvas,
  x: number,
  y: number,
  z: number,
): void {
  const area = open.length;
  let see = open[pixel]!;
  for (let n = 0; n < coats.length; n++) {
    const coat = coats[n]!;
    const share = 0.5 - (d - coat.by) / coat.edge;
    if (share <= 0) continue;
    const weight = share >= 1 ? see : see * share;
    const t = coat.texture ? coat.texture(x, y, z) : 0;
    for (let c = 0, p = pixel; c < channels; c++, p += area) values[p]! += weight * (coat.base[c]! + coat.gain[c]! * t);
    see -= weight;
    if (see < COVERED) break;
  }
  open[pixel] = see;
}
