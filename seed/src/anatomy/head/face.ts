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
  roundedBox,
  type Shape,
  shell,
  sphere,
  tube,
  union,
  type Vec3,
} from '../shape.ts';
import type { HeadPlan } from './plan.ts';
import type { HeadTissue } from './tissues.ts';

type L = Layer<HeadTissue>;

/** How far the face stands below the level at which its parts are given. */
export const FACE: Vec3 = [0, 0, -10];

/** Orbits, nasal cavity, sinuses, jaw, mouth, throat and upper spine. */
export function faceLayers(plan: HeadPlan): L[] {
  const { seed } = plan;
  const spongy = sheets(noise(seed + 251, 9), 0.3);
  const cells = noise(seed + 252, 9);
  const base = blend(
    6,
    ellipsoid([0, -18, -42], [44, 26, 12]),
    bothSides(capsule([24, 8, -36], [54, 24, -34], 13)),
    bothSides(ellipsoid([57, 30, -42], [12, 14, 16])),
    ellipsoid([0, 2, -42], [14, 18, 9]),
  );
  const upperJaw = blend(
    6,
    ellipsoid([0, -68, -62], [32, 26, 10]),
    bothSides(ellipsoid([38, -56, -38], [18, 20, 17])),
    bothSides(capsule([46, -64, -22], [66, -30, -36], 5)),
  );
  const lowerJaw = bothSides(tube('0 -88 -94 8, 20 -82 -92 8, 40 -54 -88 8, 48 -30 -72 7, 52 -16 -46 5'));
  const maxillary = bothSides(rough(ellipsoid([33, -58, -44], [13.5, 16, 15]), cells, 1.2));
  const nasal = bothSides(roundedBox([8, -68, -40], [6.5, 30, 20], 5));
  const turbinates = bothSides(
    union(capsule([8.5, -84, -50], [9, -52, -50], 3.6), capsule([8, -78, -38], [8, -54, -38], 2.8)),
  );
  const ethmoid = bothSides(roundedBox([8, -58, -17], [6.5, 20, 10], 4));
  const sphenoid = bothSides(ellipsoid([8, -26, -31], [8, 12, 9]));
  const frontal = bothSides(rough(ellipsoid([13, -88, 3], [11, 4.2, 10]), cells, 1));
  const mastoid = bothSides(rough(ellipsoid([57, 30, -42], [9, 11, 14]), cells, 2));
  const spongyAir: Shape = {
    distance: (x, y, z) => Math.max(mastoid.distance(x, y, z), -2.2 * (spongy(x, y, z) + 0.55)),
    bounds: mastoid.bounds,
  };
  const throat = tube('0 -40 -56 6, 0 -18 -68 7.5, 0 -14 -86 6.5, 0 -10 -112 8, 0 -10 -150 9');
  const tongue = blend(6, ellipsoid([0, -52, -82], [25, 32, 16]), ellipsoid([0, -28, -90], [20, 14, 18]));
  const spine = union(
    ...[0, 1, 2, 3, 4].map((i) => roundedBox([0, 8 + i * 1.5, -72 - i * 17], [12, 8.5, 7.4], 3)),
    capsule([0, 2, -58], [0, 4, -66], 5),
  );
  const arches = union(...[0, 1, 2, 3].map((i) => capsule([0, 46 + i, -80 - i * 17], [0, 62 + i, -86 - i * 17], 4)));
  const canal = tube('0 22 -56 13, 0 29 -80 10, 0 32 -150 9.5');
  const cord = tube('0 20 -58 7.6, 0 28 -78 5.8, 0 32 -150 5.6');
  const clivus = capsule([0, -12, -38], [0, 6, -61], 5.5, 4.5);
  const teeth = intersect(shell(ellipsoid([0, -60, -76], [27, 30, 11]), 7), (_x, y) => y + 62);
  const front: L[] = [
    { name: 'skull base', shape: base, tissue: 'cortical' },
    {
      name: 'skull base marrow',
      shape: offset(base, -2),
      tissue: 'marrow',
      texture: fractal(seed + 253, 6, 2),
      soft: 1.5,
    },
    { name: 'upper jaw', shape: upperJaw, tissue: 'cortical' },
    { name: 'upper jaw marrow', shape: offset(upperJaw, -1.6), tissue: 'marrow', texture: cells, soft: 1 },
    { name: 'lower jaw', shape: lowerJaw, tissue: 'cortical' },
    { name: 'lower jaw marrow', shape: offset(lowerJaw, -2), tissue: 'marrow', texture: cells },
    ...orbitLayers(),
    { name: 'nasal mucosa', shape: nasal, tissue: 'mucosa' },
    { name: 'nasal air', shape: offset(nasal, -1.2), tissue: 'air' },
    { name: 'turbinates', shape: turbinates, tissue: 'mucosa', texture: cells },
    {
      name: 'sinus mucosa',
      shape: union(offset(maxillary, 1.3), offset(ethmoid, 0.8), offset(sphenoid, 1), offset(frontal, 0.9)),
      tissue: 'mucosa',
    },
    { name: 'sinus air', shape: union(maxillary, sphenoid, frontal), tissue: 'air' },
    {
      name: 'ethmoid air',
      shape: {
        distance: (x, y, z) => Math.max(ethmoid.distance(x, y, z), -2.4 * (spongy(x, y, z) + 0.6)),
        bounds: ethmoid.bounds,
      },
      tissue: 'air',
    },
    { name: 'mastoid air', shape: spongyAir, tissue: 'air' },
    { name: 'tongue', shape: tongue, tissue: 'tongue', texture: noise(seed + 254, 5, [1, 2, 1]), soft: 1 },
    { name: 'teeth', shape: teeth, tissue: 'tooth' },
    { name: 'pituitary', shape: ellipsoid([0, -19, -25], [6, 5, 3.2]), tissue: 'gland' },
    {
      name: 'parotid',
      shape: bothSides(ellipsoid([56, -8, -70], [11, 14, 22])),
      tissue: 'gland',
      texture: cells,
      soft: 1,
    },
  ];
  return [
    ...front.map((layer) => ({ ...layer, shape: moved(layer.shape, FACE) })),
    { name: 'clivus', shape: clivus, tissue: 'cortical' },
    { name: 'clivus marrow', shape: offset(clivus, -1.4), tissue: 'marrow', texture: cells },
    { name: 'throat wall', shape: offset(throat, 3), tissue: 'mucosa' },
    { name: 'throat', shape: throat, tissue: 'air' },
    { name: 'vertebrae', shape: union(spine, arches), tissue: 'cortical' },
    {
      name: 'vertebral marrow',
      shape: union(offset(spine, -1.1), offset(arches, -1.2)),
      tissue: 'marrow',
      texture: cells,
    },
    { name: 'canal', shape: canal, tissue: 'csf' },
    { name: 'cord', shape: cord, tissue: 'stem' },
  ];
}

function orbitLayers(): L[] {
  const cone = bothSides(ellipsoid([30, -61, -17], [17.5, 26, 17], 14));
  const globe = bothSides(sphere([32, -76, -17], 12));
  const muscles = bothSides(
    union(
      tube('42 -76 -17 1.6, 41 -60 -17 3, 26 -34 -17 1.6'),
      tube('20 -74 -17 1.6, 20 -58 -17 3, 18 -36 -17 1.6'),
      tube('32 -74 -5 1.6, 30 -58 -8 2.8, 22 -36 -15 1.6'),
      tube('32 -74 -29 1.6, 30 -58 -26 2.8, 22 -36 -19 1.6'),
    ),
  );
  const nerve = bothSides(tube('31 -64 -17 2, 27 -48 -17 2, 16 -28 -17 2, 3 -17 -17 2.4'));
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
