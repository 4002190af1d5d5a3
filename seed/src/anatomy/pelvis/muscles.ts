import { type Drawing, drawn, ellipses, loft } from '../loft.ts';
import { fractal, noise, sheets } from '../noise.ts';
import type { Layer } from '../raster.ts';
import { bothSides, ellipsoid, offset, rough, type Shape } from '../shape.ts';
import type { PelvisTissue } from './tissues.ts';

const side = (contours: Drawing): Shape => bothSides(loft(drawn(contours), 4));
const rods = (table: string): Shape => bothSides(loft(ellipses(table), 4));

/** Muscles of hip and pelvic wall, front to back. */
export function muscles(): Record<string, Shape> {
  return {
    rectusAbdominis: side([
      [8, '3 -60, 12 -66, 20 -62, 20 -56, 10 -54, 4 -55'],
      [45, '2 -80, 18 -84, 36 -82, 38 -75, 20 -74, 3 -74'],
      [130, '2 -94, 22 -98, 46 -95, 48 -87, 24 -87, 3 -86'],
    ]),
    sartorius: rods('-110 72 -74 14 8 25, -50 96 -76 13 8 15, 0 118 -66 12 7 30, 50 134 -48 9 6 45'),
    rectusFemoris: rods('-110 108 -68 19 13, -50 114 -60 17 13, 0 114 -50 11 10, 32 110 -36 6 6'),
    tensorFasciae: rods('-70 140 -52 7 15 -25, -10 142 -46 9 19 -25, 50 140 -40 8 15 -25'),
    vastusLateralis: side([
      [-110, '100 -58, 128 -62, 148 -30, 150 8, 138 30, 122 22, 128 -10, 112 -36'],
      [-50, '112 -44, 136 -44, 150 -20, 151 10, 143 26, 130 18, 134 -8, 120 -26'],
      [-12, '136 -26, 146 -24, 151 -8, 150 6, 147 12, 143 8, 143 -8, 139 -16'],
    ]),
    iliopsoas: rods(
      '-60 98 -8 12 14, -25 92 -34 17 14 15, 5 84 -46 23 15 12, 40 82 -48 25 18 8, 80 80 -36 26 24 20, 125 70 -10 25 25 20',
    ),
    pectineus: rods('-75 66 -44 16 11 20, -25 60 -56 21 11 22, 8 50 -58 17 8 18'),
    adductorLongus: rods('-110 52 -56 17 19, -50 40 -60 15 15, -18 22 -54 8 9'),
    adductorMagnus: rods('-110 58 8 34 28, -70 50 -6 28 26, -38 40 -10 14 15'),
    obturatorExternus: side([
      [-34, '28 -30, 46 -34, 72 -20, 92 8, 84 16, 62 4, 44 -10, 32 -18'],
      [-12, '36 -34, 54 -40, 74 -28, 92 2, 86 12, 70 0, 56 -12, 46 -22'],
      [2, '50 -30, 62 -34, 72 -26, 80 -12, 76 -4, 68 -10, 60 -18, 54 -22'],
    ]),
    obturatorInternus: side([
      [-34, '24 -22, 34 -20, 46 -4, 51 12, 47 24, 41 20, 39 8, 30 -8'],
      [-16, '25 -32, 36 -31, 50 -12, 55 10, 53 28, 45 30, 42 10, 32 -14'],
      [0, '29 -37, 41 -35, 54 -18, 59 8, 57 36, 47 44, 44 16, 37 -14'],
      [26, '42 -32, 52 -27, 60 -12, 63 10, 61 34, 51 42, 49 16, 47 -10'],
      [55, '60 -30, 68 -26, 72 -10, 73 8, 70 24, 63 30, 62 8, 62 -12'],
    ]),
    quadratusFemoris: side([
      [-42, '70 34, 92 30, 116 22, 120 28, 100 42, 74 44'],
      [-14, '72 30, 94 28, 116 24, 120 30, 100 40, 76 42'],
    ]),
    externalRotators: side([
      [-4, '66 46, 84 36, 106 28, 124 26, 124 32, 106 38, 84 46, 68 52'],
      [12, '54 46, 78 36, 106 26, 128 24, 129 34, 106 40, 78 50, 56 56'],
      [30, '56 44, 80 34, 104 26, 126 18, 127 26, 106 36, 80 46, 58 52'],
    ]),
    vastusIntermedius: rods('-110 112 -6 27 25, -55 118 2 25 22, -20 122 2 19 15'),
    hamstrings: rods('-110 84 52 28 18, -60 76 54 18 12, -40 70 50 8 7'),
    gluteusMinimus: side([
      [8, '124 -26, 134 -24, 138 -6, 136 10, 131 8, 131 -8'],
      [40, '112 -38, 126 -34, 134 -14, 128 12, 116 20, 120 -6'],
      [85, '112 -38, 122 -34, 128 -16, 122 4, 114 12, 116 -12'],
    ]),
    gluteusMedius: side([
      [2, '140 -18, 148 -14, 151 4, 148 22, 144 20, 145 0'],
      [40, '130 -44, 144 -36, 151 -8, 140 26, 118 36, 132 8'],
      [90, '122 -48, 138 -42, 146 -12, 132 24, 108 38, 126 2'],
      [125, '120 -50, 132 -46, 138 -16, 124 18, 104 30, 120 -4'],
    ]),
    gluteusMaximus: side([
      [-75, '66 84, 96 66, 126 46, 139 46, 136 66, 116 90, 90 102, 70 100'],
      [-34, '28 88, 54 66, 94 54, 132 38, 149 38, 146 62, 116 92, 66 110'],
      [0, '14 88, 40 70, 82 58, 124 46, 148 44, 142 64, 112 92, 60 112'],
      [40, '8 82, 36 74, 76 64, 108 52, 132 44, 126 66, 96 90, 50 102'],
      [90, '10 86, 32 80, 60 70, 88 58, 104 50, 100 66, 76 84, 42 94'],
      [112, '18 84, 34 80, 52 72, 66 64, 72 62, 70 70, 56 80, 38 86'],
    ]),
    piriformis: side([
      [30, '66 40, 86 34, 112 24, 118 30, 96 46, 72 52'],
      [56, '30 60, 58 46, 92 34, 98 42, 70 58, 38 70'],
      [78, '18 62, 40 52, 60 46, 64 54, 46 64, 24 70'],
    ]),
    sphincter: bothSides(ellipsoid([0, 37, -40], [14, 15, 17])),
  };
}

/** Muscle layers: fibres, streaks of fat, and thin fat planes where neighbours meet. */
export function muscleLayers(seed: number, shapes: Readonly<Record<string, Shape>>): Layer<PelvisTissue>[] {
  const coarse = noise(seed + 3, 12, [1, 1, 4]);
  const fine = noise(seed + 4, 3.2, [1, 1, 5]);
  const streaks = sheets(noise(seed + 5, 13, [1, 1, 4]), 0.13);
  const patches = noise(seed + 6, 20);
  const texture = (x: number, y: number, z: number): number => {
    const p = patches(x, y, z);
    return (
      0.35 * coarse(x, y, z) + 0.4 * fine(x, y, z) - (p > -0.6 ? 2.4 * Math.min(1, p + 0.6) * streaks(x, y, z) : 0)
    );
  };
  const wobble = fractal(seed + 8, 26, 3);
  return Object.entries(shapes).flatMap(([name, shape]): Layer<PelvisTissue>[] => {
    const uneven = rough(offset(shape, 1.9), wobble, 1.1);
    return [
      { name: `${name} plane`, shape: offset(uneven, 0.8), tissue: 'deepFat' },
      { name, shape: uneven, tissue: 'muscle', texture, soft: 0.8 },
    ];
  });
}
