import { expect } from 'vitest';
import {
  cleaned,
  foundInstances,
  indexCounts,
  notIntact,
  objectFiles,
  referredObjects,
  spoolLeftovers,
  studyCounts,
} from './inventory.ts';
import type { SupervisedArchive } from './supervised-archive.ts';
import type { SyntheticInstance } from './synthetic-instances.ts';

/** After whatever happened: stops and starts the archive in order, and waits until the cleaner was through. */
export async function settle(archive: SupervisedArchive): Promise<void> {
  await archive.untilReady();
  expect(await archive.restart()).toEqual({ code: 0, signal: null });
  await archive.untilReady();
  await cleaned(archive);
}

/** Each instance comes back byte by byte and is found once, and nothing else is. */
export async function expectAllOnce(
  archive: SupervisedArchive,
  instances: readonly SyntheticInstance[],
): Promise<void> {
  expect(await notIntact(archive, instances)).toEqual([]);
  const uids = instances.map(({ instance }) => instance).sort();
  expect((await foundInstances(archive)).sort()).toEqual(uids);
  const counts = new Map<string, number>();
  for (const { study } of instances) counts.set(study, (counts.get(study) ?? 0) + 1);
  expect(await studyCounts(archive)).toEqual(counts);
}

/** The index counts the same in every way, and nothing claims, waits in the spool, or lies in the store unknown. */
export async function expectNothingElse(
  archive: SupervisedArchive,
  instances: readonly SyntheticInstance[],
  objects = () => objectFiles(archive.dataDir),
): Promise<void> {
  const bytes = instances.reduce((sum, { bytes: { length } }) => sum + length, 0);
  const number = instances.length;
  expect(await indexCounts(archive)).toEqual({
    instances: number,
    uids: number,
    headers: number,
    inSeries: number,
    inStudies: number,
    bytes,
    bytesInStudies: bytes,
    claims: 0,
  });
  const { names, damaged } = await objects();
  expect(damaged).toEqual([]);
  expect(names).toEqual(await referredObjects(archive));
  expect(await spoolLeftovers(archive.dataDir)).toEqual([]);
}
