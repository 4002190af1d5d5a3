import { bake } from '../bake.ts';
import { drawnHalf, ellipses, loft } from '../loft.ts';
import { fractal, noise, sheets } from '../noise.ts';
import type { Layer } from '../raster.ts';
import { blend, bothSides, ellipsoid, intersect, offset, rough, type Shape, shell, tube } from '../shape.ts';
import { bonePainter } from './bone.ts';
import { ribs } from './cage.ts';
import type { ChestPlan } from './plan.ts';
import type { ChestTissue } from './tissues.ts';

type L = Layer<ChestTissue>;

function bodyOutline(plan: ChestPlan): Shape {
  const trunk = loft(
    drawnHalf([
      [160, '0 -62, 32 -60, 66 -34, 110 -4, 134 30, 108 62, 56 84, 0 84'],
      [128, '0 -78, 44 -78, 104 -62, 168 -22, 194 24, 158 74, 72 102, 0 92'],
      [92, '0 -92, 56 -96, 118 -86, 168 -46, 184 18, 154 84, 80 116, 0 102'],
      [40, '0 -110, 62 -118, 126 -104, 164 -54, 172 14, 150 80, 82 116, 0 105'],
      [-20, '0 -117, 62 -126, 124 -110, 164 -58, 172 6, 150 72, 82 112, 0 104'],
      [-90, '0 -122, 62 -128, 122 -112, 162 -58, 170 6, 148 68, 80 107, 0 101'],
      [-185, '0 -120, 62 -124, 120 -108, 158 -54, 166 6, 144 64, 78 103, 0 98'],
    ]),
  );
  const breasts = bothSides(ellipsoid([74, -112, -46], [54, 36, 52], -12));
  return plan.sex === 'F' ? blend(24, trunk, breasts) : trunk;
}

function shoulder(): Shape {
  const blade = loft(
    ellipses('-22 84 94 6 2.4 -16, 20 92 94 24 2.6 -24, 66 102 86 36 3 -34, 92 112 74 36 4 -42, 108 122 56 22 4 -40'),
    2,
  );
  const ridge = tube('92 104 72 3.4, 120 88 92 4, 146 56 112 6, 158 26 124 7');
  const glenoid = ellipsoid([140, 36, 104], [8, 13, 15], 20);
  return bothSides(blend(5, blade, ridge, glenoid));
}

/** Skin, fat, muscles and bones of the chest. */
export function wallLayers(plan: ChestPlan, inner: Shape): L[] {
  const { seed } = plan;
  const body = bake(bodyOutline(plan), { step: 5, band: 8 });
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
  const sternum = loft(
    ellipses(
      '-92 0 -102 5 3 0, -66 0 -101 14 5 0, -20 0 -96 16 5.5 0, 34 0 -86 15 5.5 0, 52 0 -77 24 6.5 0, 74 0 -65 26 7 0',
    ),
    3,
  );
  const clavicle = bothSides(tube('16 -66 76 7, 46 -66 86 6, 92 -42 102 5.5, 126 -6 118 6, 150 16 126 6'));
  const humerus = bothSides(
    blend(6, ellipsoid([164, 18, 112], [21, 21, 21]), tube('166 16 118 16, 172 0 150 13, 176 -10 190 12')),
  );
  const { bones } = bonePainter(seed);
  const backMuscle = bothSides(
    loft(ellipses('-190 30 84 24 15 -8, -100 29 87 22 13 -8, 20 26 88 18 12 -8, 130 22 78 18 18'), 2),
  );
  return [
    { name: 'skin', shape: body, tissue: 'skin' },
    { name: 'subcutaneous fat', shape: offset(body, -2), tissue: 'fat', texture: fat },
    ...(plan.sex === 'F' ? [breastTissue(seed)] : []),
    ...muscle(
      'trapezius',
      intersect(
        bothSides(loft(ellipses('-60 10 100 12 4 -8, 30 34 106 36 5 -10, 100 50 98 56 9 -22, 150 52 72 50 14 -30'), 3)),
        offset(body, -5),
      ),
    ),
    ...muscle(
      'latissimus',
      bothSides(loft(ellipses('-180 128 46 8 34 36, -80 138 46 9 34 34, 0 142 50 12 30 34, 70 148 54 17 26 30'), 4)),
    ),
    ...muscle(
      'infraspinatus',
      bothSides(
        loft(ellipses('-10 92 101 14 6 -22, 40 100 100 32 10 -28, 88 122 84 40 13 -40, 112 140 56 28 16 -40'), 4),
      ),
    ),
    ...muscle(
      'subscapularis',
      bothSides(loft(ellipses('0 92 86 18 5 -26, 50 100 78 32 10 -32, 90 108 60 36 14 -40, 112 120 40 24 14 -40'), 4)),
    ),
    ...muscle('deltoid', bothSides(shell(ellipsoid([166, 16, 112], [33, 35, 44]), 14))),
    ...muscle(
      'pectoralis major',
      intersect(
        bothSides(loft(ellipses('-44 66 -106 34 5 16, 0 70 -104 50 8 17, 50 84 -92 58 11 21, 86 104 -72 54 12 28'), 4)),
        offset(body, -5),
      ),
    ),
    ...muscle(
      'pectoralis minor',
      bothSides(loft(ellipses('0 92 -80 24 4 30, 44 96 -72 26 6 30, 90 108 -46 20 9 35'), 3)),
    ),
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
