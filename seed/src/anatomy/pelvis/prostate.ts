import { randomOf } from '../../random.ts';
import { type Drawing, drawnHalf, loft, type Point } from '../loft.ts';
import { fractal, noise } from '../noise.ts';
import type { Layer } from '../raster.ts';
import { blend, bothSides, ellipsoid, intersect, offset, rough, type Shape, tube, union } from '../shape.ts';
import type { PelvisPlan } from './plan.ts';
import type { PelvisTissue } from './tissues.ts';

type L = Layer<PelvisTissue>;

/** The gland's outline for a width of 48 mm: front, left side, back, per level. */
const outline: Drawing = [
  [-27, '0 -2, 2 -2, 4 0, 5 3, 4 6, 2 7, 0 7'],
  [-22, '0 -8, 5 -8, 9 -4, 11 2, 9.5 8, 5 11, 0 11'],
  [-15, '0 -14, 8 -13.5, 15 -8, 18 0, 16 9, 9 14, 0 13.5'],
  [-4, '0 -18, 9 -17.5, 18 -12, 23.5 -1, 22 9.5, 13 16, 0 13.8'],
  [6, '0 -19, 9 -18.5, 18 -13, 24.5 -2, 23 9, 14 15.5, 0 13'],
  [15, '0 -18, 8 -17.5, 16 -13, 21.5 -4, 21 6, 13 12.5, 0 11'],
  [22, '0 -14, 6 -14, 11 -11, 15 -4, 15 3, 9 9, 0 8'],
];

function gland(plan: PelvisPlan): Shape {
  const k = plan.gland;
  return loft(
    drawnHalf(outline).map(({ z, points }) => ({ z: z * k, points: points.map(([x, y]): Point => [x * k, y * k]) })),
    5,
  );
}

/** Hyperplastic nodules packed into the transition zone, each with a dark rim. */
function noduleLayers(plan: PelvisPlan, zone: Shape): L[] {
  const random = randomOf(`nodules ${plan.seed}`);
  const layers: L[] = [];
  const count = Math.round(6 + 20 * plan.hyperplasia);
  const { low, high } = zone.bounds;
  const taken: [number, number, number, number][] = [];
  const inner = fractal(plan.seed + 81, 4.2, 3, 0.7);
  for (let tries = 0; tries < 900 && taken.length < count; tries++) {
    const r = random.between(2.2, 4.5 + 4.5 * plan.hyperplasia) * (taken.length < 4 ? 1.15 : 0.8);
    const [x, y, z] = [0, 1, 2].map((i) => random.between(low[i]!, high[i]!)) as [number, number, number];
    if (zone.distance(x, y, z) > -r * 0.75 || Math.abs(x) < 3.5) continue;
    if (taken.some(([a, b, c, s]) => Math.hypot(a - x, b - y, c - z) < 0.82 * (r + s))) continue;
    taken.push([x, y, z, r]);
    const shape = intersect(
      rough(
        ellipsoid(
          [x, y, z],
          [r * random.between(0.85, 1.15), r * random.between(0.85, 1.15), r],
          random.between(0, 180),
        ),
        noise(plan.seed + 83, 7),
        0.5,
      ),
      offset(zone, -0.4),
    );
    const kind = random.next();
    const tissue: PelvisTissue = kind < 0.45 ? 'nodule' : kind < 0.9 ? 'stromalNodule' : 'cyst';
    layers.push(
      { name: 'nodule rim', shape, tissue: 'capsule', soft: 0.7 },
      {
        name: 'nodule',
        shape: offset(shape, -0.75),
        tissue,
        ...(tissue === 'cyst' ? {} : { texture: inner }),
        soft: 0.8,
      },
    );
  }
  return layers;
}

function lesionLayers(plan: PelvisPlan, whole: Shape): L[] {
  const edge = noise(plan.seed + 91, 8);
  const inside = fractal(plan.seed + 92, 5, 2);
  return plan.lesions.map((lesion, i): L => {
    const shape = rough(ellipsoid(lesion.centre, lesion.radii, lesion.yaw ?? 0), edge, 1.1);
    return {
      name: `lesion ${i + 1}`,
      shape: intersect(shape, offset(whole, -0.6)),
      tissue: lesion.grade === 'high' ? 'lesion' : 'lowLesion',
      texture: inside,
      soft: lesion.grade === 'high' ? 1.4 : 3,
    };
  });
}

/** The prostate with its zones (McNeal), nodules, urethra and lesions. */
export function prostateLayers(plan: PelvisPlan): L[] {
  const k = plan.gland;
  const h = plan.hyperplasia;
  const whole = rough(gland(plan), noise(plan.seed + 75, 20), 0.7);
  const lobe = ellipsoid(
    [(7 + 1.5 * h) * k, (-5 - 1.5 * h) * k, (4 + 2 * h) * k],
    [(9.5 + 4.5 * h) * k, (10 + 3 * h) * k, (13 + 4.5 * h) * k],
    12,
  );
  const zone = intersect(rough(blend(5, bothSides(lobe)), noise(plan.seed + 76, 14), 0.9), offset(whole, -1.6));
  const front = intersect(ellipsoid([0, -17 * k, 3 * k], [13 * k, 5.5 * k, 17 * k]), offset(whole, -0.3));
  const central = bothSides(ellipsoid([5.5 * k, 7 * k, 13.5 * k], [7 * k, 4 * k, 7.5 * k], -18));
  const path: [number, number, number, number][] = [
    [0, -6 * k, 26 * k, 4],
    [0, -3 * k, 12 * k, 3.6],
    [0, 2 * k, 0, 3.4],
    [0, 1.5 * k, -12 * k, 4.2],
    [0, 0, -32 * k, 5],
  ];
  const tract = tube(path);
  const lumen = tube(path.map(([x, y, z]) => [x, y, z, 1.1]));
  const ridge = union(
    ellipsoid([0, 3.2 * k, -2 * k], [1.9, 1.9, 4.5]),
    bothSides(
      tube([
        [2.3, 1.6 * k, -5 * k, 0.8],
        [2.5, 2 * k, 2 * k, 0.8],
      ]),
    ),
  );
  const ducts = bothSides(
    tube([
      [1.2, 4 * k, -1 * k, 0.7],
      [2.4, 8 * k, 12 * k, 0.9],
      [4, 9 * k, 19 * k, 1.1],
    ]),
  );
  // The peripheral zone is ducts that fan out from the urethra, with faint septa between.
  const lobules = fractal(plan.seed + 77, 3.4, 3, 0.8);
  const clouds = noise(plan.seed + 79, 16);
  const septa = noise(plan.seed + 80, 3.8);
  const peripheral = (x: number, y: number, z: number): number => {
    const angle = Math.atan2(y + 6, x) * 17;
    const s = septa(angle, Math.hypot(x, y + 6) * 0.25, z * 0.8);
    return 0.45 * lobules(x, y, z) + 0.55 * clouds(x, y, z) - (Math.abs(s) < 0.22 ? 1.1 * (1 - Math.abs(s) / 0.22) : 0);
  };
  const stroma = fractal(plan.seed + 78, 6, 3, 0.75);
  return [
    { name: 'periprostatic fascia', shape: offset(whole, 1.1), tissue: 'fascia', soft: 1 },
    { name: 'prostate capsule', shape: whole, tissue: 'capsule' },
    { name: 'peripheral zone', shape: offset(whole, -0.9), tissue: 'peripheral', texture: peripheral },
    {
      name: 'central zone',
      shape: intersect(central, offset(whole, -0.8)),
      tissue: 'central',
      texture: stroma,
      soft: 1.6,
    },
    { name: 'surgical capsule', shape: offset(zone, 0.9), tissue: 'capsule', soft: 0.8 },
    { name: 'transition zone', shape: zone, tissue: 'transition', texture: stroma, soft: 0.8 },
    ...noduleLayers(plan, zone),
    { name: 'anterior stroma', shape: front, tissue: 'fibromuscular', texture: stroma, soft: 2.5 },
    { name: 'ejaculatory ducts', shape: ducts, tissue: 'urethra', soft: 0.8 },
    { name: 'urethral muscle', shape: tract, tissue: 'fibromuscular', soft: 1.2 },
    { name: 'urethra', shape: union(lumen, ridge), tissue: 'urethra', soft: 0.6 },
    ...lesionLayers(plan, whole),
  ];
}
