import { createHash } from 'node:crypto';
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
