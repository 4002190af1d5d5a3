import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateDemo } from './generation.ts';
import { demoStudies } from './patients.ts';
import type { DemoProgress } from './store-demo.ts';

/** Writes the demo's files under a folder: person, study, series, instance. */
export async function writeDemo(
  folder: string,
  signal: AbortSignal,
  onProgress: (progress: DemoProgress) => void,
): Promise<DemoProgress> {
  const places = new Map(
    demoStudies().flatMap(({ study, series }) =>
      series.map((one) => {
        const name = `${String(one.number).padStart(2, '0')} ${one.modality} ${one.description}`;
        return [
          one.seriesInstanceUid,
          join(folder, study.person.id, plain(`${study.date} ${study.description}`), plain(name)),
        ] as const;
      }),
    ),
  );
  const total = demoStudies().reduce((sum, { series }) => sum + series.reduce((n, one) => n + one.instanceCount, 0), 0);
  const written = new Map<string, number>();
  let progress: DemoProgress = { instances: 0, bytes: 0, total };
  await generateDemo({
    wanted: new Set(places.keys()),
    signal,
    take: async ({ seriesInstanceUid, files }) => {
      const place = places.get(seriesInstanceUid)!;
      await mkdir(place, { recursive: true });
      let number = written.get(seriesInstanceUid) ?? 0;
      for (const file of files) await writeFile(join(place, `${String(++number).padStart(4, '0')}.dcm`), file);
      written.set(seriesInstanceUid, number);
      const bytes = files.reduce((sum, file) => sum + file.length, 0);
      progress = { total, instances: progress.instances + files.length, bytes: progress.bytes + bytes };
      onProgress(progress);
    },
  });
  return progress;
}

/** Letters that every file system takes. */
const plain = (name: string): string => name.replace(/[^\w .+-]+/g, '_').trim();
