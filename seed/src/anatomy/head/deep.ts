import { noise } from '../noise.ts';
import type { Layer } from '../raster.ts';
import { blend, bothSides, capsule, ellipsoid, intersect, offset, rough, type Shape, tube } from '../shape.ts';
import type { HeadPlan } from './plan.ts';
import type { HeadTissue } from './tissues.ts';

type L = Layer<HeadTissue>;

function lateralVentricles(plan: HeadPlan): Shape {
  const w = 0.72 + 0.6 * plan.atrophy;
  const r = (v: number) => v * w;
  const horn = tube([
    [7, -36, 9, r(2.6)],
    [8.5, -28, 13, r(4.6)],
    [8, -14, 18, r(4.6)],
    [9.5, 2, 22, r(4)],
    [14, 18, 21, r(4.6)],
    [21, 30, 15, r(6.4)],
  ]);
  const flare = ellipsoid([12, -27, 15], [r(7.5), r(9), r(3.4)], 30);
  const occipital = tube([
    [21, 30, 13, r(6)],
    [23, 42, 9, r(4)],
    [21, 56, 6, r(1.8)],
  ]);
  const temporal = tube([
    [23, 30, 11, r(5.6)],
    [30, 22, -1, r(3.2)],
    [34, 8, -12, r(2)],
    [32, -6, -17, r(2)],
  ]);
  return bothSides(blend(3, horn, flare, occipital, temporal));
}

/** Ventricles, nuclei and commissures. */
export function deepLayers(plan: HeadPlan): L[] {
  const { seed } = plan;
  const fine = noise(seed + 221, 6);
  const w = 0.8 + 0.8 * plan.atrophy;
  const ventricles = rough(lateralVentricles(plan), noise(seed + 222, 14), 0.5);
  const third = blend(
    3,
    ellipsoid([0, 3, 0], [1.9 * w, 14, 10]),
    ellipsoid([0, -7, -10], [1.7 * w, 6, 9]),
    capsule([0, 17, -8], [0, 27, -24], 0.9),
  );
  const arch = tube('0 -30 0 2.6, 0 -37 8 4, 0 -33 19 4.4, 0 -18 25 3.4, 0 4 28 3.2, 0 24 24 3.8, 0 34 15 5.2');
  // The callosum fans out sideways above the ventricles.
  const callosum: Shape = {
    distance: (x, y, z) => arch.distance(Math.max(0, Math.abs(x) - 13), y, z - 0.012 * x * x),
    bounds: { low: [-20, -45, -6], high: [20, 45, 40] },
  };
  const caudate = bothSides(tube('13 -24 6 5.6, 14 -18 13 5.4, 15.5 -4 19 4, 18 12 22 3, 24 26 17 2.2'));
  const putamen = bothSides(blend(3, ellipsoid([25.5, -5, 3], [5, 17, 9.5], -10), ellipsoid([23, -14, 3], [5, 9, 8])));
  const pallidum = bothSides(ellipsoid([18.5, -3, 1], [4.2, 9, 6.2], -22));
  const thalamus = bothSides(blend(3, ellipsoid([10.5, 11, 5], [8, 13, 8.5], 18), ellipsoid([16, 20, 5], [7, 6.5, 7])));
  const hippocampus = bothSides(tube('27 -8 -19 5, 27 4 -17 4.6, 26 16 -11 3.8, 22 26 0 2.8'));
  const septum: Shape = {
    distance: (x, y, z) => Math.max(Math.abs(x) - 0.7, Math.abs(y + 14) - 20, Math.abs(z - 16) - 9),
    bounds: { low: [-2, -36, 5], high: [2, 8, 27] },
  };
  return [
    { name: 'callosum', shape: callosum, tissue: 'callosum', soft: 1.2 },
    { name: 'hippocampus', shape: hippocampus, tissue: 'grey', texture: fine, soft: 1 },
    { name: 'thalamus', shape: thalamus, tissue: 'thalamus', texture: noise(seed + 223, 7), soft: 1.6 },
    { name: 'putamen', shape: putamen, tissue: 'putamen', texture: fine, soft: 1 },
    { name: 'pallidum', shape: pallidum, tissue: 'pallidum', texture: fine, soft: 1.4 },
    { name: 'caudate', shape: caudate, tissue: 'caudate', texture: fine, soft: 1 },
    { name: 'ventricle', shape: ventricles, tissue: 'csf', soft: 0.7 },
    { name: 'third ventricle', shape: third, tissue: 'csf', soft: 0.7 },
    { name: 'septum', shape: intersect(septum, offset(ventricles, 6)), tissue: 'callosum' },
    {
      name: 'fornix',
      shape: bothSides(tube('1.6 -14 6 1.4, 1.8 -8 15 1.7, 3 8 18 1.7, 8 22 14 1.7')),
      tissue: 'callosum',
    },
    {
      name: 'choroid',
      shape: bothSides(tube('12 6 20.5 1.2, 19 26 15 2.6, 27 26 5 1.4')),
      tissue: 'grey',
      texture: noise(seed + 224, 2.5),
    },
    { name: 'massa', shape: capsule([-4, 5, 2], [4, 5, 2], 2.6), tissue: 'thalamus' },
  ];
}

/** Brain stem and cerebellum with its leaf-like folds. */
export function hindbrainLayers(plan: HeadPlan): L[] {
  const { seed } = plan;
  const stem = blend(
    5,
    bothSides(capsule([8, 4, -10], [6, 6, -20], 8.5)),
    ellipsoid([0, 13, -14], [15, 11, 10]),
    ellipsoid([0, 8, -32], [17, 12.5, 14]),
    tube('0 14 -44 9.5, 0 20 -60 8, 0 27 -76 6.4, 0 31 -140 6'),
  );
  const hemispheres = bothSides(ellipsoid([26, 48, -38], [29, 28, 20], 0, -8));
  const vermis = ellipsoid([0, 48, -36], [11, 24, 21]);
  const outline = blend(5, hemispheres, vermis);
  const bend = noise(seed + 231, 34);
  // Folia are leaves about an axis through the fourth ventricle, about 4.5 mm apart at the surface.
  const leaf = (x: number, y: number, z: number): number => {
    const angle = Math.atan2(z + 34 + 0.003 * x * x, y - 16);
    return Math.abs(((((angle * 6.2 + 0.8 * bend(x, y, z)) % 1) + 1) % 1) - 0.5) * 2;
  };
  const leaves: Shape = {
    distance: (x, y, z) => {
      const d = outline.distance(x, y, z);
      const depth = -d;
      const gap = (0.2 - leaf(x, y, z)) * 4;
      return Math.max(d, Math.min(gap, 9 - depth));
    },
    bounds: outline.bounds,
  };
  const wander = noise(seed + 232, 9);
  const core: Shape = {
    distance: (x, y, z) => {
      const d = outline.distance(x, y, z);
      // White matter reaches out into each leaf: the arbor vitae.
      return Math.max(d + 4.2, d + 10.5 + 2 * wander(x, y, z) - 8 * Math.max(0, leaf(x, y, z) - 0.42));
    },
    bounds: outline.bounds,
  };
  const peduncles = bothSides(tube('11 12 -33 7.5, 20 32 -36 7.5'));
  const fourth = blend(2, ellipsoid([0, 26, -36], [6.5, 4, 9]), ellipsoid([0, 30, -33], [3, 5, 4]));
  const texture = noise(seed + 233, 3);
  return [
    { name: 'cerebellar cortex', shape: leaves, tissue: 'folia', texture, soft: 1 },
    { name: 'cerebellar white matter', shape: core, tissue: 'white', texture: noise(seed + 234, 8), soft: 1.2 },
    { name: 'cerebellar peduncle', shape: peduncles, tissue: 'white', soft: 2 },
    {
      name: 'dentate',
      shape: bothSides(ellipsoid([14, 40, -36], [5.5, 7, 5.5])),
      tissue: 'thalamus',
      texture,
      soft: 1.6,
    },
    { name: 'stem', shape: stem, tissue: 'stem', texture: noise(seed + 235, 6), soft: 0.9 },
    { name: 'red nucleus', shape: bothSides(ellipsoid([5, 10, -13], [3, 3, 4])), tissue: 'iron', soft: 1.2 },
    { name: 'substantia nigra', shape: bothSides(capsule([5, 3, -15], [12, 7, -14], 1.4)), tissue: 'iron', soft: 1.2 },
    { name: 'aqueduct', shape: capsule([0, 17.5, -12], [0, 23, -26], 0.9), tissue: 'csf' },
    { name: 'fourth ventricle', shape: fourth, tissue: 'csf', soft: 0.7 },
  ];
}
