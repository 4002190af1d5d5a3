import { bake, bakeWarp, type Warp } from './bake.ts';
import type { Layer } from './raster.ts';
import { type Box, grown, type Shape } from './shape.ts';

export interface BakeLayersOptions {
  /** A sampling step (mm) that keeps the finest detail of a layer. */
  readonly stepOf: (name: string) => number;
  readonly warp: Warp;
  readonly within: Box;
  /** Layers that stay as they are: too fine to sample, or too plain. */
  readonly exact?: RegExp;
}

/** Samples the shapes of layers; those that grow or shrink one shape share its samples, at the finest of their steps. */
export function bakeLayers<T>(layers: readonly Layer<T>[], options: BakeLayersOptions): Layer<T>[] {
  const { stepOf, within, exact } = options;
  const warp = bakeWarp(options.warp, within, 8);
  const steps = new Map<Shape, number>();
  for (const { shape, name } of layers) {
    const root = shape.grows?.shape ?? shape;
    steps.set(root, Math.min(steps.get(root) ?? Number.POSITIVE_INFINITY, stepOf(name)));
  }
  const done = new Map<Shape, Shape>();
  const baked = (shape: Shape): Shape => {
    const hit = done.get(shape);
    if (hit) return hit;
    const step = steps.get(shape) ?? 2.5;
    const made = shape.grows ? grow(baked(shape.grows.shape), shape.grows.by) : bake(shape, { step, warp, within });
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
