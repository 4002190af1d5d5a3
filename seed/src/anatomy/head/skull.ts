import { ellipses, loft } from '../loft.ts';
import { fractal, noise, sheets } from '../noise.ts';
import type { Layer } from '../raster.ts';
import {
  blend,
  bothSides,
  capsule,
  ellipsoid,
  intersect,
  moved,
  offset,
  rough,
  type Shape,
  sphere,
  subtract,
  tube,
  union,
} from '../shape.ts';
import { FACE } from './face.ts';
import type { HeadPlan } from './plan.ts';
import type { HeadTissue } from './tissues.ts';

type L = Layer<HeadTissue>;

/** The outside of head and neck. */
export function headOutline(cavity: Shape): Shape {
  const face = loft(
    ellipses('-150 0 22 52 56, -118 0 -2 52 72 0, -98 0 -30 52 70, -70 0 -40 62 62, -40 0 -38 70 63, -12 0 -34 68 66'),
    6,
  );
  const neck = loft(ellipses('-160 0 30 60 62, -110 0 28 54 60, -70 0 40 56 56, -40 0 44 58 54'), 6);
  const nose = blend(6, capsule([0, -98, -14], [0, -117, -44], 5, 8), bothSides(sphere([7, -109, -46], 6)));
  const lips = blend(4, ellipsoid([0, -99, -69], [20, 8, 5]), ellipsoid([0, -98, -79], [17, 7.5, 5]));
  const chin = ellipsoid([0, -88, -100], [22, 13, 13]);
  const brow = bothSides(ellipsoid([22, -88, -6], [22, 10, 8]));
  const ears = bothSides(
    subtract(ellipsoid([82, 16, -30], [8, 18, 30], -25), ellipsoid([88, 12, -30], [6, 11, 20], -25)),
  );
  const front = moved(blend(14, face, blend(7, nose, lips, chin, brow)), FACE);
  return union(blend(14, offset(cavity, 12.5), front, neck), ears);
}

/** Scalp, muscles of the head and neck, calvaria, dura. */
export function skullLayers(plan: HeadPlan, cavity: Shape, outline: Shape): L[] {
  const { seed } = plan;
  const uneven = noise(seed + 241, 38);
  const grain = fractal(seed + 242, 4, 2);
  const bone = rough(cavity, uneven, 0.6);
  const table: Shape = {
    // Thicker behind and in front than at the temples.
    distance: (x, y, z) =>
      bone.distance(x, y, z) -
      (5.4 +
        1.6 * Math.min(1, Math.abs(y) / 80) -
        1.8 * Math.exp(-(((Math.abs(x) - 66) / 14) ** 2)) +
        0.7 * uneven(x, y, z)),
    bounds: offset(cavity, 8).bounds,
  };
  const temporalis = bothSides(
    loft(ellipses('-60 62 -36 7 14 8, -30 69 -32 7.5 24 8, 0 72 -24 6 34 5, 26 72 -14 3.4 32 3'), 3),
  );
  const nape = bothSides(loft(ellipses('-150 24 62 26 20, -90 24 68 25 18, -62 24 76 24 12, -44 22 82 16 6'), 4));
  const sterno = bothSides(tube('58 36 -50 9, 54 24 -80 10, 46 4 -130 10'));
  const masseter = bothSides(ellipsoid([55, -40, -74], [8, 17, 24], 10));
  const pterygoid = bothSides(ellipsoid([38, -26, -58], [10, 15, 18]));
  const striae = noise(seed + 243, 7, [1, 1, 3]);
  const deep: Shape = {
    distance: (x, y, z) => Math.max(outline.distance(x, y, z) + 9, z + 34 + 0.12 * (y + 80)),
    bounds: outline.bounds,
  };
  const planes = sheets(noise(seed + 246, 15, [1, 1, 2]), 0.3);
  return [
    { name: 'skin', shape: outline, tissue: 'skin' },
    {
      name: 'scalp fat',
      shape: offset(outline, -1.9),
      tissue: 'fat',
      texture: (x, y, z) => 0.6 * grain(x, y, z) + sheetsOf(seed)(x, y, z),
    },
    {
      name: 'deep soft tissue',
      shape: deep,
      tissue: 'soft',
      texture: (x, y, z) => -planes(x, y, z) + 0.3 * striae(x, y, z),
      soft: 3,
    },
    { name: 'galea', shape: offset(table, 2.1), tissue: 'muscle', soft: 1 },
    ...[temporalis, nape, sterno, masseter, pterygoid].flatMap((shape): L[] => [
      {
        name: 'muscle',
        shape: intersect(rough(shape, noise(seed + 245, 18), 1), offset(outline, -4)),
        tissue: 'muscle',
        texture: striae,
        soft: 0.8,
      },
    ]),
    { name: 'skull', shape: table, tissue: 'cortical' },
    {
      name: 'diploe',
      shape: {
        distance: (x, y, z) => Math.max(table.distance(x, y, z) + 1.7, 1.7 - cavity.distance(x, y, z)),
        bounds: table.bounds,
      },
      tissue: 'diploe',
      texture: grain,
      soft: 0.8,
    },
    { name: 'dura', shape: cavity, tissue: 'dura' },
    { name: 'subarachnoid space', shape: offset(cavity, -0.7), tissue: 'csf' },
  ];
}

const sheetsOf = (seed: number) => sheets(noise(seed + 244, 8), 0.2);

/** Falx, sinuses of the dura and arteries at the base. */
export function duraLayers(inside: Shape): L[] {
  const falx: Shape = {
    distance: (x, y, z) =>
      Math.max(
        Math.abs(x) - 0.45,
        inside.distance(x, y, z),
        -(Math.sqrt(((y - 1) / 50) ** 2 + (z / 36) ** 2) - 1) * 36,
        0.3 * (-8 - z) - 4,
      ),
    bounds: { low: [-2, -92, -22], high: [2, 96, 80] },
  };
  const sagittal = tube('0 -60 57 1.6, 0 -30 72 2.2, 0 0 75.5 2.8, 0 40 67 3.2, 0 72 44 3.6, 0 88 12 4, 0 86 -12 4.2');
  const transverse = bothSides(tube('0 86 -12 4, 28 78 -18 4, 50 54 -22 4, 54 36 -36 3.6, 38 26 -52 3.4'));
  const straight = tube('0 42 8 1.9, 0 84 -10 2.6');
  const carotid = bothSides(
    tube(
      '24 -6 -80 2.6, 23 -8 -48 2.6, 14 -12 -34 2.4, 12 -24 -26 2.3, 13 -20 -19 2.2, 24 -20 -16 1.5, 36 -18 -10 1.3, 38 -6 -4 1.1',
    ),
  );
  const anterior = bothSides(tube('12 -20 -18 1.3, 3 -30 -12 1.2, 1.6 -42 6 1.1, 1.6 -34 28 1'));
  const basilar = union(
    tube('0 -7 -20 1.8, 0 -8 -40 1.8'),
    bothSides(tube('0 -8 -42 1.6, 10 8 -62 1.6, 16 20 -80 1.6')),
    bothSides(tube('0 -7 -20 1.3, 10 0 -17 1.2, 18 14 -14 1.1')),
  );
  return [
    { name: 'falx', shape: falx, tissue: 'dura' },
    { name: 'venous sinus', shape: union(sagittal, transverse, straight), tissue: 'sinus', soft: 0.8 },
    { name: 'arteries', shape: union(carotid, anterior, basilar), tissue: 'vessel' },
  ];
}
