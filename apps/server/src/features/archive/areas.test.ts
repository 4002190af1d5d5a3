import { type MadePerson, type MadeProject, makePerson, makeProject, testServer } from '@isocenter/testkit';
import { storeAnswer, storeRequest } from '@isocenter/testkit/dicomweb';
import { beforeAll, describe, expect, test } from 'vitest';
import { element, type InstanceFile, instanceFile, newUid } from './test/instance-file.ts';

const server = testServer();
let project: MadeProject;
let north: MadePerson;
let south: MadePerson;

const as = (person: MadePerson, path: string, init: RequestInit = {}): Promise<Response> =>
  server.fetch(path, { ...init, headers: { ...init.headers, authorization: `Bearer ${person.token}` } });
const store = async (person: MadePerson, file: InstanceFile, path = '/dicom-web/studies') =>
  storeAnswer(await as(person, path, { method: 'POST', ...storeRequest([file.bytes]) }));

beforeAll(async () => {
  project = await makeProject(server.database, 'prostate', ['north', 'south']);
  const curator = (site: string) => ({
    roles: [{ project: project.id, role: 'data-curator' as const, site: project.sites[site]! }],
  });
  north = await makePerson(server.database, { name: 'North Curator', ...curator('north') });
  south = await makePerson(server.database, { name: 'South Curator', ...curator('south') });
});

/** The body of a problem without what differs from request to request. */
async function problemOf(answer: Response): Promise<unknown> {
  const { requestId, ...rest } = (await answer.json()) as { requestId: string };
  expect(requestId).toBeTruthy();
  return { status: answer.status, ...rest };
}

describe('what another site stored', () => {
  const file = instanceFile({ elements: { '00100020': element('LO', 'north-1') } });
  const paths = (study: string, series: string, instance: string): string[] => [
    `/api/studies/${study}`,
    `/dicom-web/studies/${study}`,
    `/dicom-web/studies/${study}/metadata`,
    `/dicom-web/studies/${study}/thumbnail`,
    `/dicom-web/studies/${study}/series/${series}/metadata`,
    `/dicom-web/studies/${study}/series/${series}/instances/${instance}`,
    `/dicom-web/studies/${study}/series/${series}/instances/${instance}/frames/1`,
    `/zones/landing/dicom-web/studies/${study}/rendered`,
    `/wado?requestType=WADO&studyUID=${study}&seriesUID=${series}&objectUID=${instance}`,
  ];

  beforeAll(async () => {
    expect(await store(north, file)).toMatchObject({ failed: [] });
  });

  test('[IAM-5, IAM-8] answers as if it were not there, to the word', async () => {
    const there = paths(file.study, file.series, file.instance);
    const nowhere = paths(newUid(), newUid(), newUid());
    for (const [at, path] of there.entries()) {
      const [hidden, absent] = [await as(south, path), await as(south, nowhere[at]!)];
      expect(hidden.status, path).toBe(404);
      expect(await problemOf(hidden), path).toEqual(await problemOf(absent));
    }
  });

  test('[IAM-5] is in no search, list or count', async () => {
    for (const path of ['/studies', '/series', '/instances', `/studies/${file.study}/series`]) {
      expect((await as(south, `/dicom-web${path}`)).status, path).toBe(204);
      expect((await as(north, `/dicom-web${path}`)).status, path).toBe(200);
    }
    expect(await (await as(south, '/api/studies?q=north-1')).json()).toMatchObject({ items: [], total: 0 });
    expect(await (await as(north, '/api/studies?q=north-1')).json()).toMatchObject({ total: 1 });
  });

  test('[IAM-8] neither stands in the way of the same UID, nor is changed by it', async () => {
    const { study, series, instance } = file;
    const other = instanceFile({ study, series, instance, elements: { '00100020': element('LO', 'south-1') } });
    const answer = await store(south, other);
    expect(answer).toMatchObject({ failed: [], stored: [{ instance }] });
    const [own] = (await (await as(south, `/dicom-web/studies/${study}/metadata`)).json()) as [Record<string, object>];
    expect(own['00100020']).toMatchObject({ Value: ['south-1'] });
    const [theirs] = (await (await as(north, `/dicom-web/studies/${study}/metadata`)).json()) as [
      Record<string, object>,
    ];
    expect(theirs['00100020']).toMatchObject({ Value: ['north-1'] });
    // Whoever sees both is answered one.
    expect(await (await server.fetch(`/dicom-web/studies?StudyInstanceUID=${study}`)).json()).toHaveLength(1);
    expect(await (await server.fetch(`/dicom-web/studies/${study}/metadata`)).json()).toHaveLength(1);
  });
});

test('[IAM-8] who stores for two sites says for which', async () => {
  const both = await makePerson(server.database, {
    name: 'Both Sites',
    roles: ['north', 'south'].map((site) => ({
      project: project.id,
      role: 'data-collector' as const,
      site: project.sites[site]!,
    })),
  });
  const file = instanceFile();
  const refused = await as(both, '/dicom-web/studies', { method: 'POST', ...storeRequest([file.bytes]) });
  const me = (await (await as(both, '/api/me')).json()) as { storeAreas: { id: number; siteName: string }[] };
  expect(me.storeAreas.map(({ siteName }) => siteName).sort()).toEqual(['Site north', 'Site south']);
  expect(await problemOf(refused)).toMatchObject({
    status: 409,
    code: 'which-area',
    params: { areas: me.storeAreas.map(({ id }) => id) },
  });
  const { id } = me.storeAreas.find(({ siteName }) => siteName === 'Site south')!;
  expect(await store(both, file, `/areas/${id}/dicom-web/studies`)).toMatchObject({ failed: [] });
  expect((await as(south, `/api/studies/${file.study}`)).status).toBe(200);
  expect((await as(north, `/api/studies/${file.study}`)).status).toBe(404);
  expect((await as(north, `/areas/${id}/dicom-web/studies`)).status).toBe(404);
});

test('[IAM-4] a role that is taken away is gone with the next request', async () => {
  const someone = await makePerson(server.database, { name: 'For A While' });
  const path = `/api/projects/${project.id}/members`;
  const body = JSON.stringify({ personId: someone.id, role: 'data-curator', siteId: project.sites.north });
  const headers = { 'content-type': 'application/json' };
  expect((await as(someone, '/dicom-web/studies')).status).toBe(403);
  const { id } = (await (await server.fetch(path, { method: 'POST', body, headers })).json()) as { id: string };
  expect((await as(someone, '/dicom-web/studies')).status).toBe(200);
  expect((await server.fetch(`${path}/${id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await as(someone, '/dicom-web/studies')).status).toBe(403);
});

test('[IAM-5] a page of a small site does not take longer for what a large one has', async () => {
  const { pool } = server.database;
  const { rows } = await pool.query<{ id: number }>(
    "select id from area where zone = 'landing' and site_id = any($1) order by site_id = $2",
    [Object.values(project.sites), project.sites.north],
  );
  const [small, large] = rows.map(({ id }) => id);
  await pool.query(
    `insert into study (area_id, zone, study_instance_uid, attributes)
     select $1, 'landing', '1.2.3.4.' || number, '{}' from generate_series(1, 30000) as number`,
    [large],
  );
  await pool.query('analyze study');
  const plan = await pool.query<{ 'QUERY PLAN': string }>(
    `explain select id from study where area_id = any(array[${small}]) order by received_at desc, id desc limit 50`,
  );
  const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toContain('study_by_area');
  expect(text).not.toContain('Seq Scan');
});

test('[TRACE-2] the log names the project whose study was stored, looked at, taken away and deleted', async () => {
  const file = instanceFile();
  await store(north, file);
  const path = `/dicom-web/studies/${file.study}`;
  for (const read of [`${path}/metadata`, path]) await (await as(north, read)).arrayBuffer();
  expect((await server.fetch(path, { method: 'DELETE' })).status).toBe(204);
  const sql = `select body from log_pending union all select body from log_entry`;
  const entries = async () =>
    (await server.database.pool.query<{ body: string }>(sql)).rows.map(({ body }) => JSON.parse(body));
  const { id } = (await entries()).find((entry) => entry.action === 'study.export' && entry.actor.id === north.id)
    .objects[0];
  await expect
    .poll(async () =>
      (await entries())
        .filter((entry) => entry.objects[0]?.id === id)
        .map((entry) => [entry.action, entry.project])
        .sort(),
    )
    .toEqual(
      ['instance.store', 'study.delete', 'study.export', 'study.export-end', 'study.view'].map((action) => [
        action,
        project.id,
      ]),
    );
});
