import { testServer } from '@isocenter/testkit';
import { describe, expect, it } from 'vitest';
import { StoreRefused } from './dicomweb.ts';
import { type DemoStudy, demoStudies } from './patients.ts';
import { studyUid } from './series/study.ts';
import { storeDemo } from './store-demo.ts';

const server = testServer();
const only = ({ study }: DemoStudy): boolean => study.person.id === 'CL-200118';
const signal = new AbortController().signal;
const { study, series } = demoStudies().find(only)!;

describe('filling a server with the demo', () => {
  it('[OPS-9] stores what is missing, and nothing the second time', async () => {
    const seen: number[] = [];
    const options = { server: { url: server.url, token: server.token }, signal, only };
    const first = await storeDemo({ ...options, onProgress: ({ instances }) => seen.push(instances) });
    expect(first).toMatchObject({ instances: 1, total: 1 });
    expect(seen).toEqual([0, 1]);
    const found = await server.fetch(`/dicom-web/studies/${studyUid(study)}/series`, {
      headers: { accept: 'application/dicom+json' },
    });
    const rows = (await found.json()) as Record<string, { Value: unknown[] }>[];
    expect(rows.map((row) => row['0020000E']!.Value[0])).toEqual(series.map((one) => one.seriesInstanceUid));
    expect(await storeDemo(options)).toMatchObject({ instances: 0, total: 0 });
  }, 120_000);

  it('[OPS-9] says what a server answers that does not let it in', async () => {
    const options = { server: { url: server.url, token: 'wrong' }, signal, only };
    await expect(storeDemo(options)).rejects.toThrow(StoreRefused);
    await expect(storeDemo(options)).rejects.toThrow(/answered 401/);
  });
});
