import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { JsonDataSet } from '@isocenter/dicom';
import { answeredParts } from '@isocenter/testkit/dicomweb';
import type { SupervisedArchive } from './supervised-archive.ts';
import type { SyntheticInstance } from './synthetic-instances.ts';

type Fetching = Pick<SupervisedArchive, 'fetch'>;

/** Which of the instances don't come back byte by byte by WADO-RS, and how. */
export async function notIntact(archive: Fetching, instances: readonly SyntheticInstance[]): Promise<string[]> {
  const wrong: string[] = [];
  const waiting = [...instances];
  const connection = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const answer = await archive.fetch(
        `/dicom-web/studies/${next.study}/series/${next.series}/instances/${next.instance}`,
        { headers: { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' } },
      );
      if (answer.status !== 200) wrong.push(`${next.instance}: ${answer.status} ${await answer.text()}`);
      else {
        const parts = await answeredParts(answer);
        if (parts.length !== 1 || !parts[0]?.body.equals(next.bytes)) wrong.push(`${next.instance}: other bytes`);
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, connection));
  return wrong;
}

/** SOP Instance UIDs of every instance that a search finds, in the order of the answer. */
export async function foundInstances(archive: Fetching): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const page = await search(archive, `/dicom-web/instances?limit=1000&offset=${found.length}`);
    if (page.length === 0) return found;
    found.push(...page.map((instance) => String(instance['00080018']?.Value?.[0])));
  }
}

/** What the studies say that they hold: Number of Study Related Instances, by Study Instance UID. */
export async function studyCounts(archive: Fetching): Promise<Map<string, number>> {
  const studies = await search(archive, '/dicom-web/studies?limit=1000');
  return new Map(
    studies.map((study) => [String(study['0020000D']?.Value?.[0]), Number(study['00201208']?.Value?.[0])]),
  );
}

async function search(archive: Fetching, path: string): Promise<JsonDataSet[]> {
  const answer = await archive.fetch(path, { headers: { accept: 'application/dicom+json' } });
  if (answer.status === 204) return [];
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as JsonDataSet[];
}

/** Waits until the cleaner, which runs at the start, has come to its end. */
export async function cleaned(archive: Fetching): Promise<void> {
  const jobs = async (): Promise<string[]> => {
    const answer = await archive.fetch('/api/jobs?kind=archive.clean&limit=100');
    const { items } = (await answer.json()) as { items: { state: string }[] };
    return items.map(({ state }) => state);
  };
  for (let states = await jobs(); states.some((state) => state !== 'done'); states = await jobs()) {
    if (states.includes('failed')) throw new Error('The cleaner failed');
    await pause(100);
  }
}

/** What the index holds, counted in ways that must agree. */
export interface IndexCounts {
  readonly instances: number;
  readonly uids: number;
  readonly headers: number;
  readonly inSeries: number;
  readonly inStudies: number;
  readonly bytes: number;
  readonly bytesInStudies: number;
  readonly claims: number;
}

type Asking = { ask<Row extends object>(sql: string): Promise<Row[]> };

export async function indexCounts(archive: Asking): Promise<IndexCounts> {
  const [counts] = await archive.ask<IndexCounts>(`select
    (select count(*) from instance) as instances,
    (select count(distinct sop_instance_uid) from instance) as uids,
    (select count(*) from instance_header) as headers,
    (select coalesce(sum(instance_count), 0)::bigint from series) as "inSeries",
    (select coalesce(sum(instance_count), 0)::bigint from study) as "inStudies",
    (select coalesce(sum(size_bytes), 0)::bigint from instance) as bytes,
    (select coalesce(sum(size_bytes), 0)::bigint from study) as "bytesInStudies",
    (select count(*) from object_claim) as claims`);
  return counts!;
}

/** Addresses of the objects that instances refer to. */
export async function referredObjects(archive: Asking): Promise<string[]> {
  const rows = await archive.ask<{ sha256: string }>("select distinct encode(sha256, 'hex') as sha256 from instance");
  return rows.map(({ sha256 }) => sha256).sort();
}

/** Names of the files in the object folder, whatever they are; and those that don't hold what their name says. */
export async function objectFiles(dataDir: string): Promise<{ names: string[]; damaged: string[] }> {
  const entries = await readdir(join(dataDir, 'objects'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const damaged: string[] = [];
  for (const { parentPath, name } of files) {
    const hash = createHash('sha256').update(await readFile(join(parentPath, name)));
    if (hash.digest('hex') !== name) damaged.push(name);
  }
  return { names: files.map(({ name }) => name).sort(), damaged };
}

/** What lies in the spool beside the marks of the one process that runs. */
export async function spoolLeftovers(dataDir: string): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'spool'), { recursive: true, withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return [...folders.slice(1), ...files.filter((name) => name !== 'heartbeat' && name !== 'owner.json')];
}
