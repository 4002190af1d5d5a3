/** Implicit shapes: a signed distance in mm, negative inside, over patient space (LPS: left, posterior, superior). */

export type Vec3 = readonly [number, number, number];
export interface Box {
  readonly low: Vec3;
  readonly high: Vec3;
}
export type Distance = (x: number, y: number, z: number) => number;
export interface Shape {
  /** Exact or nearly so within some mm of the surface; further away only the order of magnitude counts. */
  readonly distance: Distance;
  /** Holds every point with a distance of 0 or less. */
  readonly bounds: Box;
  /** Of a union: what it is made of, so that sampling needn't ask each part everywhere. */
  readonly parts?: readonly Shape[];
  /** Of an offset: the shape that it grows (`by` > 0) or shrinks, so that both share their samples. */
  readonly grows?: { readonly shape: Shape; readonly by: number };
}

export const boxAround = (centre: Vec3, half: Vec3): Box => ({
  low: [centre[0] - half[0], centre[1] - half[1], centre[2] - half[2]],
  high: [centre[0] + half[0], centre[1] + half[1], centre[2] + half[2]],
});
export const hull = (a: Box, b: Box): Box => ({
  low: [Math.min(a.low[0], b.low[0]), Math.min(a.low[1], b.low[1]), Math.min(a.low[2], b.low[2])],
  high: [Math.max(a.high[0], b.high[0]), Math.max(a.high[1], b.high[1]), Math.max(a.high[2], b.high[2])],
});
export const grown = (box: Box, by: number): Box => ({
  low: [box.low[0] - by, box.low[1] - by, box.low[2] - by],
  high: [box.high[0] + by, box.high[1] + by, box.high[2] + by],
});

export function sphere(centre: Vec3, radius: number): Shape {
  const [cx, cy, cz] = centre;
  return {
    distance: (x, y, z) => Math.sqrt((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2) - radius,
    bounds: boxAround(centre, [radius, radius, radius]),
  };
}

/** An ellipsoid, turned about z (`yaw`) and then about x (`pitch`), in degrees. Distance to first order. */
export function ellipsoid(centre: Vec3, radii: Vec3, yaw = 0, pitch = 0): Shape {
  const [cx, cy, cz] = centre;
  const [rx, ry, rz] = radii;
  const [c, s] = [Math.cos((yaw * Math.PI) / 180), Math.sin((yaw * Math.PI) / 180)];
  const [d, t] = [Math.cos((pitch * Math.PI) / 180), Math.sin((pitch * Math.PI) / 180)];
  const reach = Math.max(rx, ry, rz);
  return {
    distance: (x, y, z) => {
      const px = x - cx;
      const py = y - cy;
      const pz = z - cz;
      const qx = c * px + s * py;
      const qy0 = -s * px + c * py;
      const qy = d * qy0 + t * pz;
      const qz = -t * qy0 + d * pz;
      const k0 = Math.sqrt((qx / rx) ** 2 + (qy / ry) ** 2 + (qz / rz) ** 2);
      const k1 = Math.sqrt((qx / (rx * rx)) ** 2 + (qy / (ry * ry)) ** 2 + (qz / (rz * rz)) ** 2);
      return k1 < 1e-9 ? -Math.min(rx, ry, rz) : (k0 * (k0 - 1)) / k1;
    },
    bounds: boxAround(centre, yaw === 0 && pitch === 0 ? radii : [reach, reach, reach]),
  };
}

/** A round cone: a segment whose radius changes evenly from one end to the other. */
export function capsule(from: Vec3, to: Vec3, radius: number, endRadius = radius): Shape {
  const [ax, ay, az] = from;
  const [dx, dy, dz] = [to[0] - ax, to[1] - ay, to[2] - az];
  const inverse = 1 / (dx * dx + dy * dy + dz * dz || 1);
  return {
    distance: (x, y, z) => {
      const px = x - ax;
      const py = y - ay;
      const pz = z - az;
      let h = (px * dx + py * dy + pz * dz) * inverse;
      h = h < 0 ? 0 : h > 1 ? 1 : h;
      return (
        Math.sqrt((px - h * dx) ** 2 + (py - h * dy) ** 2 + (pz - h * dz) ** 2) - (radius + h * (endRadius - radius))
      );
    },
    bounds: hull(boxAround(from, [radius, radius, radius]), boxAround(to, [endRadius, endRadius, endRadius])),
  };
}

/** Numbers of a table: tuples apart by commas, their numbers by blanks. */
export const tuples = (text: string): number[][] =>
  text.split(',').map((tuple) => tuple.trim().split(/\s+/).map(Number));

/** A chain of capsules through points `[x, y, z, radius]`, or such points as text: `0 0 10 2, 0 5 20 2`. */
export function tube(path: string | readonly (readonly [number, number, number, number])[]): Shape {
  const points = typeof path === 'string' ? (tuples(path) as [number, number, number, number][]) : path;
  const parts: Shape[] = [];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    parts.push(capsule([a[0], a[1], a[2]], [b[0], b[1], b[2]], a[3], b[3]));
  }
  return union(...parts);
}

/** A box with rounded edges. */
export function roundedBox(centre: Vec3, half: Vec3, rounding: number): Shape {
  const [cx, cy, cz] = centre;
  const [hx, hy, hz] = [half[0] - rounding, half[1] - rounding, half[2] - rounding];
  return {
    distance: (x, y, z) => {
      const qx = Math.abs(x - cx) - hx;
      const qy = Math.abs(y - cy) - hy;
      const qz = Math.abs(z - cz) - hz;
      const outside = Math.sqrt(Math.max(qx, 0) ** 2 + Math.max(qy, 0) ** 2 + Math.max(qz, 0) ** 2);
      return outside + Math.min(Math.max(qx, qy, qz), 0) - rounding;
    },
    bounds: boxAround(centre, half),
  };
}

export function union(...shapes: readonly Shape[]): Shape {
  const distances = shapes.map((shape) => shape.distance);
  return {
    distance: (x, y, z) => {
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < distances.length; i++) {
        const d = distances[i]!(x, y, z);
        if (d < least) least = d;
      }
      return least;
    },
    bounds: shapes.map((shape) => shape.bounds).reduce(hull),
    parts: shapes.flatMap((shape) => shape.parts ?? [shape]),
  };
}

/** A union whose joints are rounded over `k` mm (polynomial smooth minimum). */
export function blend(k: number, ...shapes: readonly Shape[]): Shape {
  const distances = shapes.map((shape) => shape.distance);
  return {
    distance: (x, y, z) => {
      let sum = distances[0]!(x, y, z);
      for (let i = 1; i < distances.length; i++) {
        const d = distances[i]!(x, y, z);
        const h = Math.max(k - Math.abs(sum - d), 0) / k;
        sum = Math.min(sum, d) - h * h * k * 0.25;
      }
      return sum;
    },
    bounds: grown(shapes.map((shape) => shape.bounds).reduce(hull), k / 4),
  };
}

/** Applies an operation to each part of a union, which stays a union: parts are sampled near themselves only. */
const partwise = (a: Shape, each: (part: Shape) => Shape): Shape => (a.parts ? union(...a.parts.map(each)) : each(a));

export const intersect = (a: Shape, b: Shape | Distance): Shape => {
  if (a.parts) return partwise(a, (part) => intersect(part, b));
  const other = typeof b === 'function' ? b : b.distance;
  return { distance: (x, y, z) => Math.max(a.distance(x, y, z), other(x, y, z)), bounds: a.bounds };
};
export const subtract = (a: Shape, b: Shape | Distance): Shape => {
  if (a.parts) return partwise(a, (part) => subtract(part, b));
  const other = typeof b === 'function' ? b : b.distance;
  return { distance: (x, y, z) => Math.max(a.distance(x, y, z), -other(x, y, z)), bounds: a.bounds };
};
/** Grows (`by` > 0) or shrinks a shape. */
export const offset = (a: Shape, by: number): Shape => ({
  distance: (x, y, z) => a.distance(x, y, z) - by,
  bounds: grown(a.bounds, by),
  grows: { shape: a, by },
  ...(a.parts ? { parts: a.parts.map((part) => offset(part, by)) } : {}),
});
/** The wall of a shape, `thickness` mm to the inside. */
export const shell = (a: Shape, thickness: number): Shape => ({
  distance: (x, y, z) => {
    const d = a.distance(x, y, z);
    return Math.max(d, -d - thickness);
  },
  bounds: a.bounds,
});
/** Moves the surface by a field times `amplitude` mm. */
export const rough = (a: Shape, field: Distance, amplitude: number): Shape =>
  partwise(a, (part) => ({
    distance: (x, y, z) => part.distance(x, y, z) + amplitude * field(x, y, z),
    bounds: grown(part.bounds, 2.5 * amplitude),
  }));
const mirrored = (a: Shape): Shape => ({
  distance: (x, y, z) => a.distance(-x, y, z),
  bounds: {
    low: [-a.bounds.high[0], a.bounds.low[1], a.bounds.low[2]],
    high: [-a.bounds.low[0], a.bounds.high[1], a.bounds.high[2]],
  },
});
/** The shape on the left side (x > 0), on both sides. */
export const bothSides = (a: Shape): Shape => {
  const parts = a.parts ?? [a];
  return union(...parts, ...parts.map(mirrored));
};
export const moved = (a: Shape, by: Vec3): Shape => {
  if (a.parts) return partwise(a, (part) => moved(part, by));
  return {
    distance: (x, y, z) => a.distance(x - by[0], y - by[1], z - by[2]),
    bounds: {
      low: [a.bounds.low[0] + by[0], a.bounds.low[1] + by[1], a.bounds.low[2] + by[2]],
      high: [a.bounds.high[0] + by[0], a.bounds.high[1] + by[1], a.bounds.high[2] + by[2]],
    },
  };
};
