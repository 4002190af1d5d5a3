import { fromXml, type JsonDataSet } from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import { answeredParts, storeRequest } from '@isocenter/testkit/dicomweb';
import { beforeAll, describe, expect, test } from 'vitest';
import { element, type InstanceFile, instanceFile, newUid, SECONDARY_CAPTURE } from '../test/instance-file.ts';

const server = testServer();
const ROOT = '/dicom-web';

const name = (Alphabetic: string, Ideographic?: string, Phonetic?: string): JsonDataSet => ({
  '00100010': { vr: 'PN', Value: [{ Alphabetic, ...(Ideographic && { Ideographic }), ...(Phonetic && { Phonetic }) }] },
});
const study = (date: string, time: string, id: string, more: JsonDataSet = {}): JsonDataSet => ({
  '00080005': element('CS', 'ISO_IR 192'),
  '00080020': date === '' ? { vr: 'DA' } : element('DA', date),
  '00080030': time === '' ? { vr: 'TM' } : element('TM', time),
  '00100020': id === '' ? { vr: 'LO' } : element('LO', id),
  ...more,
});

/** What stands in the archive, by the letter that the tests know it by. */
const studies: Record<string, JsonDataSet> = {
  A: study('20240110', '093000', 'P-1', {
    ...name('Müller^Jürgen'),
    '00080050': element('SH', 'ACC1'),
    '00080090': { vr: 'PN', Value: [{ Alphabetic: 'House^Gregory' }] },
    '00081030': element('LO', 'MRI Prostate'),
    '00100030': element('DA', '19700101'),
    '00100040': element('CS', 'M'),
    '00200010': element('SH', 'S1'),
  }),
  B: study('20240211', '120000.5', 'P-2', {
    ...name('Yamada^Tarou', '山田^太郎', 'やまだ^たろう'),
    '00081030': element('LO', 'CT 100%'),
  }),
  C: study('20240301', '', 'p-2x', { ...name('MULLER^ANNA'), '00080060': element('CS', 'US') }),
  D: study('', '', '', { '00100010': { vr: 'PN' } }),
  E: study('20231231', '235959', 'A_B', { ...name('Smith^John^Q'), '00080060': element('CS', 'CT') }),
  F: study('20250101', '000000', 'AXB', { ...name('Smithson^Joan^^'), '00080060': element('CS', 'MG') }),
};
const files: Record<string, InstanceFile[]> = {};
const letters = new Map<string, string>();

beforeAll(async () => {
  for (const [letter, elements] of Object.entries(studies)) {
    const uid = newUid();
    letters.set(uid, letter);
    files[letter] = [instanceFile({ study: uid, elements })];
  }
  const [first] = files.A!;
  const inSeries = (series: string, number: number, more: JsonDataSet) =>
    instanceFile({
      ...first,
      series,
      instance: newUid(),
      elements: { ...studies.A, '00200011': element('IS', number), ...more },
    });
  const [mr, sr] = [newUid(), newUid()];
  files.A = [
    ...[3, 1, 2].map((n) =>
      inSeries(mr, 2, {
        '00080060': element('CS', 'MR'),
        '00080070': element('LO', 'Siemens Healthineers'),
        '0008103E': element('LO', 'T2w, axial'),
        '00091001': element('LO', `private ${n}`),
        '00090010': element('LO', 'SOMEBODY'),
        '00180015': element('CS', 'PROSTATE'),
        '00200013': element('IS', n),
        '00280008': element('IS', n * 10),
        '00280010': element('US', 512),
        '00280011': element('US', 256),
        '00400244': element('DA', '20240110'),
        '00400245': element('TM', '1015'),
        '00400275': { vr: 'SQ', Value: [{ '00400009': element('SH', 'STEP1'), '00401001': element('SH', 'PROC1') }] },
      }),
    ),
    inSeries(sr, 1, { '00080016': element('UI', '1.2.840.10008.5.1.4.1.1.88.11'), '00080060': element('CS', 'SR') }),
  ];
  const answer = await server.fetch(`${ROOT}/studies`, {
    method: 'POST',
    ...storeRequest(Object.values(files).flatMap((some) => some.map(({ bytes }) => bytes))),
  });
  expect(answer.status).toBe(200);
});

async function ask(path: string, accept?: string): Promise<JsonDataSet[]> {
  const answer = await server.fetch(`${ROOT}${path}`, accept === undefined ? {} : { headers: { accept } });
  if (answer.status === 204) return [];
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.json()) as JsonDataSet[];
}
const textAt = (json: JsonDataSet, tag: string): string => String(json[tag]?.Value?.[0]);
/** The letters of the studies that were found, in order. */
const lettersOf = (found: JsonDataSet[]): string => found.map((json) => letters.get(textAt(json, '0020000D'))).join('');

describe('a search for studies', () => {
  test.each([
    ['', 'FCBAED'],
    ['PatientID=P-1', 'A'],
    ['00100020=P-1', 'A'],
    ['PatientID=p-1', ''],
    ['PatientID=P-*', 'BA'],
    ['PatientID=?-2*', 'CB'],
    ['PatientID=A_B', 'E'],
    ['PatientID=A?B', 'FE'],
    ['PatientID=*%25*', ''],
    ['StudyDescription=*100%25', 'B'],
    ['StudyDescription=mri prostate', 'A'],
    ['StudyDescription=*PROST*', 'A'],
    ['PatientID=', 'FCBAED'],
    ['PatientID=*', 'FCBAED'],
    ['AccessionNumber=ACC1', 'A'],
    ['StudyID=S1&PatientSex=M', 'A'],
    ['StudyID=S1&PatientSex=F', ''],
    ['PatientBirthDate=19700101', 'A'],
    ['PatientBirthDate=-19991231', 'A'],
    ['ReferringPhysicianName=house*', 'A'],
    ['ModalitiesInStudy=MR', 'A'],
    ['ModalitiesInStudy=SR', 'A'],
    ['ModalitiesInStudy=US,MG', 'FC'],
    ['ModalitiesInStudy=US\\MG', 'FC'],
    ['SOPClassesInStudy=1.2.840.10008.5.1.4.1.1.88.11', 'A'],
    ['StudyInstanceUID=1.2.3', ''],
  ])('[ARCH-1] by %s finds %s', async (query, expected) => {
    expect(lettersOf(await ask(`/studies?${query}`))).toBe(expected);
  });

  test.each([
    ['StudyDate=20240110', 'A'],
    ['StudyDate=20240110-', 'FCBA'],
    ['StudyDate=-20240110', 'AE'],
    ['StudyDate=20240110-20240211', 'BA'],
    ['StudyDate=20240212-20240229', ''],
    ['StudyDate=20240301-20240211', ''],
    ['StudyTime=0930', 'A'],
    ['StudyTime=09', 'A'],
    ['StudyTime=093000', 'A'],
    ['StudyTime=0931', ''],
    ['StudyTime=-0930', 'FA'],
    ['StudyTime=1200-', 'BE'],
    ['StudyTime=120000.5', 'B'],
    ['StudyTime=120000.4-120000.6', 'B'],
    ['StudyTime=2359-2359', 'E'],
  ])('[ARCH-1] by the range %s finds %s', async (query, expected) => {
    expect(lettersOf(await ask(`/studies?${query}`))).toBe(expected);
  });

  test.each([
    ['PatientName=Müller^Jürgen', 'A'],
    ['PatientName=muller^jurgen', 'A'],
    ['PatientName=M%C3%9CLLER*', 'CA'],
    ['PatientName=Mu%CC%88ller*', 'CA'],
    ['PatientName=Smith^John', ''],
    ['PatientName=Smith^John^Q^^', 'E'],
    ['PatientName=Smith*', 'FE'],
    ['PatientName=Smith^*', 'E'],
    ['PatientName=Smithson^Joan', 'F'],
    ['PatientName=Yamada^Tarou', 'B'],
    ['PatientName=山田^太郎', 'B'],
    ['PatientName=*山田*', 'B'],
    ['PatientName=やまだ*', 'B'],
    ['PatientName=Yamada*=山田*', 'B'],
    ['PatientName=Tarou^Yamada', ''],
    ['PatientName=Tarou^Yamada&fuzzymatching=true', 'B'],
    ['PatientName=jo smi&fuzzymatching=true', 'FE'],
    ['PatientName=joh smi&fuzzymatching=true', 'E'],
    ['PatientName=ohn&fuzzymatching=true', ''],
    ['PatientName=_mith&fuzzymatching=true', ''],
    ['PatientName=太郎&fuzzymatching=true', 'B'],
    ['PatientName=Smith*&fuzzymatching=false', 'FE'],
  ])('[ARCH-1] by the name %s finds %s', async (query, expected) => {
    expect(lettersOf(await ask(`/studies?${query}`))).toBe(expected);
  });

  test('[ARCH-1] by a list of UIDs finds those, by commas or backslashes or repeated parameters narrowing', async () => {
    const [a, b] = [files.A![0]!.study, files.B![0]!.study];
    expect(lettersOf(await ask(`/studies?StudyInstanceUID=${a},${b}`))).toBe('BA');
    expect(lettersOf(await ask(`/studies?StudyInstanceUID=${a}%5C${b},1.2.3`))).toBe('BA');
    expect(lettersOf(await ask(`/studies?0020000d=${a}&PatientID=P-2`))).toBe('');
  });

  test('[ARCH-1] answers the attributes of the standard in order of their tags, and what the study holds', async () => {
    const [json] = await ask('/studies?PatientID=P-1');
    expect(json).toMatchObject({
      '00080020': { vr: 'DA', Value: ['20240110'] },
      '00080050': { vr: 'SH', Value: ['ACC1'] },
      '00080056': { vr: 'CS', Value: ['ONLINE'] },
      '00080061': { vr: 'CS', Value: ['MR', 'SR'] },
      '00080062': { vr: 'UI', Value: [SECONDARY_CAPTURE, '1.2.840.10008.5.1.4.1.1.88.11'] },
      '00081190': { vr: 'UR', Value: [`${server.url}${ROOT}/studies/${files.A![0]!.study}`] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller^Jürgen' }] },
      '00201206': { vr: 'IS', Value: [2] },
      '00201208': { vr: 'IS', Value: [4] },
    });
    const tags = Object.keys(json!);
    expect(tags).toEqual([...tags].sort());
    const [empty] = await ask(`/studies?StudyInstanceUID=${files.D![0]!.study}`);
    for (const tag of ['00080020', '00080050', '00080090', '00100010', '00100030', '00200010']) {
      expect([tag, empty?.[tag]?.Value]).toEqual([tag, undefined]);
      expect(empty).toHaveProperty([tag]);
    }
  });
});

describe('pages of a search', () => {
  test('[ARCH-1] together are the whole, in the same order, and say when more remain', async () => {
    for (const [path, count] of [
      ['/studies', 6],
      ['/series', 7],
      ['/instances', 9],
    ] as const) {
      const whole = await ask(path);
      expect(whole).toHaveLength(count);
      const pieces: JsonDataSet[] = [];
      for (let offset = 0; offset < count; offset += 2) {
        const answer = await server.fetch(`${ROOT}${path}?limit=2&offset=${offset}`);
        const remain = offset + 2 < count;
        const warning = answer.headers.get('warning');
        if (remain)
          expect(warning).toBe(
            `299 ${new URL(server.url).host} "There are more results than these 2. Use offset and limit to get them."`,
          );
        else expect(warning).toBeNull();
        pieces.push(...((await answer.json()) as JsonDataSet[]));
      }
      expect(pieces).toEqual(whole);
    }
  });

  test('[ARCH-1] beyond the end, and without a match, are 204', async () => {
    for (const query of ['offset=100', 'PatientID=nobody', 'limit=0']) {
      const answer = await server.fetch(`${ROOT}/studies?${query}`);
      expect([query, answer.status, await answer.text()]).toEqual([query, 204, '']);
    }
  });
});

describe('a search for series', () => {
  const found = async (path: string): Promise<string[]> =>
    (await ask(path)).map((json) => `${lettersOf([json])} ${textAt(json, '00080060')}`);

  test.each([
    ['Modality=MR', ['A MR']],
    ['PatientID=P-1', ['A MR', 'A SR']],
    ['PatientID=P-1&Modality=SR', ['A SR']],
    ['Modality=C*', ['E CT']],
    ['SeriesNumber=2', ['A MR']],
    ['SeriesNumber=%2B1', ['A SR']],
    ['Manufacturer=siemens*', ['A MR']],
    ['SeriesDescription=T2W, AXIAL', ['A MR']],
    ['BodyPartExamined=PROSTATE', ['A MR']],
    ['PerformedProcedureStepStartDate=20240101-20240131', ['A MR']],
    ['PerformedProcedureStepStartTime=10', ['A MR']],
    ['RequestAttributesSequence.RequestedProcedureID=PROC1', ['A MR']],
    ['00400275.00400009=STEP1', ['A MR']],
    ['RequestAttributesSequence.ScheduledProcedureStepID=STEP2', []],
  ])('[ARCH-1] by %s finds them', async (query, expected) => {
    // Outside a study they come in the order of their arrival, which is anyone's where they came together.
    expect((await found(`/series?${query}`)).sort()).toEqual(expected);
  });

  test('[ARCH-1] within a study answers its series in order, without repeating the study', async () => {
    const path = `/studies/${files.A![0]!.study}/series`;
    expect(await found(path)).toEqual(['A SR', 'A MR']);
    const [, series] = await ask(path);
    expect(series?.['00100010']).toBeUndefined();
    expect(series).toMatchObject({ '0008103E': { Value: ['T2w, axial'] }, '00201209': { vr: 'IS', Value: [3] } });
    expect((await ask('/series?Modality=MR'))[0]?.['00100010']).toBeDefined();
    expect(await ask('/studies/1.2.3/series')).toEqual([]);
  });
});

describe('a search for instances', () => {
  const numbers = async (path: string): Promise<unknown[]> =>
    (await ask(path)).map((json) => json['00200013']?.Value?.[0]);

  test('[ARCH-1] within a series answers them in order of their numbers', async () => {
    const [{ study: uid, series, instance }] = files.A as [InstanceFile];
    expect(await numbers(`/studies/${uid}/series/${series}/instances`)).toEqual([1, 2, 3]);
    expect(await numbers(`/studies/${uid}/series/${series}/instances?InstanceNumber=2`)).toEqual([2]);
    expect(await numbers(`/studies/${uid}/instances?NumberOfFrames=30`)).toEqual([3]);
    // Outside a series they come in the order of their arrival, which is anyone's where they came together.
    expect((await numbers(`/instances?Rows=512&Columns=256&PatientID=P-1`)).sort()).toEqual([1, 2, 3]);
    expect(await numbers(`/instances?SOPInstanceUID=${instance}`)).toEqual([3]);
    expect(await numbers('/instances?SOPClassUID=1.2.840.10008.5.1.4.1.1.88.11')).toEqual([undefined]);
    expect(await ask('/instances?AvailableTransferSyntaxUID=1.2.840.10008.1.2.1')).toHaveLength(9);
    expect(await ask(`/studies/${files.B![0]!.study}/series/${series}/instances`)).toEqual([]);
    const [json] = await ask(`/instances?SOPInstanceUID=${instance}`);
    expect(json).toMatchObject({
      '00080016': { vr: 'UI', Value: [SECONDARY_CAPTURE] },
      '00080018': { vr: 'UI', Value: [instance] },
      '00081190': { Value: [`${server.url}${ROOT}/studies/${uid}/series/${series}/instances/${instance}`] },
      '00280008': { vr: 'IS', Value: [30] },
      '00280010': { vr: 'US', Value: [512] },
    });
  });
});

describe('further attributes', () => {
  test.each([
    ['studies', 'SeriesDescription', '0008103E', 'T2w, axial'],
    ['series', 'Rows', '00280010', 512],
    ['instances', 'includefield', '', undefined],
    ['series', '00091001', '00091001', expect.stringMatching(/^private [123]$/)],
    ['series', 'Rows,Columns', '00280011', 256],
  ])('[ARCH-1] of %s are answered when they are asked for: %s', async (level, field, tag, value) => {
    const query = level === 'studies' ? 'PatientID=P-1' : 'Modality=MR';
    if (tag === '') {
      expect((await server.fetch(`${ROOT}/${level}?includefield=${field}`)).status).toBe(400);
      return;
    }
    const [without] = await ask(`/${level}?${query}`);
    const [with_] = await ask(`/${level}?${query}&includefield=${field}`);
    expect(without?.[tag]).toBeUndefined();
    expect(with_?.[tag]?.Value?.[0]).toEqual(value);
  });

  test('[ARCH-1] come with whole sequences, and all of an instance with "all"', async () => {
    const path = `/studies/${files.A![0]!.study}/instances?InstanceNumber=1`;
    const [some] = await ask(`${path}&includefield=RequestAttributesSequence.RequestedProcedureID`);
    expect(some?.['00400275']?.Value).toEqual([
      { '00400009': element('SH', 'STEP1'), '00401001': element('SH', 'PROC1') },
    ]);
    const [all] = await ask(`${path}&includefield=all`);
    expect(all).toMatchObject({ '00091001': { Value: ['private 1'] }, '00400244': { Value: ['20240110'] } });
    expect(Object.keys(all!)).toEqual(Object.keys(all!).sort());
  });
});

describe('what is not understood', () => {
  test.each([
    ['/studies?PatientsName=x', 'query.PatientsName'],
    ['/studies?SeriesNumber=1', 'query.SeriesNumber'],
    ['/series?Rows=1', 'query.Rows'],
    ['/studies?StudyDate=2024', 'query.StudyDate'],
    ['/studies?StudyDate=20240230', 'query.StudyDate'],
    ['/studies?StudyDate=-', 'query.StudyDate'],
    ['/studies?StudyTime=25', 'query.StudyTime'],
    ['/series?SeriesNumber=one', 'query.SeriesNumber'],
    ['/studies?limit=-1', 'query.limit'],
    ['/studies?limit=1&limit=2', 'query.limit'],
    ['/studies?offset=x', 'query.offset'],
    ['/studies?fuzzymatching=maybe', 'query.fuzzymatching'],
    ['/studies?emptyvaluematching=true', 'query.emptyvaluematching'],
    ['/studies?includefield=Nothing', 'query.includefield'],
    ['/studies?PatientID=a%00b', 'query.PatientID'],
  ])('[ARCH-1] is refused and named: %s', async (path, field) => {
    const answer = await server.fetch(`${ROOT}${path}`);
    const { code, params } = (await answer.json()) as { code: string; params: { fields: { field: string }[] } };
    expect([answer.status, code, params.fields.map((each) => each.field)]).toEqual([400, 'invalid-request', [field]]);
  });

  test('[ARCH-1] is never an error of the server', async () => {
    for (const path of [
      '/studies/%00/series',
      '/studies/1.2.3/series/%00/instances',
      '/studies/%00',
      '/studies/%00/metadata',
    ]) {
      expect([path, (await server.fetch(`${ROOT}${path}`)).status]).toEqual([path, 400]);
    }
    for (const value of [
      "'",
      '"',
      '\\',
      '%25',
      '_',
      '[',
      '(',
      '.*',
      '\u{10ffff}',
      '*'.repeat(300),
      `${'a'.repeat(5000)}`,
    ]) {
      const query = encodeURIComponent(value).replaceAll('*', '%2A');
      for (const attribute of [
        'PatientID',
        'PatientName',
        'StudyDescription',
        'ModalitiesInStudy',
        'StudyInstanceUID',
      ]) {
        for (const fuzzy of ['', '&fuzzymatching=true']) {
          const { status } = await server.fetch(`${ROOT}/studies?${attribute}=${query}${fuzzy}`);
          expect([attribute, value.slice(0, 10), [200, 204].includes(status)]).toEqual([
            attribute,
            value.slice(0, 10),
            true,
          ]);
        }
      }
    }
  });
});

describe('the form of the answer', () => {
  test('[ARCH-1] is XML, a part for each result, where that is preferred', async () => {
    const answer = await server.fetch(`${ROOT}/studies?PatientID=P-*`, {
      headers: { accept: 'multipart/related; type="application/dicom+xml"' },
    });
    const parts = await answeredParts(answer);
    expect(parts.map(({ body }) => letters.get(textAt(fromXml(body.toString()), '0020000D')))).toEqual(['B', 'A']);
    expect(parts[0]?.headers.get('content-type')).toBe('application/dicom+xml');
  });

  test('[ARCH-1] is DICOM JSON by default, whose media type has no charset', async () => {
    for (const accept of ['*/*', 'application/dicom+json', 'application/json']) {
      const answer = await server.fetch(`${ROOT}/studies?PatientID=P-1`, { headers: { accept } });
      expect([accept, answer.headers.get('content-type')]).toEqual([accept, 'application/dicom+json']);
    }
  });

  test('[ARCH-1] can be chosen by a parameter, and what there is not is 406', async () => {
    expect(await ask('/studies?PatientID=P-1&accept=application/json', 'image/png')).toHaveLength(1);
    const answer = await server.fetch(`${ROOT}/studies`, { headers: { accept: 'text/csv' } });
    expect(await answer.json()).toMatchObject({
      status: 406,
      params: { available: ['application/dicom+json', expect.any(String)] },
    });
  });
});

describe('zones', () => {
  test('[ARCH-7] what stands in several is answered once, from the one furthest along; each zone for itself', async () => {
    const file = instanceFile({ elements: { '00100020': element('LO', 'in zones') } });
    const later = instanceFile({
      ...file,
      elements: { '00100020': element('LO', 'in zones'), '00081030': element('LO', 'curated') },
    });
    for (const [zone, { bytes }] of [
      ['landing', file],
      ['repository', later],
    ] as const) {
      const answer = await server.fetch(`/zones/${zone}/dicom-web/studies`, {
        method: 'POST',
        ...storeRequest([bytes]),
      });
      expect(answer.status).toBe(200);
    }
    for (const path of ['/studies?PatientID=in zones', '/series?PatientID=in zones', '/instances?PatientID=in zones']) {
      const found = await ask(path);
      expect([path, found.map((json) => textAt(json, '00081030'))]).toEqual([path, ['curated']]);
    }
    const inZone = async (zone: string): Promise<number> => {
      const answer = await server.fetch(`/zones/${zone}/dicom-web/studies?PatientID=in zones`);
      return answer.status === 204 ? 0 : ((await answer.json()) as unknown[]).length;
    };
    expect([await inZone('landing'), await inZone('staging'), await inZone('repository')]).toEqual([1, 0, 1]);
  });
});
