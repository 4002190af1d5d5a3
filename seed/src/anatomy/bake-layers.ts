import { bake } from './bake.ts';
import type { Layer } from './raster.ts';
import { type Box, grown, type Shape } from './shape.ts';
import { bakeWarp, type Warp } from './warp.ts';

export interface BakeLayersOptions {
  /** A sampling step (mm) that keeps the finest detail of a layer. */
  readonly stepOf: (name: string) => number;
  readonly warp: Warp;
  readonly within: Box;
  /** Layers that stay as they are: too fine to sample, or too plain. */
  readonly exact?: RegExp;
}

/** Edges are at least as wide as a pixel; the widest in use, mm. */
const PIXEL = 2.2;

/** Samples the shapes of layers; those that grow or shrink one shape share its samples, at the finest of their steps. */
export function bakeLayers<T>(layers: readonly Layer<T>[], options: BakeLayersOptions): Layer<T>[] {
  const { stepOf, within, exact } = options;
  const warp = bakeWarp(options.warp, within, 8);
  const needs = new Map<Shape, { step: number; band: number }>();
  for (const { shape, name, soft = 0 } of layers) {
    const root = shape.grows?.shape ?? shape;
    const need = needs.get(root) ?? { step: Number.POSITIVE_INFINITY, band: 0 };
    needs.set(root, {
      step: Math.min(need.step, stepOf(name)),
      // As far as offsets, soft edges and those of pixels reach.
      band: Math.max(need.band, Math.abs(shape.grows?.by ?? 0) + Math.max(soft, PIXEL) / 2),
    });
  }
  const done = new Map<Shape, Shape>();
  const baked = (shape: Shape): Shape => {
    const hit = done.get(shape);
    if (hit) return hit;
    const need = needs.get(shape) ?? { step: 2.5, band: 4 };
    const made = shape.grows ? grow(baked(shape.grows.shape), shape.grows.by) : bake(shape, { ...need, warp, within });
    done.set(shape, made);
    return made;
  };
  return layers.map((layer) => (exact?.test(layer.name) ? layer : { ...layer, shape: baked(layer.shape) }));
}

const grow = (shape: Shape, by: number): Shape => ({
  distance: (x, y, z) => shape.distance(x, y, z) - by,
  bounds: by > 0 ? grown(shape.bounds, by) : shape.bounds,
  grows: { shape, by },
});
