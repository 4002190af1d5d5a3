import { describe, expect, it } from 'vitest';
import { gridOf, positionOf } from './grid.ts';
import { type Layer, rasterise } from './raster.ts';
import { ellipsoid, offset, sphere } from './shape.ts';

const paint = (value: number) => ({ base: [value, 2 * value], gain: [1, 0] });
const sum = (planes: Iterable<Float32Array>, from = 0, to = 1): number => {
  let total = 0;
  for (const plane of planes) for (const v of plane.subarray(plane.length * from, plane.length * to)) total += v;
  return total;
};

describe('the rasteriser', () => {
  for (const tilt of [
    [0, 0, 0],
    [11, 7, 5],
  ] as const) {
    it(`[OPS-9] covers as much as the shape holds, tilted by ${tilt.join(', ')} degrees`, () => {
      const grid = gridOf({
        centre: [0, 0, 0],
        plane: 'axial',
        tilt,
        columns: 64,
        rows: 64,
        slices: 30,
        pixel: 1,
        between: 2,
        thickness: 2,
      });
      const layers: Layer<number>[] = [{ name: 'ball', shape: ellipsoid([2, -3, 1], [20, 14, 17]), tissue: 1 }];
      const covered = sum(rasterise(layers, grid, { channels: 1, paint, subslices: 2 })) * 2;
      expect(covered / ((4 / 3) * Math.PI * 20 * 14 * 17)).toBeCloseTo(1, 2);
    });
  }

  it('[OPS-9] lets later layers cover earlier ones, and shows what is behind where nothing is', () => {
    const grid = gridOf({
      centre: [0, 0, 0],
      plane: 'axial',
      columns: 41,
      rows: 41,
      slices: 1,
      pixel: 1,
      between: 1,
      thickness: 1,
    });
    const ball = sphere([0, 0, 0], 15);
    const layers: Layer<number>[] = [
      { name: 'wall', shape: ball, tissue: 10 },
      { name: 'lumen', shape: offset(ball, -5), tissue: 3 },
      { name: 'stone', shape: sphere([4, 0, 0], 2.5), tissue: 50, texture: () => 0.5 },
    ];
    const [plane] = [...rasterise(layers, grid, { channels: 2, paint, background: [-7, -1] })];
    const at = (x: number, y: number, channel = 0) => plane![channel * 41 * 41 + (y + 20) * 41 + x + 20]!;
    expect(at(-19, 0)).toBeCloseTo(-7, 4);
    expect(at(-12, 0)).toBeCloseTo(10, 4);
    expect(at(0, 5)).toBeCloseTo(3, 4);
    expect(at(4, 0)).toBeCloseTo(50.5, 4);
    expect(at(4, 0, 1)).toBeCloseTo(100, 4);
    // The pixel on the outer surface is half wall, half background.
    expect(at(15, 0)).toBeCloseTo((10 - 7) / 2, 1);
  });

  it('[OPS-9] paints stacked layers of one shape as it paints them apart', () => {
    const grid = gridOf({
      centre: [0, 0, 0],
      plane: 'coronal',
      tilt: [3, 9, 4],
      columns: 50,
      rows: 50,
      slices: 5,
      pixel: 1.1,
      between: 3,
      thickness: 3,
    });
    const ball = sphere([0, 0, 0], 18);
    const together: Layer<number>[] = [
      { name: 'a', shape: ball, tissue: 1 },
      { name: 'b', shape: offset(ball, -3), tissue: 5, soft: 3 },
    ];
    // Another object of the same form is another shape: two jobs instead of one.
    const apart: Layer<number>[] = [together[0]!, { ...together[1]!, shape: offset(sphere([0, 0, 0], 18), -3) }];
    const [one, two] = [together, apart].map((layers) => [
      ...rasterise(layers, grid, { channels: 1, paint, subslices: 2 }),
    ]);
    one!.forEach((plane, i) => {
      expect(Math.max(...plane.map((v, k) => Math.abs(v - two![i]![k]!)))).toBeLessThan(1e-4);
    });
  });
});

describe('a grid', () => {
  for (const plane of ['axial', 'sagittal', 'coronal'] as const) {
    it(`[OPS-9] of ${plane} slices is orthonormal, evenly spaced and centred where it was asked to be`, () => {
      const grid = gridOf({
        centre: [5, -6, 7],
        plane,
        tilt: [4, -3, 8],
        columns: 30,
        rows: 20,
        slices: 9,
        pixel: 0.7,
        between: 3.3,
        thickness: 3,
      });
      const dot = (a: readonly number[], b: readonly number[]) => a.reduce((s, v, i) => s + v * b[i]!, 0);
      for (const [a, b, expected] of [
        [grid.row, grid.row, 1],
        [grid.column, grid.column, 1],
        [grid.row, grid.column, 0],
        [grid.normal, grid.normal, 1],
      ] as const) {
        expect(dot(a, b)).toBeCloseTo(expected, 12);
      }
      const first = positionOf(grid, 0);
      const last = positionOf(grid, 8);
      const along = last.map((v, i) => v - first[i]!);
      expect(dot(along, grid.normal)).toBeCloseTo(8 * 3.3, 9);
      const middle = [0, 1, 2].map(
        (i) => (first[i]! + last[i]!) / 2 + 14.5 * 0.7 * grid.row[i]! + 9.5 * 0.7 * grid.column[i]!,
      );
      middle.forEach((v, i) => {
        expect(v).toBeCloseTo([5, -6, 7][i]!, 9);
      });
    });
  }
});
