import { randomOf } from '../../random.ts';
import { fractal, noise } from '../noise.ts';
import type { Layer } from '../raster.ts';
import {
  capsule,
  type Distance,
  ellipsoid,
  offset,
  rough,
  type Shape,
  subtract,
  tube,
  union,
  type Vec3,
} from '../shape.ts';
import { type Branch, branchShape, growTree, pointsIn } from '../tree.ts';
import type { ChestPlan, Nodule } from './plan.ts';
import type { ChestTissue } from './tissues.ts';

type L = Layer<ChestTissue>;

/** Lung tissue: denser where the patient lies on it, lobules, and holes where emphysema has destroyed it. */
export function lungLayers(plan: ChestPlan, lung: Shape): L[] {
  const { seed, emphysema } = plan;
  const lobules = fractal(seed + 361, 9, 3, 0.7);
  const holes = noise(seed + 362, 9);
  const wide = noise(seed + 363, 45);
  const texture = (x: number, y: number, z: number): number => {
    const t = 0.75 * lobules(x, y, z) + wide(x, y, z) * 0.7 + y * 0.03;
    if (emphysema === 0) return t;
    const h = holes(x, y, z) + 0.5 * wide(x, y, z) - 1.5 + emphysema * (1 + z / 120);
    return h > 0 ? t - Math.min(6, 9 * h) : t;
  };
  return [
    { name: 'pleural line', shape: offset(lung, 0.5), tissue: 'pleura' },
    { name: 'lung', shape: lung, tissue: 'lung', texture },
    { name: 'fissures', shape: fissures(plan, lung), tissue: 'fissure', soft: 0.8 },
  ];
}

/** Oblique fissures on both sides and the horizontal one on the right. */
function fissures(plan: ChestPlan, lung: Shape): Shape {
  const bend = noise(plan.seed + 364, 70);
  const distance: Distance = (x, y, z) => {
    const oblique = (z - 8 - 0.95 * (y - 10) + 0.0016 * x * x - 7 * bend(x, y, z)) * 0.72;
    const sheet = Math.abs(oblique) - 0.35;
    const horizontal = x < 0 && oblique > 0 ? Math.abs(z + 4 + 0.05 * y + 5 * bend(y, x, 3)) - 0.35 : 9;
    return Math.max(Math.min(sheet, horizontal), lung.distance(x, y, z));
  };
  return { distance, bounds: lung.bounds };
}

interface Root {
  readonly at: Vec3;
  readonly heading: Vec3;
}
const arteries: Record<'left' | 'right', readonly Root[]> = {
  right: [
    { at: [-40, 2, 2], heading: [-0.6, 0.1, 0.8] },
    { at: [-42, 6, -6], heading: [-0.4, 0.3, -0.85] },
  ],
  left: [
    { at: [38, 8, 12], heading: [0.6, -0.1, 0.8] },
    { at: [40, 16, 2], heading: [0.4, 0.35, -0.85] },
  ],
};
const veins: Record<'left' | 'right', readonly Root[]> = {
  right: [
    { at: [-42, 8, -30], heading: [-0.7, -0.5, 0.5] },
    { at: [-40, 20, -54], heading: [-0.8, 0.5, -0.3] },
  ],
  left: [
    { at: [46, 0, -26], heading: [0.7, -0.5, 0.5] },
    { at: [42, 26, -54], heading: [0.8, 0.5, -0.3] },
  ],
};
const bronchi: Record<'left' | 'right', readonly Root[]> = {
  right: [
    { at: [-28, 14, 2], heading: [-0.6, 0, 0.8] },
    { at: [-32, 16, -14], heading: [-0.4, 0.2, -0.9] },
  ],
  left: [
    { at: [34, 19, -6], heading: [0.7, -0.2, 0.7] },
    { at: [38, 22, -14], heading: [0.4, 0.3, -0.85] },
  ],
};

/** Trees of one kind in both lungs; every part of a lung belongs to the nearer of its two trunks. */
function trees(
  plan: ChestPlan,
  kind: string,
  roots: typeof arteries,
  open: Shape,
  count: number,
  leafRadius: number,
): Branch[] {
  return (['left', 'right'] as const).flatMap((side) => {
    const random = randomOf(`${kind} ${side} ${plan.seed}`);
    const sign = side === 'left' ? 1 : -1;
    const half: Shape = { distance: (x, y, z) => Math.max(open.distance(x, y, z), 8 - sign * x), bounds: open.bounds };
    const targets = pointsIn(half, count, 3.5, random);
    const upper = targets.filter((p) => p[2] > -10 + 0.5 * p[1]);
    const lower = targets.filter((p) => p[2] <= -10 + 0.5 * p[1]);
    return [upper, lower].flatMap((some, i) => {
      const root = roots[side][i]!;
      return growTree({ root: root.at, heading: root.heading, targets: some, leafRadius, exponent: 2.75, random });
    });
  });
}

const vessels = (plan: ChestPlan, open: Shape): Branch[] => [
  ...trees(plan, 'arteries', arteries, open, 850, 0.54),
  ...trees(plan, 'veins', veins, open, 700, 0.54),
];

/** Arteries and veins of the lungs as pieces of a tree. */
export const vesselBranches = (plan: ChestPlan, lung: Shape, mediastinum: Shape): Branch[] =>
  vessels(plan, subtract(lung, offset(mediastinum, 1)));

/** Vessels and airways inside the lungs, one layer per piece: they are too fine to sample beforehand. */
export function treeLayers(plan: ChestPlan, lung: Shape, mediastinum: Shape): L[] {
  const open = subtract(lung, offset(mediastinum, 1));
  const layers = vessels(plan, open).map(
    (branch): L => ({ name: 'pulmonary vessel', shape: branchShape(branch), tissue: 'pulmonary' }),
  );
  const tubes = trees(plan, 'bronchi', bronchi, open, 46, 1.15);
  return [
    ...layers,
    ...tubes.map((branch): L => ({ name: 'bronchus wall', shape: branchShape(branch, 0.75), tissue: 'airwayWall' })),
    ...tubes.map((branch): L => ({ name: 'bronchus', shape: branchShape(branch, -0.1), tissue: 'airway' })),
  ];
}

/** Windpipe and main bronchi. */
export function airwayLayers(): L[] {
  const pipe = union(
    tube('0 6 170 9, 0 12 80 9, -1 18 24 9'),
    tube('-2 18 21 7.8, -28 14 2 6.8, -32 16 -14 5'),
    capsule([-28, 14, 2], [-36, 12, 12] as Vec3, 4.6),
    tube('1 18 20 7.4, 34 19 -6 5.8, 38 22 -14 4.6'),
  );
  return [
    { name: 'trachea wall', shape: offset(pipe, 1.5), tissue: 'oesophagus' },
    { name: 'trachea', shape: pipe, tissue: 'airway' },
  ];
}

export function noduleLayers(plan: ChestPlan): L[] {
  return plan.nodules.map((nodule, i) => noduleLayer(nodule, plan.seed + 371 + i));
}

function noduleLayer(nodule: Nodule, seed: number): L {
  const { centre, radius: r, kind } = nodule;
  const random = randomOf(`nodule ${seed}`);
  const ball = ellipsoid(centre, [r, r * 0.92, r * 1.05]);
  if (kind !== 'spiculated') {
    const soft = kind === 'smooth' ? 1 : 4;
    return {
      name: 'nodule',
      shape: rough(ball, noise(seed, r), (kind === 'smooth' ? 0.06 : 0.25) * r),
      tissue: kind === 'smooth' ? 'nodule' : 'groundGlass',
      texture: noise(seed, 5),
      soft,
    };
  }
  const spikes = Array.from({ length: 26 }, () => {
    const direction: Vec3 = [random.normal(), random.normal(), random.normal()];
    const reach = (r * random.between(1.25, 2)) / (Math.hypot(...direction) || 1);
    const tip: Vec3 = [
      centre[0] + direction[0] * reach,
      centre[1] + direction[1] * reach,
      centre[2] + direction[2] * reach,
    ];
    return capsule(centre, tip, r * 0.22, 0.3);
  });
  const shape = union(rough(ball, noise(seed, r * 0.8), 0.2 * r), ...spikes);
  return { name: 'nodule', shape, tissue: 'nodule', texture: noise(seed, 5), soft: 1.2 };
}
