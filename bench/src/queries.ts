import type { ArchivePeer } from './archive-peer.ts';
import {
  type CorpusPlan,
  dateOf,
  familyOf,
  instanceUid,
  makeInstance,
  seriesUid,
  studyCount,
  studyUid,
} from './corpus.ts';
import { concurrently, get, store, time } from './load.ts';

export const queryPlan = (instances: number): CorpusPlan => ({
  instances,
  perSeries: 100,
  seriesPerStudy: 2,
  size: 16,
  root: '1.2.826.0.1.3680043.10.1.2',
});

const CONNECTIONS = 4;
const PER_REQUEST = 50;
const RUNS = 60;

/** Fills an archive with small instances; instances per second. */
export async function fill(peer: ArchivePeer, plan: CorpusPlan): Promise<number> {
  const began = performance.now();
  await concurrently(plan.instances / PER_REQUEST, CONNECTIONS, async (n) => {
    const files = Array.from({ length: PER_REQUEST }, (_, i) => makeInstance(plan, n * PER_REQUEST + i).file);
    await store(peer, files, CONNECTIONS);
  });
  return (plan.instances / (performance.now() - began)) * 1000;
}

/** The searches, each with another value every time. */
export function searches(plan: CorpusPlan): readonly (readonly [what: string, path: (n: number) => string])[] {
  const studies = studyCount(plan);
  const study = (n: number): number => (n * 7_919) % studies;
  const seriesOf = (n: number): number => study(n) * plan.seriesPerStudy;
  const week = (n: number): string => {
    const from = dateOf(study(n));
    const until = new Date(Date.UTC(Number(from.slice(0, 4)), Number(from.slice(4, 6)) - 1, Number(from.slice(6)) + 7));
    return `${from}-${until.toISOString().slice(0, 10).replaceAll('-', '')}`;
  };
  return [
    ['studies by date range', (n) => `/studies?StudyDate=${week(n)}&limit=100`],
    ['studies by name prefix', (n) => `/studies?PatientName=${familyOf(study(n))}*&limit=100`],
    ['studies by UID', (n) => `/studies?StudyInstanceUID=${studyUid(plan, study(n))}`],
    ['series of a study', (n) => `/studies/${studyUid(plan, study(n))}/series`],
    ['series by UID', (n) => `/series?SeriesInstanceUID=${seriesUid(plan, seriesOf(n))}`],
    ['series by modality and date range', (n) => `/series?Modality=CT&StudyDate=${week(n)}&limit=100`],
    [
      'instances of a series',
      (n) => `/studies/${studyUid(plan, study(n))}/series/${seriesUid(plan, seriesOf(n))}/instances`,
    ],
    ['instances by UID', (n) => `/instances?SOPInstanceUID=${instanceUid(plan, (n * 7_919) % plan.instances)}`],
  ];
}

/** Milliseconds, p95, of each search. */
export async function measureSearches(peer: ArchivePeer, plan: CorpusPlan): Promise<Map<string, number>> {
  const results = new Map<string, number>();
  for (const [what, path] of searches(plan)) {
    await time(3, (n) => get(peer, path(n + 1_000), 'application/dicom+json'));
    results.set(what, (await time(RUNS, (n) => get(peer, path(n), 'application/dicom+json'))).p95);
  }
  return results;
}
