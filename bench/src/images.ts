import type { ArchivePeer } from './archive-peer.ts';
import { type CorpusPlan, instanceUid, makeInstance, seriesUid, studyCount, studyUid } from './corpus.ts';
import { concurrently, get, store, time } from './load.ts';

const CONNECTIONS = 4;

export const imagePlan: CorpusPlan = {
  instances: 2_000,
  perSeries: 200,
  seriesPerStudy: 2,
  size: 512,
  root: '1.2.826.0.1.3680043.10.1.1',
};

const tenPlan: CorpusPlan = { ...imagePlan, root: `${imagePlan.root}.10` };

export interface ImageResult {
  /** Instances per second with one, and with ten, in a request. */
  readonly storeOne: number;
  readonly storeTen: number;
  /** Milliseconds, p95. */
  readonly firstMetadata: number;
  readonly metadata: number;
  readonly framesPerSecond: number;
  readonly instancesPerSecond: number;
  readonly memoryBytes: number;
}

/** How fast an archive takes and gives. */
export type Throughput = Pick<ImageResult, 'storeOne' | 'storeTen' | 'framesPerSecond'>;

export async function measureThroughput(peer: ArchivePeer): Promise<Throughput> {
  return {
    storeOne: await measureStore(peer, imagePlan, 1),
    storeTen: await measureStore(peer, tenPlan, 10),
    framesPerSecond: await measureFrames(peer),
  };
}

/** Stores 2,000 CT-sized instances twice over (one and ten in a request), then reads metadata, frames and instances. */
export async function measureImages(peer: ArchivePeer): Promise<ImageResult> {
  const storeOne = await measureStore(peer, imagePlan, 1);
  const storeTen = await measureStore(peer, tenPlan, 10);
  const studies = studyCount(imagePlan);
  const metadataOf = (n: number) =>
    get(peer, `/studies/${studyUid(imagePlan, n % studies)}/metadata`, 'application/dicom+json');
  const first = await time(studies, metadataOf);
  const again = await time(30, metadataOf);
  const frames = await measureFrames(peer);
  const instances = await rate(READS, (n) =>
    get(peer, pathOf(n), 'multipart/related; type="application/dicom"; transfer-syntax=*', CONNECTIONS),
  );
  return {
    storeOne,
    storeTen,
    firstMetadata: first.p95,
    metadata: again.p95,
    framesPerSecond: frames,
    instancesPerSecond: instances,
    memoryBytes: peer.memory(),
  };
}

const READS = 1_000;

const measureFrames = (peer: ArchivePeer): Promise<number> =>
  rate(READS, (n) =>
    get(peer, `${pathOf(n)}/frames/1`, 'multipart/related; type="application/octet-stream"', CONNECTIONS),
  );

async function measureStore(peer: ArchivePeer, plan: CorpusPlan, perRequest: number): Promise<number> {
  // Made before the clock runs, some at a time: making takes longer than storing.
  const rounds = 8;
  const perRound = plan.instances / rounds;
  let ms = 0;
  for (let round = 0; round < rounds; round++) {
    const files = Array.from({ length: perRound }, (_, i) => makeInstance(plan, round * perRound + i).file);
    const began = performance.now();
    await concurrently(perRound / perRequest, CONNECTIONS, (n) =>
      store(peer, files.slice(n * perRequest, (n + 1) * perRequest), CONNECTIONS),
    );
    ms += performance.now() - began;
  }
  return (plan.instances / ms) * 1000;
}

function pathOf(n: number): string {
  const instance = (n * 7_919) % imagePlan.instances;
  const series = Math.floor(instance / imagePlan.perSeries);
  const study = Math.floor(series / imagePlan.seriesPerStudy);
  return `/studies/${studyUid(imagePlan, study)}/series/${seriesUid(imagePlan, series)}/instances/${instanceUid(imagePlan, instance)}`;
}

async function rate(reads: number, read: (n: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await concurrently(reads, CONNECTIONS, async (n) => void (await read(n)));
  return (reads / (performance.now() - began)) * 1000;
}
