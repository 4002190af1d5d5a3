import { firstNumber, numbersOf, readPart10 } from '@isocenter/dicom';
import { describe, expect, it } from 'vitest';
import { demoStudies } from '../patients.ts';
import type { Series } from './study.ts';
import { filesOf } from './write.ts';

type DataSet = ReturnType<typeof readPart10>['dataSet'];

/** A patient with a lesion on the left, restricted in diffusion. */
const { series } = demoStudies().find(({ study }) => study.description === 'MRI prostate short protocol')!;
const numbered = (number: number): Series => series.find((one) => one.number === number)!;
const dataSetsOf = async (one: Series): Promise<DataSet[]> => {
  const found: DataSet[] = [];
  for await (const file of filesOf(one)) found.push(readPart10(file).dataSet);
  return found;
};
const pixelsOf = (dataSet: DataSet) => new Uint16Array(dataSet.elements.get(0x7fe00010)!.value!.slice().buffer);

/** Least squares on the logarithm: 10^-6 mm^2/s. */
function fitted(bValues: readonly number[], counts: readonly number[]): number {
  const logs = counts.map(Math.log);
  const b = bValues.reduce((sum, v) => sum + v) / bValues.length;
  const y = logs.reduce((sum, v) => sum + v) / logs.length;
  const covariance = bValues.reduce((sum, v, i) => sum + (v - b) * (logs[i]! - y), 0);
  return (-1e6 * covariance) / bValues.reduce((sum, v) => sum + (v - b) ** 2, 0);
}

/** Least value of a map's 3 x 3 means over the back of one side of the gland. */
function darkest(map: Uint16Array, columns: number, position: readonly number[], pixel: number, side: 1 | -1): number {
  let low = Number.POSITIVE_INFINITY;
  for (let y = 4; y <= 12; y++) {
    for (let x = 9; x <= 19; x++) {
      const column = Math.round((side * x - position[0]!) / pixel);
      const row = Math.round((y - position[1]!) / pixel);
      let sum = 0;
      for (let j = -1; j <= 1; j++) for (let k = -1; k <= 1; k++) sum += map[(row + j) * columns + column + k]!;
      low = Math.min(low, sum / 9);
    }
  }
  return low;
}

describe('ADC maps', () => {
  it(
    '[OPS-9] are the fit of the diffusion images beside them, and show the lesion',
    async () => {
      const [weighted, maps] = [await dataSetsOf(numbered(4)), await dataSetsOf(numbered(5))];
      const chosen = maps[8]!;
      const position = numbersOf(chosen, 0x00200032);
      const images = weighted.filter((each) => numbersOf(each, 0x00200032).every((v, i) => v === position[i]));
      const bValues = images.map((each) => firstNumber(each, 0x00189087)!);
      expect(bValues).toEqual([50, 400, 800, 1400]);
      const stored = images.map(pixelsOf);
      const map = pixelsOf(chosen);
      let checked = 0;
      for (let i = 0; i < map.length; i++) {
        const counts = stored.map((plane) => plane[i]!);
        // The map was fitted before rounding to integers, which with 60 counts moves the fit by less than 20; below a floor of
        // signal in the first image it is 0.
        if (counts[3]! < 60 || counts[0]! < 90) continue;
        expect(Math.abs(map[i]! - Math.max(0, fitted(bValues, counts)))).toBeLessThan(20);
        checked++;
      }
      expect(checked).toBeGreaterThan(200);
      const columns = firstNumber(chosen, 0x00280011)!;
      const pixel = numbersOf(chosen, 0x00280030)[0]!;
      const [lesion, healthy] = ([1, -1] as const).map((side) => darkest(map, columns, position, pixel, side));
      expect(lesion).toBeLessThan(0.75 * healthy!);
    },
    3 * 60_000,
  );
});
