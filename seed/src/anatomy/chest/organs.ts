import { ellipses, loft } from '../loft.ts';
import { fractal, noise } from '../noise.ts';
import type { Layer } from '../raster.ts';
import {
  blend,
  capsule,
  type Distance,
  ellipsoid,
  intersect,
  offset,
  rough,
  type Shape,
  tube,
  union,
} from '../shape.ts';
import type { ChestPlan } from './plan.ts';
import type { ChestTissue } from './tissues.ts';

type L = Layer<ChestTissue>;

/** Height of the diaphragm above a place, mm: two domes that fall towards the ribs. */
export const diaphragm = (x: number, y: number): number => {
  const right = -64 - 62 * (((x + 66) / 76) ** 2 + ((y + 8) / 84) ** 2);
  const left = -82 - 62 * (((x - 66) / 74) ** 2 + ((y + 4) / 84) ** 2);
  const middle = -92 - 50 * ((x / 60) ** 2 + ((y + 40) / 60) ** 2);
  return Math.max(right, left, middle);
};

/** Both pleural cavities before heart and mediastinum take their part. */
export function lungs(cage: Shape): Shape {
  return {
    distance: (x, y, z) => Math.max(cage.distance(x, y, z) + 0.4, 0.8 * (diaphragm(x, y) - z)),
    bounds: { low: cage.bounds.low, high: cage.bounds.high },
  };
}

/** Heart, great vessels and what lies between the lungs. */
export interface Mediastinum {
  readonly layers: L[];
  /** Its outside: lungs end there. */
  readonly outline: Shape;
}

export function mediastinum(plan: ChestPlan): Mediastinum {
  const { seed } = plan;
  const beat = noise(seed + 321, 34);
  const left = rough(ellipsoid([44, -24, -66], [41, 30, 31], 38, 12), beat, 1.5);
  const right = rough(ellipsoid([8, -52, -62], [46, 22, 33], 22, 8), beat, 1.5);
  const rightAtrium = ellipsoid([-27, -30, -52], [23, 27, 31]);
  const leftAtrium = ellipsoid([4, 9, -40], [36, 17, 20]);
  const appendage = tube('30 -12 -24 8, 36 -22 -20 7');
  const heart = blend(8, left, right, rightAtrium, leftAtrium, appendage);
  const ascending = tube(
    '-2 -24 -44 15, -10 -32 -26 15.5, -14 -35 0 15.5, -12 -30 22 15, -3 -17 38 14, 9 4 42 13.5, 19 22 34 13, 22 31 18 12.5, 21 35 -10 12, 18 37 -60 11.6, 10 35 -120 11, 6 30 -200 10.5',
  );
  const trunk = tube('16 -48 -34 14, 20 -45 -14 14, 19 -34 2 14, 14 -18 9 12.5');
  const rightArtery = tube('14 -18 8 11.5, -8 -10 7 11, -28 -3 3 10, -42 4 -4 8');
  const leftArtery = tube('18 -22 12 12, 30 -2 14 10.5, 40 14 6 9');
  const upper = tube('-24 -24 62 8.5, -25 -22 20 9.5, -26 -22 -24 10.5');
  const lower = tube('-24 -6 -76 12, -24 6 -110 12.5, -22 12 -200 12');
  const arms = union(
    tube('-24 -26 62 8, 0 -36 70 6.5, 34 -34 90 6.5, 60 -30 112 6'),
    tube('-24 -26 62 7.5, -34 -28 92 7, -60 -26 112 6'),
  );
  const branches = union(
    tube('-10 -24 40 7, -16 -14 66 6.5, -22 -10 92 5.5, -20 -8 150 4'),
    tube('0 -10 46 4.6, 8 -6 80 4, 18 -6 150 4'),
    tube('12 6 46 5.5, 22 10 82 5.2, 40 0 108 5, 80 -14 118 4.6'),
    tube('-22 -10 92 4.8, -44 -4 110 4.8, -80 -14 118 4.6'),
  );
  const azygos = tube('-6 38 -180 3.2, -7 38 -20 4, -10 36 14 4.6, -20 16 22 4.6, -25 -12 20 5');
  const veins = union(
    tube('-24 8 -36 8.5, -42 8 -30 6.5'),
    tube('-24 14 -46 8, -40 20 -54 6.5'),
    tube('32 8 -34 8, 46 0 -26 6'),
    tube('30 16 -46 8, 42 26 -54 6'),
  );
  const vessels = [ascending, trunk, rightArtery, leftArtery, upper, lower, arms, branches, azygos, veins];
  const gullet = tube('3 30 160 6.5, 3 32 60 7, 5 30 0 7.5, 6 26 -50 8, 14 20 -90 8.5, 30 4 -104 10');
  const column = loft(
    ellipses(
      '-190 0 40 36 30, -110 2 30 36 34, -60 2 24 34 36, 0 0 8 38 50, 20 -2 0 34 58, 50 -1 -4 33 52, 84 0 6 30 46, 130 0 16 40 46',
    ),
  );
  const front = loft(ellipses('-110 4 -80 40 12, -40 2 -82 26 10, 20 0 -72 16 12, 60 0 -56 18 14'), 6);
  const outline = blend(
    7,
    offset(heart, 4),
    column,
    front,
    offset(union(...vessels.slice(0, 6)), 2.4),
    offset(veins, 1),
  );
  return {
    outline,
    layers: mediastinalLayers(plan, {
      heart,
      left,
      right,
      rightAtrium,
      leftAtrium,
      appendage,
      vessels: union(...vessels),
      gullet,
      outline,
    }),
  };
}

interface Parts {
  heart: Shape;
  left: Shape;
  right: Shape;
  rightAtrium: Shape;
  leftAtrium: Shape;
  appendage: Shape;
  vessels: Shape;
  gullet: Shape;
  outline: Shape;
}

function mediastinalLayers(plan: ChestPlan, parts: Parts): L[] {
  const { seed } = plan;
  const fat = fractal(seed + 331, 9, 3);
  const blood = noise(seed + 332, 18);
  const muscle = noise(seed + 333, 8);
  const papillary = noise(seed + 334, 12);
  const chamber = union(
    rough(offset(parts.left, -10.5), papillary, 1.6),
    rough(offset(parts.right, -4), papillary, 1.3),
    offset(parts.rightAtrium, -2.2),
    offset(parts.leftAtrium, -2.2),
    offset(parts.appendage, -1.6),
  );
  const coronary = union(
    tube('-2 -42 -30 1.9, -22 -50 -42 1.7, -30 -46 -62 1.6, -18 -36 -84 1.4'),
    tube('10 -30 -32 2, 28 -46 -40 1.7, 46 -52 -56 1.5, 56 -50 -78 1.2'),
    tube('14 -26 -32 1.8, 38 -6 -44 1.5, 50 8 -58 1.3'),
  );
  const plaque = union(
    ellipsoid([-9, 38, 30], [2, 1.4, 4]),
    ellipsoid([30, 30, 28], [1.4, 3, 3]),
    ellipsoid([28, -46, -40], [1.3, 1.3, 2.4]),
  );
  const thymus = ellipsoid([0, -62, 28], [15, 7, 26]);
  return [
    { name: 'pleura', shape: offset(parts.outline, 0.9), tissue: 'pleura' },
    { name: 'mediastinal fat', shape: parts.outline, tissue: 'mediastinalFat', texture: fat },
    { name: 'thymic rest', shape: rough(thymus, noise(seed + 335, 9), 3.5), tissue: 'muscle', soft: 4 },
    { name: 'pericardium', shape: offset(parts.heart, 3), tissue: 'vesselWall' },
    { name: 'epicardial fat', shape: offset(parts.heart, 2), tissue: 'mediastinalFat', texture: fat },
    { name: 'coronaries', shape: coronary, tissue: 'blood' },
    { name: 'myocardium', shape: parts.heart, tissue: 'myocardium', texture: muscle, soft: 1.2 },
    { name: 'chambers', shape: chamber, tissue: 'blood', texture: blood, soft: 2 },
    { name: 'vessel wall', shape: offset(parts.vessels, 1), tissue: 'vesselWall' },
    { name: 'great vessels', shape: parts.vessels, tissue: 'blood', texture: blood },
    { name: 'plaques', shape: plaque, tissue: 'calcified', soft: 0.8 },
    { name: 'oesophagus', shape: rough(parts.gullet, noise(seed + 336, 11), 1), tissue: 'oesophagus', texture: muscle },
    {
      name: 'oesophageal air',
      shape: rough(offset(parts.gullet, -4.6), noise(seed + 337, 13), 1.5),
      tissue: 'gas',
      soft: 1.5,
    },
    {
      name: 'thyroid',
      shape: union(ellipsoid([-17, -8, 140], [8, 10, 20]), ellipsoid([17, -8, 140], [8, 10, 20])),
      tissue: 'liver',
      soft: 1,
    },
    ...smallNodes(seed),
  ];
}

/** Lymph nodes that a disease has enlarged. */
export function nodeLayers(plan: ChestPlan): L[] {
  return plan.nodes.map(({ centre, radius: r }): L => {
    const shape = rough(ellipsoid(centre, [r, r * 1.2, r * 1.3]), noise(plan.seed + 338, r), 0.12 * r);
    return { name: 'lymph node', shape, tissue: 'node', texture: noise(plan.seed + 333, 8), soft: 1 };
  });
}

function smallNodes(seed: number): L[] {
  const spots: [number, number, number, number][] = [
    [-16, -6, 26, 3.2],
    [-20, 4, 36, 2.8],
    [24, -20, 30, 3],
    [-6, 24, 2, 4],
    [4, 20, 8, 3],
    [-30, -2, 14, 3.4],
    [30, -34, 22, 2.6],
  ];
  const shape = union(...spots.map(([x, y, z, r]) => ellipsoid([x, y, z], [r * 1.4, r, r * 1.3], 30)));
  return [{ name: 'small nodes', shape: rough(shape, noise(seed + 339, 6), 0.5), tissue: 'muscle', soft: 1 }];
}

/** Liver, spleen and stomach under the diaphragm. */
export function abdomenLayers(plan: ChestPlan, cage: Shape): L[] {
  const { seed } = plan;
  const below =
    (gap: number): Distance =>
    (x, y, z) =>
      0.8 * (z - diaphragm(x, y) + gap);
  const space: Shape = {
    distance: (x, y, z) => Math.max(cage.distance(x, y, z) + 1, below(0)(x, y, z)),
    bounds: { low: [-150, -105, -185], high: [150, 100, -55] },
  };
  const under = (shape: Shape, gap: number): Shape =>
    intersect(shape, {
      distance: (x, y, z) => Math.max(below(gap)(x, y, z), cage.distance(x, y, z) + 4),
      bounds: shape.bounds,
    });
  const bumpy = noise(seed + 341, 40);
  const liver = under(
    rough(blend(18, ellipsoid([-66, -2, -128], [74, 88, 70]), ellipsoid([6, -50, -112], [62, 36, 30])), bumpy, 3),
    2.6,
  );
  const spleen = under(rough(ellipsoid([98, 42, -124], [30, 42, 38], -30), bumpy, 2), 2.6);
  const stomach = under(rough(ellipsoid([62, -14, -120], [46, 54, 36], -20), bumpy, 3), 3);
  const lumen = offset(stomach, -4);
  const veins = union(
    tube('-24 8 -106 7, -50 -10 -114 4.6, -84 -30 -126 3'),
    tube('-24 8 -106 6, -70 24 -120 4, -100 40 -134 2.6'),
    tube('-22 4 -104 6, -22 -34 -112 4, -16 -64 -118 2.4'),
    tube('-20 -8 -150 6, -50 -14 -144 4.6, -84 -8 -142 3'),
    tube('-50 -14 -144 4, -70 28 -150 2.6'),
    tube('-20 -10 -150 5, 4 -44 -124 3, 30 -54 -114 2'),
  );
  return [
    { name: 'diaphragm', shape: space, tissue: 'muscle' },
    {
      name: 'abdominal fat',
      shape: { distance: (x, y, z) => Math.max(space.distance(x, y, z), below(2.6)(x, y, z)), bounds: space.bounds },
      tissue: 'fat',
      texture: fractal(seed + 342, 10, 2),
    },
    { name: 'stomach', shape: stomach, tissue: 'stomachWall' },
    {
      name: 'stomach content',
      shape: rough(lumen, noise(seed + 343, 12), 1.4),
      tissue: 'fluid',
      texture: fractal(seed + 344, 9, 3),
    },
    { name: 'stomach air', shape: intersect(offset(lumen, -0.5), (_x, y) => y + 26), tissue: 'gas' },
    { name: 'spleen', shape: spleen, tissue: 'spleen', texture: noise(seed + 345, 9) },
    { name: 'liver', shape: liver, tissue: 'liver', texture: noise(seed + 346, 10) },
    { name: 'liver veins', shape: intersect(veins, offset(liver, -1)), tissue: 'hepaticVein', soft: 1.5 },
    {
      name: 'crus',
      shape: union(capsule([14, 24, -110], [10, 28, -190], 6), capsule([-12, 24, -116], [-9, 28, -190], 6)),
      tissue: 'muscle',
      soft: 1,
    },
    {
      name: 'aorta below',
      shape: tube('12 35 -108 11, 6 30 -200 10.5'),
      tissue: 'blood',
    },
  ];
}
