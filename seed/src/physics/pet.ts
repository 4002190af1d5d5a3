import { fillNormal } from '../random.ts';
import { blurred } from './magnitude.ts';

/** Resolution of the camera, mm full width at half maximum. */
const FWHM = 6.2;

/**
 * Activity slices (SUV) as a camera reconstructs them: blurred in plane and across slices, with noise that grows with
 * the root of the counts and is as coarse as the resolution.
 */
export function petSlices(
  uptake: readonly Float32Array[],
  rows: number,
  columns: number,
  pixel: number,
  between: number,
  seed: string,
): Float32Array[] {
  const sigma = FWHM / 2.355;
  const soft = uptake.map((plane) => blurred(plane, rows, columns, sigma / pixel));
  const along = Math.exp(-(between ** 2) / (2 * sigma ** 2));
  return soft.map((plane, s) => {
    const before = soft[s - 1] ?? plane;
    const after = soft[s + 1] ?? plane;
    const white = new Float32Array(plane.length);
    fillNormal(white, `${seed}/${s}`);
    const grain = blurred(white, rows, columns, 0.95);
    return plane.map((value, i) => {
      const mean = (value + along * (before[i]! + after[i]!)) / (1 + 2 * along);
      return Math.max(0, mean + 0.34 * grain[i]! * Math.sqrt(0.03 + mean));
    });
  });
}
