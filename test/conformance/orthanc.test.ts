import { createHash } from 'node:crypto';
import { type JsonDataSet, type JsonElement, type JsonValue, readPart10, toJson } from '@isocenter/dicom';
import { answeredParts } from '@isocenter/testkit/dicomweb';
import { needs } from '@isocenter/testkit/needs';
import { orthancMissing } from '@isocenter/testkit/orthanc';
import type { Finished } from '@isocenter/testkit/programs';
import { realFilesMissing } from '@isocenter/testkit/real-files';
import { firstOfEach, pathOf, type RealInstance, realInstances, variedFiles } from '@isocenter/testkit/real-instances';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AnswerComparison, metadataDeviations, searchDeviations } from './orthanc-answers.ts';
import { OrthancPair } from './orthanc-pair.ts';

const missing = realFilesMissing ?? orthancMissing;
needs(missing);

/** Orthanc and dcmtk take its data set for damaged. */
const refusedByOrthanc = 'dicom/pydicom-test-files/SC_rgb_jpeg.dcm';

let pair: OrthancPair;
/** Real files of every kind, each instance once. */
let files: readonly RealInstance[];
/** What `isocenter send` said when it sent all of them to Orthanc. */
let sent: Finished;
/** Those that Orthanc took, and its ids of them by SOP Instance UID. */
let taken: readonly RealInstance[];
let ids: ReadonlyMap<string, string>;
/** What its job said when it sent all that it holds to us. */
let stowed: { InstancesCount?: string };

/** One way there and one back: `isocenter send` → Orthanc's STOW-RS server, Orthanc's STOW-RS client → our server. */
beforeAll(async () => {
  if (missing) return;
  pair = await OrthancPair.start();
  files = firstOfEach(realInstances(variedFiles));
  sent = await pair.send(files.map(({ path }) => path));
  ids = await pair.held();
  taken = files.filter(({ uid }) => ids.has(uid));
  stowed = await pair.client('stow', { Resources: [...ids.values()], Synchronous: true });
});
afterAll(async () => {
  await pair?.stop();
});

const first = (part: string): RealInstance => files.find(({ name }) => name.includes(part))!;
const uidOf = (json: JsonDataSet, tag = '00080018'): JsonValue | undefined => json[tag]?.Value?.[0];

test('[ARCH-1] Orthanc takes what `isocenter send` sends, byte by byte', async () => {
  // The one that it refuses is named, with the reason of its answer.
  expect(sent.output).toContain(`${files.length - 1} stored`);
  expect(sent.output).toMatch(new RegExp(`1 failed:\\s.*${refusedByOrthanc}: the server answered 400`));
  expect(sent.code).toBe(1);
  expect(files.filter(({ uid }) => !ids.has(uid)).map(({ name }) => name)).toEqual([refusedByOrthanc]);
  for (const file of taken) {
    const theirs = await pair.orthanc.bytes(`/instances/${ids.get(file.uid)}/file`);
    expect([file.name, theirs.equals(file.bytes)]).toEqual([file.name, true]);
  }
  // And says of all that it has them.
  expect((await pair.send(taken.map(({ path }) => path))).output).toContain('not sent again');
});

test('[ARCH-1] Orthanc stores by STOW-RS what it holds, byte by byte', async () => {
  expect(stowed).toMatchObject({ InstancesCount: String(ids.size) });
  expect(ids.size).toBeGreaterThan(290);
  for (const file of taken) {
    // A file that came without file meta information has got some here.
    const ours = (await pair.ourBytes(file)).subarray(-file.bytes.length);
    expect([file.name, ours.equals(file.bytes)]).toEqual([file.name, true]);
  }
});

/** An answer to a search as Orthanc's client hands it on. */
type Found = Record<string, { Name: string; Value?: string }>;
const found = (Uri: string, Arguments: Record<string, string>): Promise<Found[]> =>
  pair.client<Found[]>('qido', { Uri, Arguments });

test('[ARCH-1] Orthanc finds by QIDO-RS what it has sent, at every level', async () => {
  const limit = '5000';
  for (const [level, tag, key] of [
    ['studies', '0020000D', 'study'],
    ['series', '0020000E', 'series'],
    ['instances', '00080018', 'uid'],
  ] as const) {
    const answer = await found(`/${level}`, { limit });
    expect(new Set(answer.map((match) => match[tag]?.Value))).toEqual(new Set(taken.map((file) => file[key])));
  }
  const { study, series, uid } = first('CT_small');
  expect(await found(`/studies/${study}/series/${series}/instances`, {})).toMatchObject([
    { '00080018': { Value: uid } },
  ]);
  const [match] = await found('/studies', {
    PatientID: '1CT*',
    StudyDate: '20040101-20041231',
    includefield: 'PatientAge',
  });
  expect(match).toMatchObject({
    '0020000D': { Value: study },
    '00080061': { Name: 'ModalitiesInStudy', Value: 'CT' },
    '00101010': { Name: 'PatientAge', Value: '000Y' },
  });
  // Nothing found is 204 without a body (PS3.18 10.6.3.1), which this Orthanc takes for broken JSON.
  await expect(found('/studies', { PatientID: 'NOBODY' })).rejects.toThrow('Bad file format');
  await expect(found('/studies', { NoSuchKey: '1' })).rejects.toThrow('400');
});

test('[ARCH-1] Orthanc reads our metadata, frames and pictures as they are', async () => {
  const file = first('CT_small');
  const get = (Uri: string, Accept: string): Promise<Response> =>
    fetch(`${pair.orthanc.url}/dicom-web/servers/isocenter/get`, {
      method: 'POST',
      body: JSON.stringify({ Uri, HttpHeaders: { Accept } }),
    });
  for (const [path, accept] of [
    [`/studies/${file.study}/metadata`, 'application/dicom+json'],
    [`${pathOf(file)}/bulkdata/7FE00010`, 'application/octet-stream'],
    [`${pathOf(file)}/frames/1`, 'application/octet-stream'],
    [`${pathOf(file)}/rendered`, 'image/png'],
    [pathOf(file), 'application/dicom'],
  ] as const) {
    const [theirs, ours] = [
      await get(path, accept),
      await pair.server.fetch(`/dicom-web${path}`, { headers: { accept } }),
    ];
    expect([path, theirs.status, theirs.headers.get('content-type')]).toEqual([
      path,
      200,
      ours.headers.get('content-type'),
    ]);
    expect(Buffer.from(await theirs.arrayBuffer()).equals(Buffer.from(await ours.arrayBuffer()))).toBe(true);
  }
  expect((await get('/studies/1.2.3/metadata', 'application/dicom+json')).status).toBe(404);
  expect((await get(`${pathOf(file)}/frames/2`, 'application/octet-stream')).status).not.toBe(200);
});

test('[ARCH-1] searches answer in both archives alike, but for what Orthanc leaves out or says otherwise', async () => {
  const comparison = new AnswerComparison(searchDeviations);
  for (const [level, ...tags] of [
    ['/studies', '0020000D'],
    ['/series', '0020000D', '0020000E'],
    ['/instances', '0020000D', '0020000E', '00080018'],
  ] as const) {
    const { ours, theirs } = await pair.answers(`${level}?limit=5000`);
    const keyOf = (json: JsonDataSet): string => tags.map((tag) => uidOf(json, tag)).join(' ');
    const byKey = new Map(theirs.map((json) => [keyOf(json), json]));
    expect(new Set(byKey.keys())).toEqual(new Set(ours.map(keyOf)));
    for (const json of ours) comparison.compare(json, byKey.get(keyOf(json))!, `${level} ${keyOf(json)}`);
  }
  expect(comparison.problems).toEqual([]);
  expect(comparison.equal).toBeGreaterThan(2000);
  expect([...comparison.seen].sort()).toEqual(Object.keys(searchDeviations).sort());
});

test('[ARCH-2] metadata are in both archives alike, but for what Orthanc is known to say otherwise', async () => {
  const comparison = new AnswerComparison(metadataDeviations);
  const names = new Map(taken.map(({ uid, name }) => [uid, name]));
  let compared = 0;
  for (const study of new Set(taken.map((file) => file.study))) {
    const { ours, theirs } = await pair.answers(`/studies/${study}/metadata`);
    const byUid = new Map(theirs.map((json) => [uidOf(json), json]));
    for (const json of ours) comparison.compare(json, byUid.get(uidOf(json))!, names.get(String(uidOf(json)))!);
    compared += ours.length;
  }
  expect(comparison.problems).toEqual([]);
  expect(compared).toBe(ids.size);
  expect(comparison.equal).toBeGreaterThan(20_000);
  expect([...comparison.seen].sort()).toEqual(Object.keys(metadataDeviations).sort());
});

test('[ARCH-2] binary values are the same bytes under the addresses of both archives', async () => {
  let [byAddress, inline] = [0, 0];
  // One instance of each study: Orthanc reads the whole of it for each value.
  for (const { study, uid, name } of new Map(taken.map((file) => [file.study, file])).values()) {
    const both = await pair.answers(`/studies/${study}/metadata`);
    const [ours, theirs] = [both.ours, both.theirs].map((all) => all.find((json) => uidOf(json) === uid)!);
    for (const [tag, element] of Object.entries(theirs!)) {
      const our = ours![tag];
      if (element.BulkDataURI === undefined || our?.vr !== element.vr) continue;
      expect([name, tag, (await bytesOf(our)).equals(await bytesOf(element))]).toEqual([name, tag, true]);
      if (our.BulkDataURI !== undefined) byAddress++;
      if (our.InlineBinary !== undefined) inline++;
    }
  }
  expect(inline).toBeGreaterThan(50);
  expect(byAddress).toBeGreaterThan(20);
});

async function bytesOf({ InlineBinary, BulkDataURI }: JsonElement): Promise<Buffer> {
  if (BulkDataURI === undefined) return Buffer.from(InlineBinary ?? '', 'base64');
  const headers = { accept: 'multipart/related; type="application/octet-stream"' };
  const [part] = await answeredParts(await pair.server.fetch(BulkDataURI, { headers }));
  return part!.body;
}

test('[ARCH-1] Orthanc retrieves by WADO-RS studies, series and instances, byte by byte', async () => {
  for (const patient of await pair.orthanc.call<string[]>('GET', '/patients')) {
    await pair.orthanc.call('DELETE', `/patients/${patient}`);
  }
  expect(await pair.held()).toEqual(new Map());
  // One study after the other as a whole, by its series, by its instances, and by its address.
  const studies = [...new Set(taken.map(({ study }) => study))];
  const resources = new Set<string>();
  for (const { study: Study, series: Series, uid: Instance } of taken) {
    const way = studies.indexOf(Study) % 4;
    if (way === 0) resources.add(JSON.stringify({ Study }));
    if (way === 1) resources.add(JSON.stringify({ Study, Series }));
    if (way === 2) resources.add(JSON.stringify({ Study, Series, Instance }));
  }
  await pair.client('retrieve', { Resources: [...resources].map((text) => JSON.parse(text)) });
  for (const study of studies.filter((_, i) => i % 4 === 3)) {
    await pair.client('wado', { Uri: `/studies/${study}`, Synchronous: true });
  }
  ids = await pair.held();
  for (const file of taken) {
    const theirs = await pair.orthanc.bytes(`/instances/${ids.get(file.uid)}/file`);
    expect([file.name, theirs.equals(await pair.ourBytes(file))]).toEqual([file.name, true]);
  }
});

test('[ARCH-1] Orthanc deletes at each level, and nothing without the right token', async () => {
  const { study, series, uid } = first('us/GREYSCALE');
  const levels = [
    { Level: 'Instance', SOPInstanceUID: uid, SeriesInstanceUID: series, StudyInstanceUID: study },
    { Level: 'Series', SeriesInstanceUID: series, StudyInstanceUID: study },
    { Level: 'Study', StudyInstanceUID: study },
  ];
  for (const level of levels) {
    for (const what of ['delete', 'qido']) {
      await expect(pair.client(what, { ...level, Uri: '/studies' }, 'stranger')).rejects.toThrow('401');
    }
    expect((await pair.server.fetch(`/dicom-web/studies/${study}/metadata`)).status).toBe(200);
    await pair.client('delete', level);
    expect((await pair.server.fetch(`/dicom-web/studies/${study}/metadata`)).status).toBe(404);
    await pair.client('stow', { Resources: [(await pair.held()).get(uid)], Synchronous: true });
  }
});

test('[ARCH-5] Orthanc verifies and stores over DIMSE', async () => {
  for (const study of new Set(taken.map((file) => file.study))) {
    expect((await pair.server.fetch(`/dicom-web/studies/${study}`, { method: 'DELETE' })).status).toBe(204);
  }
  await pair.orthanc.call('POST', '/modalities/isocenter/echo', {});
  const Resources = [...(await pair.held()).values()];
  const answer = await pair.orthanc.call('POST', '/modalities/isocenter/store', { Resources, Synchronous: true });
  expect(answer).toMatchObject({ InstancesCount: Resources.length, FailedInstancesCount: 0 });
  let unchanged = 0;
  for (const file of taken) {
    const bytes = await pair.ourBytes(file);
    const part10 = readPart10(bytes);
    if (bytes.subarray(part10.dataSetOffset).equals(file.dataSet)) unchanged++;
    // Some Orthanc writes anew, with other lengths of sequences and without group lengths; they say the same.
    else expect([file.name, said({ part10, bytes })]).toEqual([file.name, said(file)]);
  }
  expect(unchanged).toBeGreaterThan(240);
});

/** All but how it is written: dcmtk gives compressed pixel data their right VR, where it was OW, and leaves out padding. */
function said({ part10, bytes }: Pick<RealInstance, 'part10' | 'bytes'>): unknown {
  const { '7FE00010': _, FFFCFFFC: __, ...json } = toJson(part10.dataSet);
  const { value, fragments = [] } = part10.dataSet.elements.get(0x7fe00010) ?? {};
  const pixels = value ? [value] : fragments.map(({ offset, length }) => bytes.subarray(offset, offset + length));
  return { json, pixels: createHash('sha256').update(Buffer.concat(pixels)).digest('hex') };
}
