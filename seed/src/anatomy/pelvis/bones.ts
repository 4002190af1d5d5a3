import { ellipses, loft } from '../loft.ts';
import { fractal, noise } from '../noise.ts';
import type { Layer } from '../raster.ts';
import {
  blend,
  bothSides,
  capsule,
  ellipsoid,
  intersect,
  offset,
  roundedBox,
  type Shape,
  shell,
  sphere,
  subtract,
  tube,
  union,
  type Vec3,
} from '../shape.ts';
import type { PelvisTissue } from './tissues.ts';

/** Centre of the left femoral head. */
const HEAD: Vec3 = [91, -4, 24];

/** Cup, pubis, ischium and ilium of the left side. */
function hipBone(): Shape {
  const cup = subtract(sphere(HEAD, 33.5), sphere(HEAD, 26.2));
  // The socket looks outwards, down and a little forward.
  const open: Vec3 = [0.84, -0.22, -0.5];
  const socket: Shape = {
    distance: (x, y, z) =>
      Math.max(cup.distance(x, y, z), (x - HEAD[0]) * open[0] + (y - HEAD[1]) * open[1] + (z - HEAD[2]) * open[2] - 3),
    bounds: cup.bounds,
  };
  const ramus = tube('72 -31 24 8, 52 -42 20 7, 30 -50 14 7, 13 -53 6 9');
  const body = roundedBox([11, -50, 0], [8.5, 9, 19], 6);
  const lower = tube('12 -46 -14 7, 28 -30 -30 5.5, 46 0 -48 6.5, 58 24 -48 10');
  const ischium = tube('74 26 18 11, 68 34 0 10.5, 62 36 -22 12.5, 60 32 -44 13');
  const spine = capsule([66, 38, 14], [47, 47, 12], 6, 2.5);
  const ilium = loft(ellipses('42 86 4 11 34 -12, 62 92 6 7 44 -18, 90 98 6 5 58 -24, 125 104 2 5 62 -28'), 3);
  return subtract(blend(7, socket, ramus, body, lower, ischium, ilium, spine), sphere(HEAD, 26.2));
}

function femur(): { head: Shape; whole: Shape } {
  const head = sphere(HEAD, 23.6);
  const neck = capsule([98, 0, 18], [126, 10, 0], 14.5, 16);
  const trochanter = ellipsoid([136, 18, 2], [12.5, 16, 17]);
  const lesser = ellipsoid([112, 28, -38], [9, 8, 11]);
  const shaft = tube('128 14 -8 19, 121 10 -40 17, 117 4 -75 15, 114 -2 -120 14.5');
  return { head, whole: blend(8, head, neck, trochanter, shaft, lesser) };
}

function sacrum(): Shape {
  const coccyx = tube('0 72 22 4, 0 79 30 5.5, 0 86 42 7');
  const body = loft(ellipses('40 0 87 16 7 0, 60 0 91 34 11 0, 85 0 88 48 15 0, 118 0 72 56 20 0'), 4);
  return blend(6, coccyx, body);
}

/** Bones as cortex around marrow, with the hip joint. */
export function boneLayers(seed: number): Layer<PelvisTissue>[] {
  const trabeculae = fractal(seed + 21, 7, 3, 0.7);
  const patches = noise(seed + 23, 24);
  const marrow = (x: number, y: number, z: number): number => 0.75 * trabeculae(x, y, z) + 0.6 * patches(x, y, z);
  const hip = hipBone();
  const { whole, head } = femur();
  const back = sacrum();
  const bone = (name: string, shape: Shape, cortex: number, tissue: PelvisTissue): Layer<PelvisTissue>[] => [
    { name: `${name} cortex`, shape, tissue: 'cortical' },
    { name: `${name} marrow`, shape: offset(shape, -cortex), tissue, texture: marrow },
  ];
  const wet = noise(seed + 25, 15);
  const fluid = intersect(shell(offset(head, 2.2), 0.9), (x, y, z) => 6 * (0.5 - wet(x, y, z)));
  const physis = shell(offset(ellipsoid([HEAD[0] + 9, HEAD[1] + 2, HEAD[2] - 7], [18, 18, 18]), 0), 1.2);
  // The sacral vertebrae have grown together; remnants of their discs stay.
  const discs: Shape = {
    distance: (x, y, z) => {
      const level = z * 0.9 - (y - 88) * 0.45 + 7;
      const d = Math.abs(level - 24 * Math.round(level / 24)) - 1.3;
      return Math.max(d, back.distance(x, y, z) + 2.4, Math.abs(x) - 24);
    },
    bounds: back.bounds,
  };
  return [
    ...bone('sacrum', back, 1.3, 'redMarrow'),
    { name: 'sacral discs', shape: discs, tissue: 'disc', soft: 1 },
    ...bone('hip bone', bothSides(hip), 1.9, 'redMarrow'),
    { name: 'joint', shape: bothSides(offset(head, 1.6)), tissue: 'cartilage' },
    { name: 'joint fluid', shape: bothSides(fluid), tissue: 'jointFluid', soft: 0.8 },
    ...bone('femur', bothSides(whole), 1.7, 'marrow'),
    { name: 'growth scar', shape: bothSides(intersect(physis, offset(head, -3))), tissue: 'redMarrow' },
    { name: 'symphysis', shape: roundedBox([0, -50, 1], [3.2, 8.5, 17], 2), tissue: 'disc' },
    { name: 'cleft', shape: union(roundedBox([0, -51, 1], [0.7, 5, 11], 0.5)), tissue: 'jointFluid' },
  ];
}
