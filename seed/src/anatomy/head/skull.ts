import type { Layer } from '../raster.ts';
import { fractal, noise, sheets } from '../noise.ts';
import { loft, ellipse } from '../loft.ts';
import {
  blend, bothSides, capsule, ellipsoid, intersect, moved, offset, rough, roundedBox, shell, sphere, subtract, tube, union, type Shape, type Vec3,
} from '../shape.ts';
import type { HeadPlan } from './plan.ts';
import type { HeadTissue } from './tissues.ts';

type L = Layer<HeadTissue>;

/** How far the face stands below the level at which its parts are given. */
const FACE: Vec3 = [0, 0, -10];

/** The outside of head and neck. */
export function headOutline(cavity: Shape): Shape {
  const face = loft([
    ellipse(-150, 0, 22, 52, 56), ellipse(-118, 0, -2, 52, 72, 0), ellipse(-98, 0, -30, 52, 70), ellipse(-70, 0, -40, 62, 62),
    ellipse(-40, 0, -38, 70, 63), ellipse(-12, 0, -34, 68, 66),
  ], 6);
  const neck = loft([ellipse(-160, 0, 30, 60, 62), ellipse(-110, 0, 28, 54, 60), ellipse(-70, 0, 40, 56, 56), ellipse(-40, 0, 44, 58, 54)], 6);
  const nose = blend(6, capsule([0, -98, -14], [0, -117, -44], 5, 8), bothSides(sphere([7, -109, -46], 6)));
  const lips = blend(4, ellipsoid([0, -99, -69], [20, 8, 5]), ellipsoid([0, -98, -79], [17, 7.5, 5]));
  const chin = ellipsoid([0, -88, -100], [22, 13, 13]);
  const brow = bothSides(ellipsoid([22, -88, -6], [22, 10, 8]));
  const ears = bothSides(subtract(ellipsoid([82, 16, -30], [8, 18, 30], -25), ellipsoid([88, 12, -30], [6, 11, 20], -25)));
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
    distance: (x, y, z) => bone.distance(x, y, z) - (5.4 + 1.6 * Math.min(1, Math.abs(y) / 80) - 1.8 * Math.exp(-(((Math.abs(x) - 66) / 14) ** 2)) + 0.7 * uneven(x, y, z)),
    bounds: offset(cavity, 8).bounds,
  };
  const temporalis = bothSides(loft([ellipse(-60, 62, -36, 7, 14, 8), ellipse(-30, 69, -32, 7.5, 24, 8), ellipse(0, 72, -24, 6, 34, 5), ellipse(26, 72, -14, 3.4, 32, 3)], 3));
  const nape = bothSides(loft([ellipse(-150, 24, 62, 26, 20), ellipse(-90, 24, 68, 25, 18), ellipse(-62, 24, 76, 24, 12), ellipse(-44, 22, 82, 16, 6)], 4));
  const sterno = bothSides(tube([[58, 36, -50, 9], [54, 24, -80, 10], [46, 4, -130, 10]]));
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
    { name: 'scalp fat', shape: offset(outline, -1.9), tissue: 'fat', texture: (x, y, z) => 0.6 * grain(x, y, z) + sheetsOf(seed)(x, y, z) },
    { name: 'deep soft tissue', shape: deep, tissue: 'soft', texture: (x, y, z) => -planes(x, y, z) + 0.3 * striae(x, y, z), soft: 3 },
    { name: 'galea', shape: offset(table, 2.1), tissue: 'muscle', soft: 1 },
    ...[temporalis, nape, sterno, masseter, pterygoid].flatMap((shape): L[] => [
      { name: 'muscle', shape: intersect(rough(shape, noise(seed + 245, 18), 1), offset(outline, -4)), tissue: 'muscle', texture: striae, soft: 0.8 },
    ]),
    { name: 'skull', shape: table, tissue: 'cortical' },
    { name: 'diploe', shape: { distance: (x, y, z) => Math.max(table.distance(x, y, z) + 1.7, 1.7 - cavity.distance(x, y, z)), bounds: table.bounds }, tissue: 'diploe', texture: grain, soft: 0.8 },
    { name: 'dura', shape: cavity, tissue: 'dura' },
    { name: 'subarachnoid space', shape: offset(cavity, -0.7), tissue: 'csf' },
  ];
}

const sheetsOf = (seed: number) => sheets(noise(seed + 244, 8), 0.2);

/** Falx, sinuses of the dura and arteries at the base. */
export function duraLayers(inside: Shape): L[] {
  const falx: Shape = {
    distance: (x, y, z) => Math.max(Math.abs(x) - 0.45, inside.distance(x, y, z), -(Math.sqrt(((y - 1) / 50) ** 2 + (z / 36) ** 2) - 1) * 36, 0.3 * (-8 - z) - 4),
    bounds: { low: [-2, -92, -22], high: [2, 96, 80] },
  };
  const sagittal = tube([[0, -60, 57, 1.6], [0, -30, 72, 2.2], [0, 0, 75.5, 2.8], [0, 40, 67, 3.2], [0, 72, 44, 3.6], [0, 88, 12, 4], [0, 86, -12, 4.2]]);
  const transverse = bothSides(tube([[0, 86, -12, 4], [28, 78, -18, 4], [50, 54, -22, 4], [54, 36, -36, 3.6], [38, 26, -52, 3.4]]));
  const straight = tube([[0, 42, 8, 1.9], [0, 84, -10, 2.6]]);
  const carotid = bothSides(tube([[24, -6, -80, 2.6], [23, -8, -48, 2.6], [14, -12, -34, 2.4], [12, -24, -26, 2.3], [13, -20, -19, 2.2], [24, -20, -16, 1.5], [36, -18, -10, 1.3], [38, -6, -4, 1.1]]));
  const anterior = bothSides(tube([[12, -20, -18, 1.3], [3, -30, -12, 1.2], [1.6, -42, 6, 1.1], [1.6, -34, 28, 1]]));
  const basilar = union(tube([[0, -7, -20, 1.8], [0, -8, -40, 1.8]]), bothSides(tube([[0, -8, -42, 1.6], [10, 8, -62, 1.6], [16, 20, -80, 1.6]])), bothSides(tube([[0, -7, -20, 1.3], [10, 0, -17, 1.2], [18, 14, -14, 1.1]])));
  return [
    { name: 'falx', shape: falx, tissue: 'dura' },
    { name: 'venous sinus', shape: union(sagittal, transverse, straight), tissue: 'sinus', soft: 0.8 },
    { name: 'arteries', shape: union(carotid, anterior, basilar), tissue: 'vessel' },
  ];
}

/** Orbits, nasal cavity, sinuses, jaw, mouth, throat and upper spine. */
export function faceLayers(plan: HeadPlan): L[] {
  const { seed } = plan;
  const spongy = sheets(noise(seed + 251, 9), 0.3);
  const cells = noise(seed + 252, 9);
  const base = blend(6, ellipsoid([0, -18, -42], [44, 26, 12]), bothSides(capsule([24, 8, -36], [54, 24, -34], 13)), bothSides(ellipsoid([57, 30, -42], [12, 14, 16])), ellipsoid([0, 2, -42], [14, 18, 9]));
  const upperJaw = blend(6, ellipsoid([0, -68, -62], [32, 26, 10]), bothSides(ellipsoid([38, -56, -38], [18, 20, 17])), bothSides(capsule([46, -64, -22], [66, -30, -36], 5)));
  const lowerJaw = bothSides(tube([[0, -88, -94, 8], [20, -82, -92, 8], [40, -54, -88, 8], [48, -30, -72, 7], [52, -16, -46, 5]]));
  const maxillary = bothSides(rough(ellipsoid([33, -58, -44], [13.5, 16, 15]), cells, 1.2));
  const nasal = bothSides(roundedBox([8, -68, -40], [6.5, 30, 20], 5));
  const turbinates = bothSides(union(capsule([8.5, -84, -50], [9, -52, -50], 3.6), capsule([8, -78, -38], [8, -54, -38], 2.8)));
  const ethmoid = bothSides(roundedBox([8, -58, -17], [6.5, 20, 10], 4));
  const sphenoid = bothSides(ellipsoid([8, -26, -31], [8, 12, 9]));
  const frontal = bothSides(rough(ellipsoid([13, -88, 3], [11, 4.2, 10]), cells, 1));
  const mastoid = bothSides(rough(ellipsoid([57, 30, -42], [9, 11, 14]), cells, 2));
  const spongyAir: Shape = { distance: (x, y, z) => Math.max(mastoid.distance(x, y, z), -2.2 * (spongy(x, y, z) + 0.55)), bounds: mastoid.bounds };
  const throat = tube([[0, -40, -56, 6], [0, -18, -68, 7.5], [0, -14, -86, 6.5], [0, -10, -112, 8], [0, -10, -150, 9]]);
  const tongue = blend(6, ellipsoid([0, -52, -82], [25, 32, 16]), ellipsoid([0, -28, -90], [20, 14, 18]));
  const spine = union(...[0, 1, 2, 3, 4].map((i) => roundedBox([0, 8 + i * 1.5, -72 - i * 17], [12, 8.5, 7.4], 3)), capsule([0, 2, -58], [0, 4, -66], 5));
  const arches = union(...[0, 1, 2, 3].map((i) => capsule([0, 46 + i, -80 - i * 17], [0, 62 + i, -86 - i * 17], 4)));
  const canal = tube([[0, 22, -56, 13], [0, 29, -80, 10], [0, 32, -150, 9.5]]);
  const cord = tube([[0, 20, -58, 7.6], [0, 28, -78, 5.8], [0, 32, -150, 5.6]]);
  const clivus = capsule([0, -12, -38], [0, 6, -61], 5.5, 4.5);
  const teeth = intersect(shell(ellipsoid([0, -60, -76], [27, 30, 11]), 7), (_x, y) => y + 62);
  const front: L[] = [
    { name: 'skull base', shape: base, tissue: 'cortical' },
    { name: 'skull base marrow', shape: offset(base, -2), tissue: 'marrow', texture: fractal(seed + 253, 6, 2), soft: 1.5 },
    { name: 'upper jaw', shape: upperJaw, tissue: 'cortical' },
    { name: 'upper jaw marrow', shape: offset(upperJaw, -1.6), tissue: 'marrow', texture: cells, soft: 1 },
    { name: 'lower jaw', shape: lowerJaw, tissue: 'cortical' },
    { name: 'lower jaw marrow', shape: offset(lowerJaw, -2), tissue: 'marrow', texture: cells },
    ...orbitLayers(),
    { name: 'nasal mucosa', shape: nasal, tissue: 'mucosa' },
    { name: 'nasal air', shape: offset(nasal, -1.2), tissue: 'air' },
    { name: 'turbinates', shape: turbinates, tissue: 'mucosa', texture: cells },
    { name: 'sinus mucosa', shape: union(offset(maxillary, 1.3), offset(ethmoid, 0.8), offset(sphenoid, 1), offset(frontal, 0.9)), tissue: 'mucosa' },
    { name: 'sinus air', shape: union(maxillary, sphenoid, frontal), tissue: 'air' },
    { name: 'ethmoid air', shape: { distance: (x, y, z) => Math.max(ethmoid.distance(x, y, z), -2.4 * (spongy(x, y, z) + 0.6)), bounds: ethmoid.bounds }, tissue: 'air' },
    { name: 'mastoid air', shape: spongyAir, tissue: 'air' },
    { name: 'tongue', shape: tongue, tissue: 'tongue', texture: noise(seed + 254, 5, [1, 2, 1]), soft: 1 },
    { name: 'teeth', shape: teeth, tissue: 'tooth' },
    { name: 'pituitary', shape: ellipsoid([0, -19, -25], [6, 5, 3.2]), tissue: 'gland' },
    { name: 'parotid', shape: bothSides(ellipsoid([56, -8, -70], [11, 14, 22])), tissue: 'gland', texture: cells, soft: 1 },
  ];
  return [
    ...front.map((layer) => ({ ...layer, shape: moved(layer.shape, FACE) })),
    { name: 'clivus', shape: clivus, tissue: 'cortical' },
    { name: 'clivus marrow', shape: offset(clivus, -1.4), tissue: 'marrow', texture: cells },
    { name: 'throat wall', shape: offset(throat, 3), tissue: 'mucosa' },
    { name: 'throat', shape: throat, tissue: 'air' },
    { name: 'vertebrae', shape: union(spine, arches), tissue: 'cortical' },
    { name: 'vertebral marrow', shape: union(offset(spine, -1.1), offset(arches, -1.2)), tissue: 'marrow', texture: cells },
    { name: 'canal', shape: canal, tissue: 'csf' },
    { name: 'cord', shape: cord, tissue: 'stem' },
  ];
}

function orbitLayers(): L[] {
  const cone = bothSides(ellipsoid([30, -61, -17], [17.5, 26, 17], 14));
  const globe = bothSides(sphere([32, -76, -17], 12));
  const muscles = bothSides(union(
    tube([[42, -76, -17, 1.6], [41, -60, -17, 3], [26, -34, -17, 1.6]]), tube([[20, -74, -17, 1.6], [20, -58, -17, 3], [18, -36, -17, 1.6]]),
    tube([[32, -74, -5, 1.6], [30, -58, -8, 2.8], [22, -36, -15, 1.6]]), tube([[32, -74, -29, 1.6], [30, -58, -26, 2.8], [22, -36, -19, 1.6]]),
  ));
  const nerve = bothSides(tube([[31, -64, -17, 2], [27, -48, -17, 2], [16, -28, -17, 2], [3, -17, -17, 2.4]]));
  return [
    { name: 'orbit wall', shape: offset(cone, 1.8), tissue: 'cortical' },
    { name: 'orbit fat', shape: cone, tissue: 'fat' },
    { name: 'eye muscles', shape: muscles, tissue: 'muscle' },
    { name: 'nerve sheath', shape: offset(nerve, 1), tissue: 'csf' },
    { name: 'optic nerve', shape: nerve, tissue: 'nerve' },
    { name: 'lacrimal gland', shape: bothSides(ellipsoid([44, -74, -8], [3, 6, 5])), tissue: 'gland' },
    { name: 'sclera', shape: globe, tissue: 'sclera' },
    { name: 'vitreous', shape: offset(globe, -1.2), tissue: 'vitreous' },
    { name: 'lens', shape: bothSides(ellipsoid([32.5, -84.5, -17], [4.6, 2.1, 4.6])), tissue: 'lens' },
  ];
}
