import type { Vec3 } from './shape.ts';

/**
 * Where the voxels of a volume lie in patient space (LPS, mm): PS3.3 C.7.6.2.1.1. `row` is the direction in which the
 * column index grows, `column` that in which the row index grows.
 */
export interface Grid {
  /** Centre of the first voxel of the first slice. */
  readonly origin: Vec3;
  readonly row: Vec3;
  readonly column: Vec3;
  readonly normal: Vec3;
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** Between columns, between rows, between slice centres. */
  readonly spacing: Vec3;
  readonly thickness: number;
}

export interface GridOptions {
  readonly centre: Vec3;
  readonly plane: 'axial' | 'sagittal' | 'coronal';
  /** Degrees about the patient's left-right, anterior-posterior and head-feet axes. */
  readonly tilt?: Vec3;
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** Pixel spacing. */
  readonly pixel: number;
  readonly between: number;
  readonly thickness: number;
}

export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

const planes: Record<GridOptions['plane'], readonly [Vec3, Vec3]> = {
  axial: [
    [1, 0, 0],
    [0, 1, 0],
  ],
  sagittal: [
    [0, 1, 0],
    [0, 0, -1],
  ],
  coronal: [
    [1, 0, 0],
    [0, 0, -1],
  ],
};

function turned(v: Vec3, tilt: Vec3): Vec3 {
  let [x, y, z] = v;
  const [a, b, c] = tilt.map((degrees) => (degrees * Math.PI) / 180) as [number, number, number];
  [y, z] = [Math.cos(a) * y - Math.sin(a) * z, Math.sin(a) * y + Math.cos(a) * z];
  [x, z] = [Math.cos(b) * x + Math.sin(b) * z, -Math.sin(b) * x + Math.cos(b) * z];
  [x, y] = [Math.cos(c) * x - Math.sin(c) * y, Math.sin(c) * x + Math.cos(c) * y];
  return [x, y, z];
}

/** A stack of slices about a centre. */
export function gridOf(options: GridOptions): Grid {
  const tilt = options.tilt ?? [0, 0, 0];
  const [row, column] = planes[options.plane].map((v) => turned(v, tilt)) as [Vec3, Vec3];
  const normal = cross(row, column);
  const half = [(options.columns - 1) / 2, (options.rows - 1) / 2, (options.slices - 1) / 2] as const;
  const spacing: Vec3 = [options.pixel, options.pixel, options.between];
  const origin = options.centre.map(
    (c, i) =>
      c - half[0] * spacing[0] * row[i]! - half[1] * spacing[1] * column[i]! - half[2] * spacing[2] * normal[i]!,
  ) as [number, number, number];
  const { columns, rows, slices, thickness } = options;
  return { origin, row, column, normal, columns, rows, slices, spacing, thickness };
}

/** The centre of the first voxel of a slice: Image Position (Patient). */
export function positionOf(grid: Grid, slice: number): Vec3 {
  const d = slice * grid.spacing[2];
  return [
    grid.origin[0] + d * grid.normal[0],
    grid.origin[1] + d * grid.normal[1],
    grid.origin[2] + d * grid.normal[2],
  ];
}
