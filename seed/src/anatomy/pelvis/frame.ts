import { bake } from '../bake.ts';
import { type Drawing, drawnHalf, loft } from '../loft.ts';
import type { Shape } from '../shape.ts';

/** The outside of an ordinary adult's pelvis, mm (LPS) about the middle of the prostate. */
const outline: Drawing = [
  [-110, '0 -72, 34 -92, 76 -104, 124 -94, 154 -60, 164 -12, 158 42, 132 86, 94 106, 52 104, 20 88, 0 66'],
  [-62, '0 -86, 34 -98, 76 -106, 128 -94, 158 -60, 169 -10, 165 44, 142 92, 100 118, 56 122, 24 110, 0 84'],
  [-30, '0 -96, 36 -100, 82 -104, 132 -88, 163 -50, 174 0, 169 48, 146 96, 104 124, 60 131, 26 122, 0 96'],
  [0, '0 -94, 40 -98, 90 -100, 138 -80, 168 -40, 177 4, 170 52, 146 98, 104 124, 62 132, 26 125, 0 106'],
  [40, '0 -100, 44 -104, 96 -102, 142 -78, 170 -36, 176 6, 164 52, 134 92, 94 114, 56 120, 24 116, 0 108'],
  [80, '0 -110, 46 -112, 98 -108, 144 -80, 168 -36, 170 8, 152 52, 120 84, 84 102, 50 108, 22 108, 0 106'],
  [130, '0 -118, 48 -118, 100 -110, 142 -82, 162 -38, 162 8, 142 52, 110 80, 76 94, 46 100, 20 101, 0 99'],
];

/** The funnel of the levator ani, closed behind the rectum and open in front of the prostate. */
export function levator(): Shape {
  const funnel = loft(
    drawnHalf([
      [-44, '0 14, 8 18, 13 32, 11 46, 5 52, 0 53'],
      [-30, '0 -22, 12 -18, 15 4, 16 30, 10 46, 0 51'],
      [-14, '0 -32, 18 -28, 23 -6, 25 26, 15 50, 0 57'],
      [2, '0 -40, 25 -33, 31 -5, 33 30, 20 56, 0 64'],
      [18, '0 -44, 40 -28, 45 0, 44 38, 24 66, 0 73'],
    ]),
  );
  return {
    distance: (x, y, z) => {
      const d = funnel.distance(x, y, z);
      const thin = 2.3 + 0.8 * Math.sin(z * 0.21 + x * 0.09) * Math.cos(y * 0.13);
      // Above z = 20 mm it has met the obturator fascia; in front it ends at the pubis.
      return Math.max(Math.abs(d) - thin, -30 - y + Math.abs(x) * 0.1, z - 17);
    },
    bounds: funnel.bounds,
  };
}

export interface FrameShapes {
  readonly body: Shape;
  readonly interior: Shape;
}

export function frame(): FrameShapes {
  const body = bake(loft(drawnHalf(outline)), { step: 5, band: 34 });
  // Subcutaneous fat is thicker over the buttocks than in front and at the sides.
  const interior: Shape = {
    distance: (x, y, z) => {
      const d = body.distance(x, y, z);
      const depth = 13 + 9 * smooth((y - 40) / 60) + 4 * smooth((-y - 50) / 40);
      return d + depth;
    },
    bounds: body.bounds,
  };
  return { body, interior };
}

const smooth = (t: number): number => {
  const c = t < 0 ? 0 : t > 1 ? 1 : t;
  return c * c * (3 - 2 * c);
};
