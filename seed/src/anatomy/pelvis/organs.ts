import { randomOf } from '../../random.ts';
import { ellipse, loft } from '../loft.ts';
import { fractal, noise, sheets } from '../noise.ts';
import type { Layer } from '../raster.ts';
import {
  bothSides,
  capsule,
  ellipsoid,
  intersect,
  offset,
  rough,
  type Shape,
  shell,
  sphere,
  tube,
  union,
  type Vec3,
} from '../shape.ts';
import type { PelvisPlan } from './plan.ts';
import type { PelvisTissue } from './tissues.ts';

type L = Layer<PelvisTissue>;

export function bladderLayers(plan: PelvisPlan): L[] {
  const f = plan.bladder;
  const lift = 21 * plan.gland;
  const rz = 18 + 18 * f;
  const whole = rough(
    ellipsoid([1, -22 - 4 * f, lift + rz - 4], [30 + 16 * f, 24 + 14 * f, rz]),
    noise(plan.seed + 31, 55),
    2,
  );
  const wall = 5.2 - 2.4 * f;
  return [
    { name: 'bladder wall', shape: whole, tissue: 'bladderWall', texture: noise(plan.seed + 32, 4) },
    { name: 'urine', shape: offset(whole, -wall), tissue: 'urine' },
  ];
}

/** The rectum from the anal canal upwards; gas collects in front, as the patient lies on the back. */
export function rectumLayers(plan: PelvisPlan): L[] {
  const g = plan.gas;
  const outer = loft(
    [
      ellipse(-70, 0, 44, 8, 8),
      ellipse(-44, 0, 35, 8, 9),
      ellipse(-27, 0, 27, 11.5 + 2 * g, 10.5 + 2 * g),
      ellipse(-8, 1, 28 + 4 * g, 15 + 5 * g, 12 + 4 * g),
      ellipse(14, 2, 30 + 4 * g, 17 + 6 * g, 14 + 5 * g),
      ellipse(38, -3, 45, 19 + 4 * g, 16 + 5 * g),
      ellipse(66, 6, 60, 18, 15),
      ellipse(100, 20, 50, 17, 16),
    ],
    6,
  );
  const folded = rough(outer, noise(plan.seed + 41, 26), 1.2);
  const lumen = rough(offset(folded, -4.6), noise(plan.seed + 43, 9), 0.9 + 1.6 * (1 - g));
  const level = noise(plan.seed + 44, 30);
  const gas = intersect(
    offset(lumen, -0.3),
    (x, y, z) => y - (22 + 16 * g + 0.35 * Math.max(0, z) + 2 * level(x, 0, z)),
  );
  const mucosa = noise(plan.seed + 45, 3.5);
  return [
    { name: 'rectal muscle', shape: folded, tissue: 'rectalMuscle', texture: noise(plan.seed + 46, 3) },
    { name: 'rectal mucosa', shape: offset(folded, -2), tissue: 'rectalMucosa', texture: mucosa },
    { name: 'lumen', shape: lumen, tissue: 'stool', texture: fractal(plan.seed + 47, 10, 3) },
    { name: 'gas', shape: gas, tissue: 'gas' },
  ];
}

/** Seminal vesicles: coiled, fluid-filled tubes behind the bladder, joined by the vasa deferentia in the middle. */
export function seminalLayers(plan: PelvisPlan): L[] {
  const random = randomOf(`seminal ${plan.seed}`);
  const k = plan.gland;
  const coils: Shape[] = [];
  for (const side of [-1, 1]) {
    let previous: Vec3 | undefined;
    for (let i = 0; i < 26; i++) {
      const t = i / 25;
      const centre: Vec3 = [
        side * (5 * k + 33 * t + random.between(-2, 2)),
        (15 + 9 * t * t) * k ** 0.5 + 3 * Math.sin(i * 2.1) + random.between(-1.5, 1.5),
        19 * k + 13 * t ** 0.8 + 4.2 * Math.cos(i * 2.1) + random.between(-1.5, 1.5),
      ];
      const radius = 1.9 + 1.3 * Math.sin(Math.PI * Math.min(1, 0.2 + t)) + random.between(-0.3, 0.5);
      coils.push(previous ? capsule(previous, centre, radius) : sphere(centre, radius));
      previous = centre;
    }
  }
  const lumen = union(...coils);
  const folds = sheets(noise(plan.seed + 51, 6.5), 0.3);
  const swell = noise(plan.seed + 52, 10);
  const vas = bothSides(
    tube([
      [3, 8 * k, 17 * k, 2.6],
      [5, 14, 27 * k, 2.9],
      [12, 16, 36 * k, 2.7],
      [26, 12, 48 * k, 2.4],
      [44, 0, 58 * k, 2.2],
    ]),
  );
  return [
    { name: 'seminal walls', shape: offset(lumen, 1.1), tissue: 'seminalWall' },
    {
      name: 'seminal fluid',
      shape: offset(lumen, -0.2),
      tissue: 'seminalFluid',
      texture: (x, y, z) => 0.6 * swell(x, y, z) + 1.6 * folds(x, y, z),
    },
    { name: 'vas', shape: vas, tissue: 'seminalWall' },
    { name: 'vas lumen', shape: offset(vas, -1.9), tissue: 'seminalFluid' },
  ];
}

/** Root of the penis. */
export function perineumLayers(plan: PelvisPlan): L[] {
  const bulb = ellipsoid([0, -2, -46], [11, 13, 12], 0, 20);
  const spongy = capsule([0, -8, -50], [0, -42, -52], 7.5, 6.5);
  const crura = bothSides(tube('36 6 -50 6, 22 -18 -45 7, 9 -42 -38 7.5, 7 -80 -44 8'));
  const texture = noise(plan.seed + 71, 5);
  const sphincter = ellipsoid([0, 1, -33], [14, 15, 4.5]);
  return [
    { name: 'external sphincter', shape: sphincter, tissue: 'levator', texture: noise(plan.seed + 72, 4), soft: 2 },
    { name: 'tunica', shape: union(offset(crura, 1.3), offset(bulb, 1), offset(spongy, 1)), tissue: 'cortical' },
    { name: 'erectile', shape: union(crura, bulb, spongy), tissue: 'erectile', texture },
    { name: 'bulb urethra', shape: shell(capsule([0, -4, -30], [0, -10, -50], 1.8), 1), tissue: 'urethra' },
  ];
}

/** Loops of bowel above the bladder: tubes that wander, each with its own mixture of fluid and gas. */
export function bowelLayers(plan: PelvisPlan): L[] {
  const random = randomOf(`bowel ${plan.seed}`);
  const layers: L[] = [];
  const content = fractal(plan.seed + 55, 9, 3);
  const roof = 26 + 34 * plan.bladder;
  for (let n = 0; n < 16; n++) {
    let at: Vec3 = [random.between(-75, 75), random.between(-70, 25), random.between(roof + 28, 120)];
    let heading = random.between(0, 6.28);
    const radius = random.between(8, 12.5);
    const points: [number, number, number, number][] = [];
    for (let i = 0; i < 9; i++) {
      points.push([...at, radius * random.between(0.85, 1.1)]);
      heading += random.between(-0.9, 0.9);
      const climb = random.between(-0.45, 0.45);
      const clamp = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v));
      at = [
        clamp(at[0] + 10 * Math.cos(heading), -85, 85),
        clamp(at[1] + 10 * Math.sin(heading), -78, 35),
        clamp(at[2] + 10 * climb, roof + 22, 125),
      ];
    }
    const loop = rough(tube(points), noise(plan.seed + 56 + n, 14), 0.9);
    const level = random.between(-60, 20);
    layers.push(
      { name: 'bowel', shape: loop, tissue: 'bowelWall' },
      { name: 'bowel content', shape: offset(loop, -1.9), tissue: 'bowelContent', texture: content },
    );
    if (random.next() < 0.4)
      layers.push({ name: 'bowel air', shape: intersect(offset(loop, -2.2), (_x, y) => y - level), tissue: 'gas' });
  }
  return layers;
}
