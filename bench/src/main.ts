import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ArchivePeer } from './archive-peer.ts';
import { benchGuards } from './guards.ts';
import { type ImageResult, imagePlan, measureImages } from './images.ts';
import { startIsocenter } from './isocenter.ts';
import { orthancMissing, startOrthanc } from './orthanc.ts';
import { fill, measureSearches, queryPlan, searches } from './queries.ts';
import { type Measure, printMeasures } from './report.ts';
import { benchTracer } from './tracer.ts';

const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '100000' },
    only: { type: 'string', default: 'images,queries,guards,tracer' },
    entries: { type: 'string', default: '1000000' },
    folder: { type: 'string' },
  },
});

type Start = (folder: string) => Promise<ArchivePeer>;

/** One archive at a time, each in a fresh folder, so that neither takes memory or cores from the other. */
async function alone<T>(start: Start, measure: (peer: ArchivePeer) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(values.folder ?? tmpdir(), 'isocenter-bench-'));
  try {
    const peer = await start(folder);
    try {
      return await measure(peer);
    } finally {
      await peer.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const MIB = 1024 * 1024;

async function benchImages(): Promise<void> {
  const peer = await alone(startOrthanc, measureImages);
  const ours = await alone(startIsocenter, measureImages);
  const line = (
    what: string,
    unit: string,
    key: keyof ImageResult,
    better: Measure['better'],
    goal?: number,
  ): Measure => ({
    what,
    unit,
    ours: ours[key],
    peer: peer[key],
    better,
    ...(goal !== undefined && { goal }),
  });
  printMeasures(`${imagePlan.instances} instances of ${imagePlan.size} x ${imagePlan.size} x 16 bit, 4 connections`, [
    line('STOW-RS, one instance a request', '/s', 'storeOne', 'more', 2),
    line('STOW-RS, ten instances a request', '/s', 'storeTen', 'more', 2),
    line('study metadata, first time, p95', 'ms', 'firstMetadata', 'less', 10),
    line('study metadata, again, p95', 'ms', 'metadata', 'less', 10),
    line('frames', '/s', 'framesPerSecond', 'more', 2),
    line('whole instances', '/s', 'instancesPerSecond', 'more'),
    {
      what: 'memory afterwards',
      unit: 'MiB',
      ours: ours.memoryBytes / MIB,
      peer: peer.memoryBytes / MIB,
      better: 'less',
    },
  ]);
}

async function benchQueries(instances: number): Promise<void> {
  const plan = queryPlan(instances);
  const measure = async (peer: ArchivePeer) => ({
    filled: await fill(peer, plan),
    times: await measureSearches(peer, plan),
    memory: peer.memory(),
  });
  const peer = await alone(startOrthanc, measure);
  const ours = await alone(startIsocenter, measure);
  printMeasures(`QIDO-RS at ${instances} instances, p95`, [
    {
      what: 'small instances stored while filling, 50 a request',
      unit: '/s',
      ours: ours.filled,
      peer: peer.filled,
      better: 'more',
    },
    ...searches(plan).map(
      ([what]): Measure => ({
        what,
        unit: 'ms',
        ours: ours.times.get(what)!,
        peer: peer.times.get(what)!,
        better: 'less',
        goal: 10,
      }),
    ),
    { what: 'memory afterwards', unit: 'MiB', ours: ours.memory / MIB, peer: peer.memory / MIB, better: 'less' },
  ]);
}

const parts = values.only.split(',');
const missing = orthancMissing();
if (missing && (parts.includes('images') || parts.includes('queries')))
  throw new Error(`Nothing to measure against: ${missing}.`);
if (parts.includes('images')) await benchImages();
if (parts.includes('queries')) await benchQueries(Number(values.instances));
if (parts.includes('guards')) await benchGuards(alone);
if (parts.includes('tracer')) await benchTracer(Number(values.entries), values.folder ?? tmpdir());
process.exit(0);
