import type { Layer } from '../raster.ts';
import { bothSides, boxAround, capsule, offset, type Shape, union } from '../shape.ts';
import { bonePainter } from './bone.ts';
import type { ChestPlan } from './plan.ts';
import type { ChestTissue } from './tissues.ts';

type L = Layer<ChestTissue>;

/** A rounded, waisted cylinder. */
function vertebralBody(at: number, radius: number): Shape {
  return {
    distance: (x, y, z) => {
      const h = Math.abs(z - at) - 9.4;
      const side = Math.hypot(x / 1.16, y - 47 - 0.1 * Math.abs(x)) - radius + 1.3 * Math.exp(-(((z - at) / 5) ** 2));
      const [a, b] = [side + 2, h + 2];
      return Math.min(Math.max(a, b), 0) + Math.hypot(Math.max(a, 0), Math.max(b, 0)) - 2;
    },
    bounds: boxAround([0, 48, at], [20, 17, 10]),
  };
}

function vertebrae(): { bodies: Shape; arches: Shape; discs: Shape; canal: Shape } {
  const bodies: Shape[] = [];
  const arches: Shape[] = [];
  for (let i = -1; i < 15; i++) {
    const z = 118 - 22.5 * i;
    bodies.push(vertebralBody(z, 14.2 - 0.22 * (8 - i)));
    const left = union(
      capsule([12, 60, z + 3], [13, 72, z + 2], 4),
      capsule([13, 70, z], [31, 80, z + 3], 4.4),
      capsule([13, 72, z], [3, 82, z - 4], 3.6),
    );
    arches.push(bothSides(left), capsule([0, 82, z - 4], [0, 97, z - 18], 3));
  }
  return {
    bodies: union(...bodies),
    arches: union(...arches),
    discs: {
      distance: (x, y) => Math.hypot(x / 1.1, y - 47) - 13.5,
      bounds: { low: [-18, 32, -200], high: [18, 62, 170] },
    },
    canal: {
      distance: (x, y) => Math.hypot(x, (y - 68) * 1.1) - 8.4,
      bounds: { low: [-10, 58, -200], high: [10, 78, 170] },
    },
  };
}

/** The spine, with its muscles and canal; it stands in front of the rib cage's back wall. */
export function spineLayers(plan: ChestPlan): L[] {
  const { bodies, arches, discs, canal } = vertebrae();
  const { bones } = bonePainter(plan.seed);
  return [
    { name: 'discs', shape: discs, tissue: 'disc' },
    ...bones('vertebrae', bodies, 1.1),
    ...bones('arches', arches, 1.5),
    { name: 'canal', shape: canal, tissue: 'fat' },
    { name: 'thecal sac', shape: offset(canal, -1.5), tissue: 'fluid' },
    { name: 'cord', shape: offset(canal, -4.2), tissue: 'cord', soft: 1 },
  ];
}
