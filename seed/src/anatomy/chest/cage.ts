import { drawnHalf, loft } from '../loft.ts';
import { bothSides, type Shape, tube, union, type Vec3 } from '../shape.ts';

/** The inside of the rib cage, mm (LPS) about the carina: front, left side, back, level by level. */
export function cage(): Shape {
  return loft(
    drawnHalf([
      [128, '0 0, 10 -2, 22 4, 28 20, 22 36, 10 42, 0 42'],
      [104, '0 -30, 26 -32, 50 -16, 60 16, 48 48, 20 58, 0 52'],
      [76, '0 -54, 34 -58, 76 -40, 95 2, 86 48, 48 76, 0 62'],
      [40, '0 -72, 42 -78, 92 -58, 117 -4, 108 52, 62 88, 0 64'],
      [0, '0 -83, 48 -90, 102 -68, 129 -6, 120 56, 70 93, 0 64'],
      [-60, '0 -88, 54 -98, 112 -74, 137 -6, 128 58, 74 93, 0 62'],
      [-120, '0 -86, 56 -99, 115 -75, 140 -4, 130 58, 74 90, 0 60'],
      [-180, '0 -82, 56 -94, 112 -72, 137 -2, 126 54, 72 86, 0 58'],
    ]),
  );
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
export function ribs(inner: Shape): { bone: Shape; cartilage: Shape } {
  const bone: Shape[] = [];
  const cartilage: Shape[] = [];
  for (let i = 0; i < 12; i++) {
    const top = 108 - 22.5 * i;
    const fall = Math.min(86, 36 + 9 * i);
    const end = i < 7 ? 148 : i < 10 ? 138 - 9 * (i - 7) : 100 - 22 * (i - 10);
    const points: [number, number, number][] = [];
    for (let angle = 22; angle <= end; angle += 7) {
      const t = angle / 180;
      points.push(
        onCage(inner, angle, top - fall * (1 - Math.cos(Math.PI * t ** 1.15)) * 0.62, 3.4) as [number, number, number],
      );
    }
    const head: [number, number, number] = [17, 56, top + 3];
    const chain = [head, ...points];
    // A rib is taller than thick: two parallel rods.
    const tall = i === 0 ? 0.8 : 2.4;
    bone.push(
      tube(chain.map(([x, y, z]) => [x, y, z + tall, 3.1])),
      tube(chain.map(([x, y, z]) => [x, y, z - tall, 3.1])),
    );
    const tip = points.at(-1)!;
    if (i < 10) {
      const sternal: Vec3 =
        i < 7 ? [15, -66 - 3.6 * i - (i > 0 ? 4 : 0), 62 - 20 * i] : [20 + 16 * (i - 6), -98, -66 - 14 * (i - 6)];
      const middle: Vec3 = [
        (tip[0] + sternal[0]) / 2,
        Math.min(tip[1], sternal[1]) + 1,
        Math.min(tip[2], sternal[2]) + 4,
      ];
      cartilage.push(
        tube([
          [...tip, 4.6],
          [...middle, 4.6],
          [...sternal, 4.6],
        ]),
      );
    }
  }
  return { bone: bothSides(union(...bone)), cartilage: bothSides(union(...cartilage)) };
}
