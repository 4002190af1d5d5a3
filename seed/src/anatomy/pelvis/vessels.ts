import { randomOf } from '../../random.ts';
import { noise } from '../noise.ts';
import type { Layer } from '../raster.ts';
import { bothSides, offset, type Shape, tube, union, type Vec3 } from '../shape.ts';
import type { PelvisPlan } from './plan.ts';
import type { PelvisTissue } from './tissues.ts';

type L = Layer<PelvisTissue>;

/** A bundle of small vessels that wind around a path. */
function bundle(seed: string, path: readonly Vec3[], count: number, spread: number, radius: number): Shape {
  const random = randomOf(seed);
  const vessels: Shape[] = [];
  for (let n = 0; n < count; n++) {
    const phase = random.between(0, 6.28);
    const points = path.map((p, i): [number, number, number, number] => [
      p[0] + spread * Math.cos(phase + i * random.between(0.3, 1.1)) * random.between(0.3, 1),
      p[1] + spread * Math.sin(phase + i * random.between(0.3, 1.1)) * random.between(0.3, 1),
      p[2] + random.between(-1, 1),
      radius * random.between(0.55, 1.15),
    ]);
    vessels.push(tube(points));
  }
  return union(...vessels);
}

export function vesselLayers(plan: PelvisPlan): L[] {
  const { seed } = plan;
  const w = 25 * plan.gland;
  const both = (path: string): Shape => bothSides(tube(path));
  const artery = both('56 -34 130 4.6, 66 -52 80 4.6, 72 -68 40 4.4, 73 -78 5 4.4, 76 -76 -40 4, 82 -62 -110 3.6');
  const vein = both('60 -20 130 6, 66 -38 80 6, 63 -62 40 6, 62 -74 5 5.6, 66 -70 -40 5, 72 -54 -110 4.4');
  const plexus: Shape[] = [
    bundle(
      `dorsal ${seed}`,
      [
        [0, -20, -24],
        [-2, -25, -12],
        [2, -27, 0],
        [0, -28, 10],
        [-3, -28, 20],
      ],
      14,
      8,
      1.5,
    ),
  ];
  const small: Shape[] = [];
  for (const s of [-1, 1]) {
    plexus.push(
      bundle(
        `lateral ${seed} ${s}`,
        [
          [s * (w - 6), -8, -20],
          [s * (w + 3.5), -3, -8],
          [s * (w + 5), 1, 4],
          [s * (w + 4), 3, 16],
          [s * (w + 9), 8, 28],
          [s * (w + 13), 14, 40],
        ],
        9,
        3.4,
        1.15,
      ),
    );
    small.push(
      bundle(
        `bundle ${seed} ${s}`,
        [
          [s * (w - 12), 13, -22],
          [s * (w - 7), 16.5, -10],
          [s * (w - 5), 19, 2],
          [s * (w - 4), 18, 14],
          [s * (w + 4), 20, 26],
        ],
        4,
        2.3,
        0.85,
      ),
    );
    small.push(
      bundle(
        `internal ${seed} ${s}`,
        [
          [s * 44, 32, -6],
          [s * 46, 38, 14],
          [s * 50, 36, 30],
          [s * 52, 34, 50],
          [s * 48, 30, 90],
        ],
        5,
        6,
        1.7,
      ),
    );
    small.push(
      bundle(
        `pudendal ${seed} ${s}`,
        [
          [s * 38, 18, -50],
          [s * 42, 28, -30],
          [s * 45, 36, -12],
          [s * 48, 44, 6],
        ],
        3,
        1.8,
        1.1,
      ),
    );
    small.push(
      bundle(
        `mesorectal ${seed} ${s}`,
        [
          [s * 12, 58, -4],
          [s * 16, 62, 14],
          [s * 12, 72, 34],
          [s * 10, 76, 60],
        ],
        4,
        5,
        0.9,
      ),
    );
  }
  const network = union(...plexus);
  const twigs = union(...small);
  const sciatic = both('50 62 70 6, 72 50 34 6.5, 84 46 4 6, 86 46 -40 5.5, 86 40 -110 5');
  const cords = both('26 -82 8 5, 32 -84 -10 6, 30 -92 -40 6.5');
  const cordVessels = union(
    bundle(
      `cord ${seed}`,
      [
        [26, -82, 8],
        [32, -84, -10],
        [30, -92, -40],
      ],
      5,
      3,
      1,
    ),
    bundle(
      `cord- ${seed}`,
      [
        [-26, -82, 8],
        [-32, -84, -10],
        [-30, -92, -40],
      ],
      5,
      3,
      1,
    ),
  );
  return [
    { name: 'sciatic nerve', shape: sciatic, tissue: 'nerve', texture: noise(seed + 61, 2.2, [1, 1, 5]) },
    { name: 'spermatic cord', shape: cords, tissue: 'fascia' },
    { name: 'cord fat', shape: offset(cords, -0.9), tissue: 'deepFat' },
    { name: 'cord vessels', shape: cordVessels, tissue: 'vein' },
    { name: 'femoral wall', shape: union(offset(artery, 1), offset(vein, 0.6)), tissue: 'fascia' },
    { name: 'femoral vein', shape: vein, tissue: 'vein' },
    { name: 'femoral artery', shape: artery, tissue: 'artery' },
    { name: 'venous plexus walls', shape: offset(network, 0.6), tissue: 'fascia' },
    { name: 'venous plexus', shape: network, tissue: 'plexus', texture: noise(seed + 62, 6) },
    { name: 'small vessels', shape: twigs, tissue: 'fascia' },
    { name: 'small vessel lumen', shape: offset(twigs, -0.5), tissue: 'vein' },
  ];
}
