import { fractal, noise } from '../noise.ts';
import type { Layer } from '../raster.ts';
import { offset, type Shape } from '../shape.ts';
import type { ChestTissue } from './tissues.ts';

type L = Layer<ChestTissue>;

type Bones = (name: string, shape: Shape, cortex: number, kind?: 'rib' | 'cortical') => L[];

/** Cortex around spongy bone. */
export function bonePainter(seed: number): { bones: Bones } {
  const spongy = fractal(seed + 305, 5, 3, 0.7);
  const beam = noise(seed + 306, 14);
  const texture = (x: number, y: number, z: number): number => 0.8 * spongy(x, y, z) + 0.6 * beam(x, y, z);
  return {
    bones: (name, shape, cortex, kind = 'cortical') => [
      { name: `${name} cortex`, shape, tissue: kind },
      {
        name: `${name} marrow`,
        shape: offset(shape, -cortex),
        tissue: kind === 'rib' ? 'ribMarrow' : 'marrow',
        texture,
        soft: 0.8,
      },
    ],
  };
}
