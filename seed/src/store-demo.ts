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
  /** Only these studies; by default all. */
  readonly only?: (study: DemoStudy) => boolean;
}

/** Brings a server to hold the demo's studies. What it holds already is not generated again. */
export async function storeDemo(options: StoreDemoOptions): Promise<DemoProgress> {
  const { server, signal, onProgress, threads, only } = options;
  const wanted = await missingSeries(server, demoStudies().filter(only ?? (() => true)), signal);
  let progress: DemoProgress = { instances: 0, bytes: 0, total: [...wanted.values()].reduce((a, b) => a + b, 0) };
  onProgress?.(progress);
  if (wanted.size === 0) return progress;
  await generateDemo({
    wanted: new Set(wanted.keys()),
    signal,
    ...(threads === undefined ? {} : { threads }),
    take: async ({ files }) => {
      await storeFiles(server, files);
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
