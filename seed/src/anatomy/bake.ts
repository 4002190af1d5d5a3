import { BLOCK, blocksOf, boxOf, emptySamples, fillUnknown, interpolated, MARGIN, type Samples } from './samples.ts';
import { type Box, type Distance, grown, type Shape } from './shape.ts';
import type { BakedWarp } from './warp.ts';

export interface BakeOptions {
  /** Distance between samples, mm. */
  readonly step: number;
  /** Up to this distance from the surface (mm) answers are exact; further away only a lower bound. */
  readonly band?: number;
  readonly warp?: BakedWarp;
  /** Samples outside aren't needed. */
  readonly within?: Box;
}

/**
 * Samples a shape's distance on a grid and answers from it by trilinear interpolation: surfaces stay smooth far below
 * the step, and a costly shape costs as little as a cheap one.
 */
export function bake(shape: Shape, options: BakeOptions): Shape {
  const { step, warp, within, band = 1.7 * step } = options;
  const reach = Math.max(MARGIN * step, band) + (warp?.reach ?? 0);
  const wanted = grown(shape.bounds, reach);
  const samples = emptySamples(within ? clip(wanted, within) : wanted, step);
  for (const part of shape.parts ?? [shape]) samplePart(part, samples, { band, reach, warp });
  fillUnknown(samples);
  return { distance: interpolated(samples), bounds: boxOf(samples) };
}

interface PartOptions {
  readonly band: number;
  readonly reach: number;
  readonly warp: BakedWarp | undefined;
}

function clip(a: Box, b: Box): Box {
  const low = a.low.map((v, i) => Math.min(Math.max(v, b.low[i]!), b.high[i]!)) as [number, number, number];
  const high = a.high.map((v, i) => Math.max(low[i]!, Math.min(v, b.high[i]!))) as [number, number, number];
  return { low, high };
}

/** Half the diagonal of a block in steps, with some more for distances that grow faster than they should. */
const HALF = (BLOCK / 2) * Math.sqrt(3) * 1.1;

/** Adds a part to the union of those before it; only blocks that its surface may come near are sampled finely. */
function samplePart(part: Shape, samples: Samples, { band, reach, warp }: PartOptions): void {
  const { step, low } = samples;
  const blocks = blocksOf(samples);
  const from = (i: number) => Math.max(0, Math.floor((part.bounds.low[i]! - reach - low[i]!) / (step * BLOCK)));
  const to = (i: number) =>
    Math.min(blocks[i]! - 1, Math.floor((part.bounds.high[i]! + reach - low[i]!) / (step * BLOCK)));
  const at = warped(part.distance, samples, warp);
  const slack = HALF * step;
  for (let z = from(2); z <= to(2); z++) {
    for (let y = from(1); y <= to(1); y++) {
      for (let x = from(0); x <= to(0); x++) {
        const [bx, by, bz] = [x * BLOCK, y * BLOCK, z * BLOCK];
        const middle = at(bx + BLOCK / 2, by + BLOCK / 2, bz + BLOCK / 2);
        if (Math.abs(middle) <= band + slack) fillBlock(samples, bx, by, bz, at);
        else fillBlock(samples, bx, by, bz, middle > 0 ? middle - slack : middle + slack);
      }
    }
  }
}

/** Lowers the samples of a block to a distance at each, or to one bound for all. */
function fillBlock({ size, values }: Samples, bx: number, by: number, bz: number, distance: Distance | number): void {
  const end = (b: number, n: number) => (b + BLOCK === n - 1 ? n : b + BLOCK);
  const [ex, ey, ez] = [end(bx, size[0]), end(by, size[1]), end(bz, size[2])];
  for (let z = bz; z < ez; z++) {
    for (let y = by; y < ey; y++) {
      let i = (z * size[1] + y) * size[0] + bx;
      for (let x = bx; x < ex; x++, i++) {
        const d = typeof distance === 'number' ? distance : distance(x, y, z);
        if (d < values[i]!) values[i] = d;
      }
    }
  }
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
