import { describe, expect, it } from 'vitest';
import { randomOf } from '../random.ts';
import { bake } from './bake.ts';
import { bakeLayers } from './bake-layers.ts';
import { bothSides, ellipsoid, offset, type Shape, sphere, tube, union, type Vec3 } from './shape.ts';

const random = randomOf('bake test');
const places = (shape: Shape, count: number, margin: number): Vec3[] => {
  const { low, high } = shape.bounds;
  const along = (axis: 0 | 1 | 2): number => random.between(low[axis] - margin, high[axis] + margin);
  return Array.from({ length: count }, (): Vec3 => [along(0), along(1), along(2)]);
};

describe('sampled shapes', () => {
  const shapes: Record<string, Shape> = {
    sphere: sphere([3, -2, 5], 21),
    ellipsoid: ellipsoid([0, 0, 0], [30, 12, 18], 30, 20),
    'union of rods on both sides': bothSides(tube('10 0 0 3, 20 15 10 5, 20 40 30 2')),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    it(`[OPS-9] of a ${name} keep the distance near the surface and the side everywhere`, () => {
      const sampled = bake(shape, { step: 1, band: 4 });
      for (const p of places(shape, 3000, 8)) {
        const exact = shape.distance(...p);
        const answer = sampled.distance(...p);
        // The medial axis of a rod has a kink that a grid of 1 mm rounds.
        if (Math.abs(exact) < 1.9) expect(answer).toBeCloseTo(exact, 0);
        if (Math.abs(exact) > 1) expect(Math.sign(answer)).toBe(Math.sign(exact));
        // Whoever walks by the answer must not overshoot.
        if (Math.abs(exact) > 4) expect(Math.abs(answer)).toBeLessThan(Math.abs(exact) * 1.25 + 1);
      }
    });
  }

  it('[OPS-9] answer with the whole distance far from every part of a union', () => {
    const far = bake(union(sphere([0, 0, 0], 5), sphere([200, 0, 0], 5)), { step: 1 });
    expect(far.distance(100, 0, 0)).toBeGreaterThan(60);
    expect(far.distance(100, 0, 0)).toBeLessThanOrEqual(95);
  });

  it('[OPS-9] of offsets of one shape are the same samples', () => {
    const organ = sphere([0, 0, 0], 20);
    const [wall, lumen] = bakeLayers(
      [
        { name: 'wall', shape: organ, tissue: 1 },
        { name: 'lumen', shape: offset(organ, -4), tissue: 2 },
      ],
      { stepOf: () => 2, warp: () => [1, 0, 0], within: { low: [-50, -50, -50], high: [50, 50, 50] } },
    );
    for (const p of places(organ, 500, 3)) {
      expect(lumen!.shape.distance(...p)).toBeCloseTo(wall!.shape.distance(...p) + 4, 9);
    }
    // The warp moves space by +1 mm, so the sphere by -1 mm.
    expect(wall!.shape.distance(-21, 0, 0)).toBeCloseTo(0, 1);
  });
});
