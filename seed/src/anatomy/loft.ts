import { type Box, type Shape, tuples } from './shape.ts';

export type Point = readonly [number, number];
/** A closed contour at one height; all contours of a loft have as many points, in the same order. */
export interface Contour {
  readonly z: number;
  readonly points: readonly Point[];
}

/** Contours as an atlas would list them: a height, and points as text: `0 -72, 34 -92`. */
export type Drawing = readonly (readonly [z: number, points: string])[];

export const drawn = (rows: Drawing): Contour[] =>
  rows.map(([z, text]) => ({ z, points: tuples(text) as [number, number][] }));

/** The other half of a contour that is drawn for x >= 0 from front to back. */
export function symmetric(points: readonly Point[]): Point[] {
  const other = points.filter(([x]) => Math.abs(x) > 1e-6).map(([x, y]): Point => [-x, y]);
  return [...points, ...other.reverse()];
}

/** Contours of which the left half is drawn, from front to back. */
export const drawnHalf = (rows: Drawing): Contour[] =>
  drawn(rows).map(({ z, points }) => ({ z, points: symmetric(points) }));

/** An ellipse as a contour: centre, half axes, turn in degrees. */
export function ellipse(z: number, cx: number, cy: number, rx: number, ry: number, turn = 0, count = 16): Contour {
  const [c, s] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const points = Array.from({ length: count }, (_, i): Point => {
    const a = (2 * Math.PI * i) / count;
    const [x, y] = [rx * Math.cos(a), ry * Math.sin(a)];
    return [cx + c * x - s * y, cy + s * x + c * y];
  });
  return { z, points };
}

/** Contours from a table of ellipses: `z x y rx ry turn` each. */
export const ellipses = (table: string): Contour[] =>
  tuples(table).map(([z, x, y, rx, ry, turn = 0]) => ellipse(z!, x!, y!, rx!, ry!, turn, 12));

const catmullRom = (a: number, b: number, c: number, d: number, t: number): number =>
  b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

function contourAt(contours: readonly Contour[], z: number): Point[] {
  const last = contours.length - 1;
  let i = 0;
  while (i < last - 1 && z > contours[i + 1]!.z) i++;
  const [b, c] = [contours[i]!, contours[Math.min(i + 1, last)]!];
  const [a, d] = [contours[Math.max(i - 1, 0)]!, contours[Math.min(i + 2, last)]!];
  const t = c.z === b.z ? 0 : Math.min(1, Math.max(0, (z - b.z) / (c.z - b.z)));
  return b.points.map((p, k): Point => {
    const [q, r, s] = [a.points[k]!, c.points[k]!, d.points[k]!];
    return [catmullRom(q[0], p[0], r[0], s[0], t), catmullRom(q[1], p[1], r[1], s[1], t)];
  });
}

/** x0, y0, x1, y1, … of the contour rounded by a Catmull-Rom curve. */
function rounded(points: readonly Point[], pieces: number): Float64Array {
  const n = points.length;
  const out = new Float64Array(n * pieces * 2);
  for (let i = 0; i < n; i++) {
    const [a, b, c, d] = [points[(i + n - 1) % n]!, points[i]!, points[(i + 1) % n]!, points[(i + 2) % n]!];
    for (let k = 0; k < pieces; k++) {
      out[(i * pieces + k) * 2] = catmullRom(a[0], b[0], c[0], d[0], k / pieces);
      out[(i * pieces + k) * 2 + 1] = catmullRom(a[1], b[1], c[1], d[1], k / pieces);
    }
  }
  return out;
}

function polygonDistance(polygon: Float64Array, x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let inside = false;
  const n = polygon.length;
  let ax = polygon[n - 2]!;
  let ay = polygon[n - 1]!;
  for (let i = 0; i < n; i += 2) {
    const bx = polygon[i]!;
    const by = polygon[i + 1]!;
    const ex = bx - ax;
    const ey = by - ay;
    const px = x - ax;
    const py = y - ay;
    let h = (px * ex + py * ey) / (ex * ex + ey * ey || 1);
    h = h < 0 ? 0 : h > 1 ? 1 : h;
    const d = (px - h * ex) ** 2 + (py - h * ey) ** 2;
    if (d < nearest) nearest = d;
    if (ay > y !== by > y && x < ax + (ex * (y - ay)) / ey) inside = !inside;
    ax = bx;
    ay = by;
  }
  return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
}

const STEP = 0.5;

/**
 * The solid through contours at several heights (as an atlas draws an organ slice by slice), with `cap` mm of rounding
 * at both ends.
 */
export function loft(contours: readonly Contour[], cap = 0): Shape {
  const sorted = [...contours].sort((a, b) => a.z - b.z);
  const low = sorted[0]!.z;
  const high = sorted.at(-1)!.z;
  const count = sorted[0]!.points.length;
  const pieces = count <= 8 ? 4 : count <= 14 ? 3 : 2;
  const cache = new Map<number, Float64Array>();
  const polygonAt = (z: number): Float64Array => {
    const key = Math.round(z / STEP);
    const hit = cache.get(key);
    if (hit) return hit;
    const made = rounded(contourAt(sorted, key * STEP), pieces);
    cache.set(key, made);
    return made;
  };
  const distance = (x: number, y: number, z: number): number => {
    const height = z < low + cap ? low + cap : z > high - cap ? high - cap : z;
    const flat = polygonDistance(polygonAt(height), x, y);
    const beyond = Math.abs(z - height);
    if (beyond === 0) return flat;
    if (cap === 0) return flat > 0 ? Math.hypot(flat, beyond) : beyond;
    const in_ = flat + cap;
    return in_ > 0 ? Math.hypot(in_, beyond) - cap : beyond - cap;
  };
  return { distance, bounds: boundsOf(sorted, low, high) };
}

function boundsOf(contours: readonly Contour[], low: number, high: number): Box {
  const xs = contours.flatMap((contour) => contour.points.map(([x]) => x));
  const ys = contours.flatMap((contour) => contour.points.map(([, y]) => y));
  // Catmull-Rom curves leave the hull of their points by a little.
  const swell = 3;
  return {
    low: [Math.min(...xs) - swell, Math.min(...ys) - swell, low],
    high: [Math.max(...xs) + swell, Math.max(...ys) + swell, high],
  };
}
