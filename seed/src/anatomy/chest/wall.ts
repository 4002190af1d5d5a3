import type { Layer } from '../raster.ts';
import { fractal, noise, sheets } from '../noise.ts';
import { ellipse, loft, symmetric, type Contour, type Point } from '../loft.ts';
import { blend, bothSides, boxAround, capsule, ellipsoid, intersect, offset, rough, shell, tube, union, type Shape, type Vec3 } from '../shape.ts';
import type { ChestPlan } from './plan.ts';
import type { ChestTissue } from './tissues.ts';

type L = Layer<ChestTissue>;

const levels = (rows: readonly (readonly [number, readonly Point[]])[]): Contour[] =>
  rows.map(([z, half]) => ({ z, points: symmetric(half) }));

/** The inside of the rib cage, mm (LPS) about the carina: front, left side, back, level by level. */
export function cage(): Shape {
  return loft(
    levels([
      [128, [[0, 0], [10, -2], [22, 4], [28, 20], [22, 36], [10, 42], [0, 42]]],
      [104, [[0, -30], [26, -32], [50, -16], [60, 16], [48, 48], [20, 58], [0, 52]]],
      [76, [[0, -54], [34, -58], [76, -40], [95, 2], [86, 48], [48, 76], [0, 62]]],
      [40, [[0, -72], [42, -78], [92, -58], [117, -4], [108, 52], [62, 88], [0, 64]]],
      [0, [[0, -83], [48, -90], [102, -68], [129, -6], [120, 56], [70, 93], [0, 64]]],
      [-60, [[0, -88], [54, -98], [112, -74], [137, -6], [128, 58], [74, 93], [0, 62]]],
      [-120, [[0, -86], [56, -99], [115, -75], [140, -4], [130, 58], [74, 90], [0, 60]]],
      [-180, [[0, -82], [56, -94], [112, -72], [137, -2], [126, 54], [72, 86], [0, 58]]],
    ]),
  );
}

function bodyOutline(plan: ChestPlan): Shape {
  const trunk = loft(
    levels([
      [160, [[0, -62], [32, -60], [66, -34], [110, -4], [134, 30], [108, 62], [56, 84], [0, 84]]],
      [128, [[0, -78], [44, -78], [104, -62], [168, -22], [194, 24], [158, 74], [72, 102], [0, 92]]],
      [92, [[0, -92], [56, -96], [118, -86], [168, -46], [184, 18], [154, 84], [80, 116], [0, 102]]],
      [40, [[0, -110], [62, -118], [126, -104], [164, -54], [172, 14], [150, 80], [82, 116], [0, 105]]],
      [-20, [[0, -117], [62, -126], [124, -110], [164, -58], [172, 6], [150, 72], [82, 112], [0, 104]]],
      [-90, [[0, -122], [62, -128], [122, -112], [162, -58], [170, 6], [148, 68], [80, 107], [0, 101]]],
      [-185, [[0, -120], [62, -124], [120, -108], [158, -54], [166, 6], [144, 64], [78, 103], [0, 98]]],
    ]),
  );
  const breasts = bothSides(ellipsoid([74, -112, -46], [54, 36, 52], -12));
  return plan.sex === 'F' ? blend(24, trunk, breasts) : trunk;
}

/** Where a ray from the middle at an angle from behind (0) over the side to the front (180) meets the cage. */
function onCage(shape: Shape, degrees: number, z: number, lift: number): Vec3 {
  const a = (degrees * Math.PI) / 180;
  const [dx, dy] = [Math.sin(a), Math.cos(a)];
  let t = 60;
  for (let i = 0; i < 12; i++) t -= shape.distance(dx * t, 6 + dy * t, z) - lift;
  return [dx * t, 6 + dy * t, z];
}

/** Ribs and their cartilages; each falls from its vertebra towards the front. */
function ribs(inner: Shape): { bone: Shape; cartilage: Shape } {
  const bone: Shape[] = [];
  const cartilage: Shape[] = [];
  for (let i = 0; i < 12; i++) {
    const top = 108 - 22.5 * i;
    const fall = Math.min(86, 36 + 9 * i);
    const end = i < 7 ? 148 : i < 10 ? 138 - 9 * (i - 7) : 100 - 22 * (i - 10);
    const points: [number, number, number][] = [];
    for (let angle = 22; angle <= end; angle += 7) {
      const t = angle / 180;
      points.push(onCage(inner, angle, top - fall * (1 - Math.cos(Math.PI * t ** 1.15)) * 0.62, 3.4) as [number, number, number]);
    }
    const head: [number, number, number] = [17, 56, top + 3];
    const chain = [head, ...points];
    // A rib is taller than thick: two parallel rods.
    const tall = i === 0 ? 0.8 : 2.4;
    bone.push(tube(chain.map(([x, y, z]) => [x, y, z + tall, 3.1])), tube(chain.map(([x, y, z]) => [x, y, z - tall, 3.1])));
    const tip = points.at(-1)!;
    if (i < 10) {
      const sternal: Vec3 = i < 7 ? [15, -66 - 3.6 * i - (i > 0 ? 4 : 0), 62 - 20 * i] : [20 + 16 * (i - 6), -98, -66 - 14 * (i - 6)];
      const middle: Vec3 = [(tip[0] + sternal[0]) / 2, Math.min(tip[1], sternal[1]) + 1, Math.min(tip[2], sternal[2]) + 4];
      cartilage.push(tube([[...tip, 4.6], [...middle, 4.6], [...sternal, 4.6]]));
    }
  }
  return { bone: bothSides(union(...bone)), cartilage: bothSides(union(...cartilage)) };
}

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
    const left = union(capsule([12, 60, z + 3], [13, 72, z + 2], 4), capsule([13, 70, z], [31, 80, z + 3], 4.4), capsule([13, 72, z], [3, 82, z - 4], 3.6));
    arches.push(bothSides(left), capsule([0, 82, z - 4], [0, 97, z - 18], 3));
  }
  return {
    bodies: union(...bodies), arches: union(...arches),
    discs: { distance: (x, y) => Math.hypot(x / 1.1, y - 47) - 13.5, bounds: { low: [-18, 32, -200], high: [18, 62, 170] } },
    canal: { distance: (x, y) => Math.hypot(x, (y - 68) * 1.1) - 8.4, bounds: { low: [-10, 58, -200], high: [10, 78, 170] } },
  };
}

function shoulder(): Shape {
  const blade = loft([ellipse(-22, 84, 94, 6, 2.4, -16, 12), ellipse(20, 92, 94, 24, 2.6, -24, 12), ellipse(66, 102, 86, 36, 3, -34, 12), ellipse(92, 112, 74, 36, 4, -42, 12), ellipse(108, 122, 56, 22, 4, -40, 12)], 2);
  const ridge = tube([[92, 104, 72, 3.4], [120, 88, 92, 4], [146, 56, 112, 6], [158, 26, 124, 7]]);
  const glenoid = ellipsoid([140, 36, 104], [8, 13, 15], 20);
  return bothSides(blend(5, blade, ridge, glenoid));
}

type Bones = (name: string, shape: Shape, cortex: number, kind?: 'rib' | 'cortical') => L[];

/** Cortex around spongy bone. */
function bonePainter(seed: number): { bones: Bones } {
  const spongy = fractal(seed + 305, 5, 3, 0.7);
  const beam = noise(seed + 306, 14);
  const texture = (x: number, y: number, z: number): number => 0.8 * spongy(x, y, z) + 0.6 * beam(x, y, z);
  return {
    bones: (name, shape, cortex, kind = 'cortical') => [
      { name: `${name} cortex`, shape, tissue: kind },
      { name: `${name} marrow`, shape: offset(shape, -cortex), tissue: kind === 'rib' ? 'ribMarrow' : 'marrow', texture, soft: 0.8 },
    ],
  };
}

/** Skin, fat, muscles and bones of the chest. */
export function wallLayers(plan: ChestPlan): L[] {
  const { seed } = plan;
  const inner = cage();
  const body = bodyOutline(plan);
  const fibre = noise(seed + 301, 6, [2, 2, 3]);
  const streaks = sheets(noise(seed + 302, 13), 0.14);
  const muscleTexture = (x: number, y: number, z: number): number => 0.5 * fibre(x, y, z) + 3.4 * streaks(x, y, z);
  const septa = sheets(noise(seed + 303, 16), 0.1);
  const fat = (x: number, y: number, z: number): number => 0.5 * fibre(x, y, z) - 2.4 * septa(x, y, z);
  const wobble = fractal(seed + 304, 30, 2);
  const muscle = (name: string, shape: Shape): L[] => {
    const uneven = rough(shape, wobble, 1.2);
    return [
      { name: `${name} plane`, shape: offset(uneven, 1), tissue: 'fat' },
      { name, shape: uneven, tissue: 'muscle', texture: muscleTexture },
    ];
  };
  const { bone, cartilage } = ribs(inner);
  const blade = shoulder();
  const sternum = loft([ellipse(-92, 0, -102, 5, 3, 0, 12), ellipse(-66, 0, -101, 14, 5, 0, 12), ellipse(-20, 0, -96, 16, 5.5, 0, 12), ellipse(34, 0, -86, 15, 5.5, 0, 12), ellipse(52, 0, -77, 24, 6.5, 0, 12), ellipse(74, 0, -65, 26, 7, 0, 12)], 3);
  const clavicle = bothSides(tube([[16, -66, 76, 7], [46, -66, 86, 6], [92, -42, 102, 5.5], [126, -6, 118, 6], [150, 16, 126, 6]]));
  const humerus = bothSides(blend(6, ellipsoid([164, 18, 112], [21, 21, 21]), tube([[166, 16, 118, 16], [172, 0, 150, 13], [176, -10, 190, 12]])));
  const { bones } = bonePainter(seed);
  const backMuscle = bothSides(loft([ellipse(-190, 30, 84, 24, 15, -8), ellipse(-100, 29, 87, 22, 13, -8), ellipse(20, 26, 88, 18, 12, -8), ellipse(130, 22, 78, 18, 18)], 2));
  return [
    { name: 'skin', shape: body, tissue: 'skin' },
    { name: 'subcutaneous fat', shape: offset(body, -2), tissue: 'fat', texture: fat },
    ...(plan.sex === 'F' ? [breastTissue(seed)] : []),
    ...muscle('trapezius', intersect(bothSides(loft([ellipse(-60, 10, 100, 12, 4, -8), ellipse(30, 34, 106, 36, 5, -10), ellipse(100, 50, 98, 56, 9, -22), ellipse(150, 52, 72, 50, 14, -30)], 3)), offset(body, -5))),
    ...muscle('latissimus', bothSides(loft([ellipse(-180, 128, 46, 8, 34, 36), ellipse(-80, 138, 46, 9, 34, 34), ellipse(0, 142, 50, 12, 30, 34), ellipse(70, 148, 54, 17, 26, 30)], 4))),
    ...muscle('infraspinatus', bothSides(loft([ellipse(-10, 92, 101, 14, 6, -22), ellipse(40, 100, 100, 32, 10, -28), ellipse(88, 122, 84, 40, 13, -40), ellipse(112, 140, 56, 28, 16, -40)], 4))),
    ...muscle('subscapularis', bothSides(loft([ellipse(0, 92, 86, 18, 5, -26), ellipse(50, 100, 78, 32, 10, -32), ellipse(90, 108, 60, 36, 14, -40), ellipse(112, 120, 40, 24, 14, -40)], 4))),
    ...muscle('deltoid', bothSides(shell(ellipsoid([166, 16, 112], [33, 35, 44]), 14))),
    ...muscle('pectoralis major', intersect(bothSides(loft([ellipse(-44, 66, -106, 34, 5, 16), ellipse(0, 70, -104, 50, 8, 17), ellipse(50, 84, -92, 58, 11, 21), ellipse(86, 104, -72, 54, 12, 28)], 4)), offset(body, -5))),
    ...muscle('pectoralis minor', bothSides(loft([ellipse(0, 92, -80, 24, 4, 30), ellipse(44, 96, -72, 26, 6, 30), ellipse(90, 108, -46, 20, 9, 35)], 3))),
    ...muscle('erector spinae', backMuscle),
    { name: 'intercostal fat', shape: offset(inner, 9.5), tissue: 'fat', texture: fat },
    { name: 'serratus', shape: offset(inner, 8.6), tissue: 'muscle', texture: muscleTexture, soft: 1 },
    { name: 'extrapleural fat', shape: offset(inner, 1.6), tissue: 'fat' },
    { name: 'cartilage', shape: cartilage, tissue: 'cartilage', texture: fibre },
    ...bones('ribs', bone, 1.3, 'rib'),
    ...bones('sternum', sternum, 1.2, 'rib'),
    ...bones('clavicle', clavicle, 2),
    ...bones('scapula', blade, 1.5),
    ...bones('humerus', humerus, 2),
  ];
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

function breastTissue(seed: number): L {
  const lace = fractal(seed + 307, 22, 3);
  const tissue = rough(bothSides(ellipsoid([76, -118, -44], [34, 20, 34])), lace, 7);
  return { name: 'breast gland', shape: tissue, tissue: 'gland', texture: noise(seed + 308, 6), soft: 2 };
}

/** The table with its mattress. */
export function tableLayers(): L[] {
  const curve = (x: number, y: number): number => Math.hypot(x, y + 260) - 382;
  const slab = (from: number, to: number): Shape => ({
    distance: (x, y) => Math.max(from - curve(x, y), curve(x, y) - to, Math.abs(x) - 212),
    bounds: { low: [-214, 20, -400], high: [214, 150, 400] },
  });
  return [
    { name: 'mattress', shape: slab(-10, 0), tissue: 'mattress' },
    { name: 'table shell', shape: slab(0, 17), tissue: 'tableShell' },
    { name: 'table foam', shape: slab(1.4, 15.6), tissue: 'tableFoam' },
  ];
}
