import { bake } from '../bake.ts';
import { type Field, noise } from '../noise.ts';
import { blend, bothSides, type Distance, ellipsoid, intersect, offset, type Shape } from '../shape.ts';
import type { HeadPlan } from './plan.ts';

/** Outline of the cerebrum without its folds, mm (LPS) about a point between the thalami. */
export function cerebrum(): Shape {
  const floor: Distance = (_x, y, z) => -z - 13 - 0.1 * (y + 86) + (y > 10 ? 0.22 * (y - 10) : 0);
  const dome = intersect(ellipsoid([0, 4, 12], [68, 84, 60]), floor);
  const frontal = bothSides(ellipsoid([16, -44, 6], [27, 37, 25]));
  const temporal = bothSides(ellipsoid([40, -8, -21], [26.5, 39, 19], 5, -8));
  const occipital = bothSides(ellipsoid([28, 48, 2], [36, 38, 24]));
  return blend(10, dome, frontal, temporal, occipital);
}

/** The cavity of the skull. */
export function cavity(): Shape {
  return offset(
    blend(
      14,
      cerebrum(),
      ellipsoid([0, 22, -6], [64, 60, 32]),
      ellipsoid([0, 44, -36], [55, 35, 24]),
      ellipsoid([0, 20, -48], [16, 15, 18]),
    ),
    2.2,
  );
}

/** The Sylvian fissure, and the cleft over the insula in its depth. */
const sylvian: Distance = (x, y, z) => {
  const a = Math.abs(x);
  const level = -8 + 0.5 * (y + 22) + 0.1 * (a - 35) + 2.5 * Math.sin(0.16 * y + 0.1 * a);
  const along = Math.max(-38 - y, y - 20);
  const fissure = Math.max(Math.abs(z - level) - 0.9 - 0.03 * Math.max(0, a - 50), 35 - a, along);
  const depth = 38 - 0.009 * (y + 5) ** 2 - 0.012 * (z - 3) ** 2;
  const insula = Math.max(Math.abs(a - depth) - 1, Math.abs(z - level - 2) - 12, -28 - y, y - 18);
  return Math.min(fissure, insula);
};

/** The space between the hemispheres; the callosum and what lies below it keep them joined. */
const longitudinal: Distance = (x, y, z) => {
  const joined = Math.sqrt(((y - 1) / 43) ** 2 + (z / 29) ** 2) - 1;
  return Math.max(Math.abs(x) - 1, -joined * 30);
};

/** Two hemispheres with rounded edges; where sulci begin. */
function hemispheres(): Shape {
  const outline = cerebrum();
  const k = 7;
  return {
    distance: (x, y, z) => {
      const a = outline.distance(x, y, z);
      const b = -longitudinal(x, y, z);
      const h = Math.max(k - Math.abs(a - b), 0) / k;
      return Math.max(a, b) + h * h * k * 0.25;
    },
    bounds: outline.bounds,
  };
}

/**
 * Distance to sulci: sheets where a noise over the surface is zero. The noise is taken near the closest point of the
 * surface, so that the sheets stand on it as folds do; dividing by its gradient makes them equally wide.
 */
function sulci(field: Field, floor: number): Distance {
  const e = 0.8;
  return (x, y, z) => {
    const n = field(x, y, z);
    if (n > 1 || n < -1) return 8;
    const gradient = Math.hypot(field(x + e, y, z) - n, field(x, y + e, z) - n, field(x, y, z + e) - n) / e;
    return Math.abs(n) / Math.max(gradient, floor);
  };
}

/** Thickness of the cortex, mm. */
export const CORTEX = 2.9;

/** The pial surface: the hemispheres minus sulci and fissures. Grey matter is its outermost layer. */
export function pial(plan: HeadPlan): Shape {
  const smooth = hemispheres();
  // Coarse, so that distances and their gradient are right down to the bottom of the deepest sulcus.
  const outer = bake(smooth, { step: 3.5, band: 25 }).distance;
  const wide = 0.28 + 0.75 * plan.atrophy;
  const primary = sulci(noise(plan.seed + 201, 25), 0.05);
  const secondary = sulci(noise(plan.seed + 202, 19), 0.07);
  const depth = noise(plan.seed + 203, 26);
  const gape = noise(plan.seed + 204, 40);
  const bend = [noise(plan.seed + 205, 24), noise(plan.seed + 206, 24), noise(plan.seed + 207, 24)] as const;
  const distance: Distance = (x, y, z) => {
    const d0 = outer(x, y, z);
    let d = Math.max(d0, -sylvian(x, y, z));
    if (d0 > 3) return d;
    const below = -d0;
    const reach = 14 + 5.5 * depth(x, y, z);
    if (below > reach + 4) return d;
    const e = 1.2;
    const gx = outer(x + e, y, z) - outer(x - e, y, z);
    const gy = outer(x, y + e, z) - outer(x, y - e, z);
    const gz = outer(x, y, z + e) - outer(x, y, z - e);
    // Most of the way to the surface; the rest lets sulci curve as they go in.
    const up = (0.75 * below) / (Math.hypot(gx, gy, gz) || 1);
    const px = x + gx * up + 3.4 * bend[0](x, y, z);
    const py = y + gy * up + 3.4 * bend[1](x, y, z);
    const pz = z + gz * up + 3.4 * bend[2](x, y, z);
    const width = wide * (1 + 0.4 * gape(x, y, z)) + Math.max(0, 1.1 - 0.3 * below);
    d = Math.max(d, -Math.max(primary(px, py, pz) - width, below - reach));
    if (below < reach * 0.65 + 4)
      d = Math.max(d, -Math.max(secondary(px, py, pz) - width * 0.75, below - reach * 0.65));
    return d;
  };
  return { distance, bounds: smooth.bounds };
}
