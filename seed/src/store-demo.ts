import type { LandingAreas } from './demo-people.ts';
import { type Server, storedSeries, storeFiles } from './dicomweb.ts';
import { generateDemo } from './generation.ts';
import { type DemoStudy, demoStudies } from './patients.ts';
import { studyUid } from './series/study.ts';

/** How far it is. */
export interface DemoProgress {
  readonly instances: number;
  /** To generate now; what was there already is not counted. */
  readonly total: number;
  readonly bytes: number;
}

export interface StoreDemoOptions {
  readonly server: Server;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: DemoProgress) => void;
  readonly threads?: number;
  /** Where a hospital's images go; without it, where the server puts what belongs to nobody. */
  readonly areas?: LandingAreas;
  /** Only these studies; by default all. */
  readonly only?: (study: DemoStudy) => boolean;
}

/** Brings a server to hold the demo's studies. What it holds already is not generated again. */
export async function storeDemo(options: StoreDemoOptions): Promise<DemoProgress> {
  const { server, signal, onProgress, threads, areas, only } = options;
  const studies = demoStudies();
  const wanted = await missingSeries(server, studies.filter(only ?? (() => true)), signal);
  let progress: DemoProgress = { instances: 0, bytes: 0, total: [...wanted.values()].reduce((a, b) => a + b, 0) };
  onProgress?.(progress);
  if (wanted.size === 0) return progress;
  await generateDemo({
    wanted: new Set(wanted.keys()),
    signal,
    ...(threads === undefined ? {} : { threads }),
    take: async ({ study, files }) => {
      await storeFiles(server, files, areas?.get(studies[study]!.study.scanner.hospital.code));
      progress = {
        ...progress,
        instances: progress.instances + files.length,
        bytes: progress.bytes + files.reduce((sum, file) => sum + file.length, 0),
      };
      onProgress?.(progress);
    },
  });
  return progress;
}

/** Series of which the server lacks instances, and how many instances each has. */
async function missingSeries(
  server: Server,
  studies: readonly DemoStudy[],
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const missing = new Map<string, number>();
  for (const { study, series } of studies) {
    const stored = await storedSeries(server, studyUid(study), signal);
    for (const one of series) {
      if ((stored.get(one.seriesInstanceUid) ?? 0) < one.instanceCount)
        missing.set(one.seriesInstanceUid, one.instanceCount);
    }
  }
  return missing;
}
