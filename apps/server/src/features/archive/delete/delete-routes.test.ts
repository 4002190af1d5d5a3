import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonDataSet } from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import { storeRequest } from '@isocenter/testkit/dicomweb';
import { expect, test } from 'vitest';
import { element, type Instance, type InstanceFile, instanceFile, newUid } from '../test/instance-file.ts';

const server = testServer();
const ROOT = '/dicom-web/studies';

async function store(files: readonly InstanceFile[], root = ROOT): Promise<void> {
  const answer = await server.fetch(root, { method: 'POST', ...storeRequest(files.map(({ bytes }) => bytes)) });
  expect(answer.status).toBe(200);
}
const remove = async (path: string): Promise<number> => (await server.fetch(path, { method: 'DELETE' })).status;
const seriesPath = ({ study, series }: Instance): string => `${ROOT}/${study}/series/${series}`;
const pathOf = (instance: Instance): string => `${seriesPath(instance)}/instances/${instance.instance}`;

async function studyRow(study: string): Promise<JsonDataSet | undefined> {
  const answer = await server.fetch(`${ROOT}?StudyInstanceUID=${study}`);
  return answer.status === 204 ? undefined : ((await answer.json()) as JsonDataSet[])[0];
}

/** Two series of two instances each in one study; the second of another kind. */
function studyOf(): InstanceFile[] {
  const study = newUid();
  const [mr, sr] = [newUid(), newUid()];
  const one = (series: string, modality: string, more: JsonDataSet = {}) =>
    instanceFile({ study, series, elements: { '00080060': element('CS', modality), ...more } });
  const report = { '00080016': element('UI', '1.2.840.10008.5.1.4.1.1.88.11') };
  return [one(mr, 'MR'), one(mr, 'MR'), one(sr, 'SR', report), one(sr, 'SR', report)];
}

test('[ARCH-1] an instance goes, and its study counts what is left', async () => {
  const [first, ...others] = studyOf() as [InstanceFile, ...InstanceFile[]];
  await store([first, ...others]);
  expect(await remove(pathOf(first))).toBe(204);
  for (const path of [pathOf(first), `${pathOf(first)}/metadata`, `${pathOf(first)}/frames/1`]) {
    expect([path, (await server.fetch(path)).status]).toEqual([path, 404]);
  }
  expect(await studyRow(first.study)).toMatchObject({ '00201206': { Value: [2] }, '00201208': { Value: [3] } });
  const metadata = (await (await server.fetch(`${seriesPath(first)}/metadata`)).json()) as JsonDataSet[];
  expect(metadata.map((json) => json['00080018']?.Value)).toEqual([[others[0]!.instance]]);
  expect(await remove(pathOf(first))).toBe(404);
});

test('[ARCH-1] a series goes, and the study no longer says what it was of', async () => {
  const files = studyOf();
  await store(files);
  const sr = files[2]!;
  expect(await studyRow(sr.study)).toMatchObject({ '00080061': { Value: ['MR', 'SR'] } });
  expect(await remove(seriesPath(sr))).toBe(204);
  expect(await studyRow(sr.study)).toMatchObject({
    '00080061': { Value: ['MR'] },
    '00080062': { Value: ['1.2.840.10008.5.1.4.1.1.7'] },
    '00201206': { Value: [1] },
    '00201208': { Value: [2] },
  });
  expect((await server.fetch(seriesPath(sr))).status).toBe(404);
});

test('[ARCH-1] the last instance takes series and study with it; what was deleted can be stored again', async () => {
  const files = studyOf();
  await store(files);
  for (const file of files) expect(await remove(pathOf(file))).toBe(204);
  expect(await studyRow(files[0]!.study)).toBeUndefined();
  expect((await server.fetch(`${ROOT}/${files[0]!.study}/series`)).status).toBe(204);
  await store(files);
  expect(await remove(`${ROOT}/${files[0]!.study}`)).toBe(204);
  expect(await studyRow(files[0]!.study)).toBeUndefined();
  // Under the UIDs of what is gone, something else may come.
  await store([instanceFile({ ...files[0]!, elements: { '00100020': element('LO', 'another') } })]);
});

test('[ARCH-1] nothing else goes', async () => {
  const [mine, others] = [studyOf(), studyOf()];
  await store([...mine, ...others]);
  expect(await remove(`${ROOT}/${mine[0]!.study}/series/${others[0]!.series}`)).toBe(404);
  expect(await remove(`${seriesPath(mine[0]!)}/instances/${mine[2]!.instance}`)).toBe(404);
  expect(await remove(`${ROOT}/1.2.3`)).toBe(404);
  expect(await remove(`${ROOT}/${mine[0]!.study}`)).toBe(204);
  for (const file of others) expect((await server.fetch(pathOf(file))).status).toBe(200);
});

test('[ARCH-7] a zone’s own address deletes there only, the common one everywhere', async () => {
  const file = instanceFile();
  const statuses = async () =>
    Promise.all(
      ['landing', 'repository'].map(
        async (zone) => (await server.fetch(pathOf(file).replace('/dicom-web', `/zones/${zone}/dicom-web`))).status,
      ),
    );
  const both = async () => {
    for (const zone of ['landing', 'repository']) await store([file], `/zones/${zone}/dicom-web/studies`);
  };
  await both();
  expect(await remove(`/zones/landing/dicom-web/studies/${file.study}`)).toBe(204);
  expect(await statuses()).toEqual([404, 200]);
  expect(await remove(`/zones/landing/dicom-web/studies/${file.study}`)).toBe(404);
  await both();
  expect(await remove(`${ROOT}/${file.study}`)).toBe(204);
  expect(await statuses()).toEqual([404, 404]);
});

test('[ARCH-3] the object of a deleted instance is left to the cleaner', async () => {
  const file = instanceFile();
  await store([file]);
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  const object = join(server.config.dataDir, 'objects', sha256.slice(0, 2), sha256);
  expect(existsSync(object)).toBe(true);
  expect(await remove(pathOf(file))).toBe(204);
  const { rows } = await server.database.pool.query('select from object_claim where sha256 = $1', [
    Buffer.from(sha256, 'hex'),
  ]);
  expect(rows).toHaveLength(1);
});

test('[ARCH-1] many deletions and stores of one study at once end without failure', async () => {
  const files = studyOf();
  await store(files);
  const deleting = Array.from({ length: 6 }, () => remove(`${ROOT}/${files[0]!.study}`));
  const storing = files.map((file) => store([file]));
  const statuses = await Promise.all(deleting);
  await Promise.all(storing);
  expect(statuses.filter((status) => status !== 204 && status !== 404)).toEqual([]);
  await store(files);
  expect(await studyRow(files[0]!.study)).toMatchObject({ '00201208': { Value: [4] } });
});
