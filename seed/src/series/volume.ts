import type { Grid } from '../anatomy/grid.ts';
import { type Layer, rasterise } from '../anatomy/raster.ts';
import { type MagnitudeOptions, magnitude } from '../physics/magnitude.ts';
import { type MrTissue, paintOf, type Sequence } from '../physics/mr.ts';

export interface MrVolumeOptions extends Omit<MagnitudeOptions, 'seed'> {
  readonly seed: string;
  readonly subslices?: number;
  readonly edge?: number;
}

/** Slices of a sequence over a phantom as a scanner gives them: for each slice the planes of its channels. */
export function* mrSlices<Tissue extends string>(
  layers: readonly Layer<Tissue>[],
  tissues: Readonly<Record<Tissue, MrTissue>>,
  sequence: Sequence,
  grid: Grid,
  options: MrVolumeOptions,
): Generator<Float32Array[]> {
  const { seed, subslices = 3, edge = 1, ...scanner } = options;
  const area = grid.rows * grid.columns;
  const paint = (tissue: Tissue) => paintOf(sequence, tissues[tissue]);
  let slice = 0;
  for (const ideal of rasterise(layers, grid, { channels: sequence.channels, paint, subslices, blur: edge })) {
    const at = slice++;
    yield Array.from({ length: sequence.channels }, (_, c) =>
      magnitude(ideal.subarray(c * area, (c + 1) * area), grid, at, { ...scanner, seed: `${seed}/${at}/${c}` }),
    );
  }
}

/**
 * The apparent diffusion coefficient (10^-6 mm^2/s) of a mono-exponential decay, by least squares on the logarithm
 * over all b-values; 0 where the first image has too little signal to tell.
 */
export function adcMap(images: readonly Float32Array[], bValues: readonly number[], floor: number): Float32Array {
  const n = bValues.length;
  const sb = bValues.reduce((a, b) => a + b);
  const sbb = bValues.reduce((a, b) => a + b * b, 0);
  return images[0]!.map((first, i) => {
    if (first < floor) return 0;
    let sy = 0;
    let sby = 0;
    for (let k = 0; k < n; k++) {
      const y = Math.log(Math.max(images[k]![i]!, 1e-6));
      sy += y;
      sby += bValues[k]! * y;
    }
    const slope = (n * sby - sb * sy) / (n * sbb - sb * sb);
    return Math.min(4000, Math.max(0, -slope * 1e6));
  });
}
