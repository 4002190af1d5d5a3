import { randomOf } from '../../random.ts';
import { bake } from '../bake.ts';
import { bakeLayers } from '../bake-layers.ts';
import { noise } from '../noise.ts';
import type { Layer } from '../raster.ts';
import { type Box, ellipsoid, intersect, offset, rough, type Shape, union, type Vec3 } from '../shape.ts';
import type { Warp } from '../warp.ts';
import { CORTEX, cavity, pial } from './cortex.ts';
import { deepLayers, hindbrainLayers } from './deep.ts';
import { faceLayers } from './face.ts';
import type { HeadLesion, HeadPlan } from './plan.ts';
import { duraLayers, headOutline, skullLayers } from './skull.ts';
import type { HeadTissue } from './tissues.ts';

type L = Layer<HeadTissue>;

/** A head about a point between the thalami, layer upon layer. */
export function head(plan: HeadPlan): L[] {
  const { seed } = plan;
  // Asked for by many other shapes; coarse, so that its distances reach as far as the skin.
  const inside = bake(cavity(), { step: 4, band: 30 });
  const outline = bake(headOutline(inside), { step: 3, band: 12 });
  const cortex = pial(plan);
  const white = offset(cortex, -CORTEX);
  const layers: L[] = [
    ...skullLayers(plan, inside, outline),
    ...faceLayers(plan),
    ...duraLayers(inside).slice(0, 1),
    ...hindbrainLayers(plan),
    { name: 'grey matter', shape: cortex, tissue: 'grey', texture: noise(seed + 261, 5), soft: 0.6 },
    { name: 'white matter', shape: white, tissue: 'white', texture: noise(seed + 262, 12), soft: 1 },
    ...deepLayers(plan),
    ...duraLayers(inside).slice(1),
    ...plan.lesions.flatMap((lesion) => lesionLayers(lesion, plan, { white, cortex, outline })),
  ];
  return bakeLayers(layers, { stepOf, warp: individual(plan), within: SPACE });
}

interface Bounds {
  readonly white: Shape;
  readonly cortex: Shape;
  readonly outline: Shape;
}

function lesionLayers(lesion: HeadLesion, plan: HeadPlan, { white, cortex, outline }: Bounds): L[] {
  const { seed } = plan;
  if (lesion.kind === 'white matter') return [whiteMatterLesions(lesion.count, plan, white)];
  const { centre, radius: r } = lesion;
  const edge = noise(seed + 271, 1.1 * r);
  const fine = noise(seed + 272, 0.3 * r);
  if (lesion.kind === 'calvarial metastasis') {
    const mass = rough(ellipsoid(centre, [r, r * 1.25, r * 1.1]), edge, 0.12 * r);
    return [
      {
        name: 'metastasis',
        shape: intersect(mass, offset(outline, -2.6)),
        tissue: 'metastasis',
        texture: fine,
        soft: 0.8,
      },
    ];
  }
  const core = rough(ellipsoid(centre, [r, r * 1.2, r * 0.95], 25), edge, 0.22 * r);
  const spread = rough(ellipsoid(centre, [r * 1.75, r * 2.3, r * 1.5], 15), noise(seed + 273, 1.4 * r), 0.45 * r);
  const dead = rough(
    ellipsoid([centre[0] + 1, centre[1], centre[2]], [r * 0.62, r * 0.78, r * 0.58], 25),
    noise(seed + 274, 0.8 * r),
    0.2 * r,
  );
  return [
    // Oedema spreads along white matter, around the fingers of the cortex.
    { name: 'oedema', shape: intersect(spread, offset(white, 0.2)), tissue: 'oedema', texture: fine, soft: 3 },
    { name: 'tumour', shape: intersect(core, offset(cortex, 1)), tissue: 'enhancing', texture: fine, soft: 1.2 },
    { name: 'tumour core', shape: offset(dead, 0.16 * r), tissue: 'tumour', texture: fine, soft: 1.5 },
    { name: 'necrosis', shape: dead, tissue: 'necrosis', texture: fine, soft: 1.5 },
    {
      name: 'haemorrhage',
      shape: intersect(
        ellipsoid([centre[0] - 0.3 * r, centre[1] + 0.5 * r, centre[2]], [0.25 * r, 0.16 * r, 0.3 * r]),
        dead,
      ),
      tissue: 'blood',
      soft: 1,
    },
  ];
}

/** Small bright spots about the ventricles, as age and small vessels leave them. */
function whiteMatterLesions(count: number, plan: HeadPlan, white: Shape): L {
  const random = randomOf(`white matter ${plan.seed}`);
  const spots: Shape[] = [];
  for (let tries = 0; tries < 60 * count && spots.length < count; tries++) {
    const side = random.pick([-1, 1]);
    const at: Vec3 = [side * random.between(14, 36), random.between(-45, 48), random.between(12, 40)];
    if (white.distance(...at) > -3) continue;
    const size = random.between(1.8, 4.6);
    spots.push(ellipsoid(at, [size, size * random.between(1, 1.8), size], random.between(-40, 40)));
  }
  const caps = [-1, 1].map((s) => ellipsoid([s * 11, -37, 14], [6.5, 6, 6.5]));
  const edge = noise(plan.seed + 275, 5);
  return {
    name: 'white matter lesions',
    shape: union(...[...spots, ...caps].map((spot) => rough(spot, edge, 0.6))),
    tissue: 'hyperintensity',
    soft: 1.6,
  };
}

const SPACE: Box = { low: [-105, -135, -132], high: [105, 120, 105] };

function stepOf(name: string): number {
  if (/grey|white matter|cerebell|arter|optic|nerve|eye|turbin|fornix|aqueduct|falx/.test(name)) return 1;
  if (/skin|fat|galea/.test(name)) return 2.5;
  return 1.5;
}

/** A smaller head is the same head seen from further away. */
function individual({ seed, scale }: HeadPlan): Warp {
  const w = [noise(seed + 281, 130), noise(seed + 282, 130), noise(seed + 283, 130)] as const;
  return (x, y, z) => [
    x / scale - x + 1.6 * w[0](x, y, z),
    y / scale - y + 1.8 * w[1](x, y, z),
    z / scale - z + 1.6 * w[2](x, y, z),
  ];
}
