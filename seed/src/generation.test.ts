import { createHash } from 'node:crypto';
import { firstNumber, numbersOf, readPart10 } from '@isocenter/dicom';
import { describe, expect, it } from 'vitest';
import { generateDemo } from './generation.ts';
import { demoStudies } from './patients.ts';
import { filesOf } from './series/write.ts';

const MINUTES = 60_000;
const shortStudy = () => demoStudies().findIndex(({ study }) => study.description === 'MRI prostate short protocol');
const seriesOf = (number: number) => demoStudies()[shortStudy()]!.series.find((one) => one.number === number)!;
const hashOf = (files: readonly Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file);
  return hash.digest('hex');
};

async function inThread(uids: readonly string[]): Promise<Map<string, Uint8Array[]>> {
  const made = new Map<string, Uint8Array[]>();
  await generateDemo({
    wanted: new Set(uids),
    signal: new AbortController().signal,
    threads: 1,
    take: async ({ seriesInstanceUid, files }) => {
      made.set(seriesInstanceUid, [...(made.get(seriesInstanceUid) ?? []), ...files]);
    },
  });
  return made;
}

describe('generated series', () => {
  it(
    '[OPS-9] are the same bytes in another thread, and hold as many instances as announced',
    async () => {
      const [localizer, adc] = [seriesOf(1), seriesOf(5)];
      const made = await inThread([localizer.seriesInstanceUid, adc.seriesInstanceUid]);
      for (const one of [localizer, adc]) {
        const here: Uint8Array[] = [];
        for await (const file of filesOf(one)) here.push(file);
        const there = made.get(one.seriesInstanceUid)!;
        expect(there).toHaveLength(one.instanceCount);
        expect(hashOf(here)).toBe(hashOf(there));
      }
    },
    3 * MINUTES,
  );

  it(
    '[OPS-9] have ADC maps that fit the diffusion images, also where a lesion restricts it',
    async () => {
      const made = await inThread([seriesOf(4).seriesInstanceUid, seriesOf(5).seriesInstanceUid]);
      const weighted = made.get(seriesOf(4).seriesInstanceUid)!.map((file) => readPart10(file).dataSet);
      const maps = made.get(seriesOf(5).seriesInstanceUid)!.map((file) => readPart10(file).dataSet);
      const pixelsOf = (dataSet: (typeof maps)[number]) =>
        new Uint16Array(dataSet.elements.get(0x7fe00010)!.value!.slice().buffer);
      const slice = 9;
      const position = numbersOf(maps[slice]!, 0x00200032);
      const images = weighted.filter((dataSet) => numbersOf(dataSet, 0x00200032).every((v, i) => v === position[i]));
      const bValues = images.map((dataSet) => firstNumber(dataSet, 0x00189087)!);
      expect(bValues).toEqual([50, 400, 800, 1400]);
      const stored = images.map(pixelsOf);
      const map = pixelsOf(maps[slice]!);
      const mean = bValues.reduce((a, b) => a + b) / 4;
      let checked = 0;
      for (let i = 0; i < map.length; i++) {
        // Where the weakest image still has many counts, rounding to integers matters little; below a floor the map is 0.
        if (stored[3]![i]! < 60 || stored[0]![i]! < 90) continue;
        const logs = stored.map((plane) => Math.log(plane[i]!));
        const average = logs.reduce((a, b) => a + b) / 4;
        const slope =
          bValues.reduce((s, b, k) => s + (b - mean) * (logs[k]! - average), 0) /
          bValues.reduce((s, b) => s + (b - mean) ** 2, 0);
        expect(Math.abs(map[i]! + slope * 1e6)).toBeLessThan(20);
        checked++;
      }
      expect(checked).toBeGreaterThan(200);
      // The gland is darker in the lesion on the left than on the healthy side, some centimetres apart.
      const column = (mm: number) => Math.round((mm - position[0]!) / 1.375);
      const row = (mm: number) => Math.round((mm - position[1]!) / 1.375);
      const at = (x: number, y: number) => {
        let sum = 0;
        for (let j = -1; j <= 1; j++) for (let k = -1; k <= 1; k++) sum += map[(row(y) + j) * 160 + column(x) + k]!;
        return sum / 9;
      };
      expect(at(15, 8)).toBeLessThan(0.75 * at(-15, 8));
    },
    3 * MINUTES,
  );

  it('[OPS-9] stop being generated when told so', async () => {
    const ending = new AbortController();
    const ending1 = new Error('enough');
    const running = generateDemo({
      wanted: new Set([seriesOf(2).seriesInstanceUid]),
      signal: ending.signal,
      threads: 1,
      take: async () => undefined,
    });
    ending.abort(ending1);
    await expect(running).rejects.toBe(ending1);
  });

  it(
    '[OPS-9] fail as a whole when what takes them fails',
    async () => {
      const full = new Error('the disk is full');
      const running = generateDemo({
        wanted: new Set([
          demoStudies().find(({ study }) => study.person.id === 'CL-200118')!.series[0]!.seriesInstanceUid,
        ]),
        signal: new AbortController().signal,
        take: async () => {
          throw full;
        },
      });
      await expect(running).rejects.toBe(full);
    },
    MINUTES,
  );
});
