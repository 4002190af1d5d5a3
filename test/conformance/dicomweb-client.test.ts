import { testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { askPythonBeside, pythonMissing } from '@isocenter/testkit/pydicom';
import { realFilesMissing } from '@isocenter/testkit/real-files';
import { firstOfEach, type RealInstance, realInstances, variedFiles } from '@isocenter/testkit/real-instances';
import { beforeAll, expect, test } from 'vitest';

const missing = realFilesMissing ?? pythonMissing('dicomweb_client', 'pydicom', 'numpy', 'PIL');
needs(missing);

/** Its Number of Frames is 1A, of which pydicom can't make its model. */
const noNumberOfFrames = 'dicom/pydicom-test-files/badVR.dcm';

const server = testServer();
let files: readonly RealInstance[];
let stored: Stored;

interface Stored {
  readonly stored: number;
  readonly failed: number;
  /** Studies sent one by one under their own address: the response's Retrieve URL, and whether all were stored. */
  readonly byStudy: readonly [url: string, all: boolean][];
  /** What pydicom can't write anew, which the client does with what it stores. */
  readonly unwritten: readonly string[];
}

/** Runs a script in which `client` is one of our server and `paths` are the files. */
function ask<T>(script: string): Promise<T> {
  const given = { url: server.url, token: server.token, paths: files.map(({ path }) => path) };
  return askPythonBeside(PROLOGUE + script, given) as Promise<T>;
}

const PROLOGUE = `
import hashlib, io
import numpy as np, pydicom, requests
from PIL import Image
from dicomweb_client.api import DICOMwebClient
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE
client = DICOMwebClient(given['url'] + '/dicom-web', headers={'Authorization': 'Bearer ' + given['token']})
def read(path): return pydicom.dcmread(path, force=True)
def uids(ds): return (ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID)
def found(matches): return sorted(m['0020000D']['Value'][0] for m in matches)
def status(call):
    try: call()
    except requests.HTTPError as error: return error.response.status_code
    return 200
def name(path): return path.split('/data/')[1]
def rewritten(path):
    written = io.BytesIO()
    try: pydicom.dcmwrite(written, read(path))
    except Exception: return None
    return pydicom.dcmread(io.BytesIO(written.getvalue()), force=True)
# The client stores what pydicom writes, which is not always what it read.
files = {path: rewritten(path) for path in given['paths']}
unwritten = [path for path in files if files[path] is None]
originals = {uids(ds): ds for ds in files.values() if ds is not None}
names = {uids(ds): name(path) for path, ds in files.items() if ds is not None}
`;

/** One request for many studies, and again one for each of some studies. */
const STORE = `
response = client.store_instances([read(path) for path in files if path not in unwritten])
by_study = []
for study in sorted({s for s, _, _ in originals})[:5]:
    mine = [ds for key, ds in originals.items() if key[0] == study]
    one = client.store_instances(mine, study_instance_uid=study)
    by_study.append([one.RetrieveURL, len(one.ReferencedSOPSequence) == len(mine)])
answer = {'stored': len(response.ReferencedSOPSequence), 'failed': len(response.get('FailedSOPSequence', [])),
          'byStudy': by_study, 'unwritten': [name(path) for path in unwritten]}
`;

beforeAll(async () => {
  if (missing) return;
  const chosen = /pydicom-test-files\/([^/]+$|dicomdirtests\/98892001)/;
  const names = variedFiles.filter((name, i) => (chosen.test(name) || i % 6 === 0) && name !== noNumberOfFrames);
  files = firstOfEach(realInstances(names)).filter(({ part10 }) => part10.meta.elements.has(0x00020010));
  stored = await ask<Stored>(STORE);
});

test('[ARCH-6] dicomweb-client of Python stores what pydicom reads, for many studies and for one', () => {
  expect(stored).toMatchObject({ failed: 0, stored: files.length - 1 });
  expect(stored.unwritten).toEqual(['dicom/pydicom-test-files/SC_rgb_jpeg.dcm']);
  expect(stored.byStudy).toHaveLength(5);
  for (const [url, all] of stored.byStudy) {
    expect([url.startsWith(`${server.url}/dicom-web/studies/`), all]).toEqual([true, true]);
  }
});

test('[ARCH-6] dicomweb-client of Python searches at every level', async () => {
  const answer = await ask<Record<string, unknown>>(`
def all_of(search, *tags): return {tuple(m[tag]['Value'][0] for tag in tags) for m in search}
studies = {key[:1] for key in originals}; series = {key[:2] for key in originals}
one = next(key for key in originals if originals[key].get('PatientID') == '1CT1')
found_studies = client.search_for_studies(limit=7, get_remaining=True)
pages = [client.search_for_studies(limit=5, offset=offset) for offset in (0, 5)]
first_ten = client.search_for_studies(limit=10)
answer = {
    'studies': all_of(found_studies, '0020000D') == studies,
    'series': all_of(client.search_for_series(get_remaining=True), '0020000D', '0020000E') == series,
    'instances': all_of(client.search_for_instances(get_remaining=True), '0020000D', '0020000E', '00080018') == set(originals),
    'series of a study': all(all_of(client.search_for_series(study), '0020000D', '0020000E') == {k[:2] for k in originals if k[0] == study} for study, in studies),
    'instances of a study': all(all_of(client.search_for_instances(study), '0020000D', '0020000E', '00080018') == {k for k in originals if k[0] == study} for study, in studies),
    'instances of a series': all(all_of(client.search_for_instances(*key), '0020000D', '0020000E', '00080018') == {k for k in originals if k[:2] == key} for key in series),
    'pages': pages[0] + pages[1] == first_ten and len(first_ten) == 10,
    'filters': [found(client.search_for_studies(search_filters=filters)) == [one[0]] for filters in (
        {'PatientID': '1CT1'}, {'00100020': '1CT*'}, {'StudyInstanceUID': one[0]},
        {'PatientName': 'CompressedSamples^CT1', 'StudyDate': '20040101-20041231'},
        {'PatientName': 'compressed*', 'ModalitiesInStudy': 'CT'})],
    'fuzzy': [len(client.search_for_studies(fuzzymatching=fuzzy, search_filters={'PatientName': 'CT1'})) for fuzzy in (True, False)],
    'fields': [len(client.search_for_studies(search_filters={'PatientID': '1CT1'}, fields=fields)[0].get('00080070', {}).get('Value', [])) for fields in (None, ['Manufacturer'], ['00080070'])],
    'all fields': '00101010' in client.search_for_studies(search_filters={'PatientID': '1CT1'}, fields=['all'])[0],
    'modality': {m['00080060']['Value'][0] for m in client.search_for_series(search_filters={'Modality': 'US'})} == {'US'},
    'sop class': len(client.search_for_instances(search_filters={'SOPClassUID': originals[one].SOPClassUID})) == sum(ds.SOPClassUID == originals[one].SOPClassUID for ds in originals.values()),
    'nothing': client.search_for_studies(search_filters={'PatientID': 'NOBODY'}),
    'nonsense': status(lambda: client.search_for_studies(search_filters={'Rows': '1'})),
}
`);
  expect(answer).toEqual({
    studies: true,
    series: true,
    instances: true,
    'series of a study': true,
    'instances of a study': true,
    'instances of a series': true,
    pages: true,
    filters: [true, true, true, true, true],
    fuzzy: [1, 0],
    fields: [0, 1, 1],
    'all fields': true,
    modality: true,
    'sop class': true,
    nothing: [],
    nonsense: 400,
  });
});

/** As it is stored, a data set is the one that pydicom read; in explicit VR little endian too, but for its pixels. */
test('[ARCH-6] dicomweb-client of Python retrieves studies, series and instances', async () => {
  const answer = await ask<Record<string, unknown>>(`
STORED = (('application/dicom', '*'),)
def differing(datasets):
    return [str(ds.SOPInstanceUID) for ds in datasets if ds != originals[uids(ds)]]
def without(ds):
    return {e.tag: e for e in ds if e.tag.group not in (0x28, 0x7fe0) and e.tag != 0xfffcfffc}
wrong = []; counts = {'study': 0, 'series': 0, 'instance': 0, 'explicit': 0}; others = []
for study in {key[0] for key in originals}:
    mine = client.retrieve_study(study, media_types=STORED)
    wrong += differing(mine) + differing(client.iter_study(study, media_types=STORED))
    counts['study'] += len(mine)
    for ds in client.retrieve_study(study):
        if without(ds) != without(originals[uids(ds)]): wrong.append(str(ds.SOPInstanceUID))
        if ds.file_meta.TransferSyntaxUID == '1.2.840.10008.1.2.1': counts['explicit'] += 1
        else: others.append(names[uids(ds)])
for key in {key[:2] for key in originals}:
    mine = client.retrieve_series(*key, media_types=STORED)
    wrong += differing(mine) + differing(client.iter_series(*key, media_types=STORED))
    counts['series'] += len(mine)
for key in originals:
    wrong += differing([client.retrieve_instance(*key)])
    counts['instance'] += 1
answer = {'wrong': wrong, 'counts': counts, 'others': others,
          'unknown': [status(lambda: client.retrieve_study('1.2.3')), status(lambda: client.retrieve_instance('1.2.3', '1.2', '1'))]}
`);
  const all = stored.stored;
  const others = ['dicom/pydicom-test-files/JPEG2000-embedded-sequence-delimiter.dcm'];
  expect(answer).toEqual({
    wrong: [],
    counts: { study: all, series: all, instance: all, explicit: all - others.length },
    // What can't be decoded comes as it is stored.
    others,
    unknown: [404, 404],
  });
});

test('[ARCH-6] dicomweb-client of Python retrieves metadata and bulk data', async () => {
  const answer = await ask<{ wrong: unknown[]; ranges: number; bulk: number }>(`
wrong = []; ranges = 0; bulk = 0
def same_bulk(original, tag, uri):
    syntax = original.file_meta.TransferSyntaxUID
    value = client.retrieve_bulkdata(uri)[0]
    # Bulk data is little endian, and of encapsulated pixel data the frames without their items.
    return not syntax.is_little_endian or syntax.is_encapsulated or value == original[tag].value
for key, original in originals.items():
    metadata = client.retrieve_instance_metadata(*key)
    by_address = {tag: e['BulkDataURI'] for tag, e in metadata.items() if 'BulkDataURI' in e}
    bulk += len(by_address)
    wrong += [[tag, *key] for tag, uri in by_address.items() if not same_bulk(original, tag, uri)]
    ds = pydicom.Dataset.from_json(metadata, lambda tag, vr, uri: None)
    if {e.tag for e in ds} != {e.tag for e in original if e.tag.element != 0}: wrong.append(['tags', *key])
    if '7FE00010' not in by_address: continue
    uri = by_address['7FE00010']
    whole = client.retrieve_bulkdata(uri)
    if list(client.iter_bulkdata(uri)) != whole: wrong.append(['iterated', *key])
    if client.retrieve_bulkdata(uri, byte_range=(3, 12)) != [whole[0][3:13]]: wrong.append(['range', *key])
    ranges += 1
def key_of(m): return tuple(m[tag]['Value'][0] for tag in ('0020000D', '0020000E', '00080018'))
for study in {key[0] for key in originals}:
    for m in client.retrieve_study_metadata(study):
        if m != client.retrieve_instance_metadata(*key_of(m)): wrong.append(['study', *key_of(m)])
for key in {key[:2] for key in originals}:
    for m in client.retrieve_series_metadata(*key):
        if m != client.retrieve_instance_metadata(*key_of(m)): wrong.append(['series', *key_of(m)])
answer = {'wrong': wrong, 'ranges': ranges, 'bulk': bulk}
`);
  expect(answer).toMatchObject({ wrong: [] });
  expect(answer.ranges).toBeGreaterThan(40);
  expect(answer.bulk).toBeGreaterThan(50);
});

test('[ARCH-6] dicomweb-client of Python retrieves frames and pictures of real images', async () => {
  const answer = await ask<{ wrong: unknown[]; frames: number; pictures: number; kinds: string[] }>(`
from pydicom.pixels import pixel_array
wrong = []; frames = 0; pictures = 0; kinds = set()
for key, ds in originals.items():
    if 'PixelData' not in ds or not ds.get('Rows'): continue
    n = int(ds.get('NumberOfFrames') or 1)
    try: last = pixel_array(ds, index=n - 1)
    except Exception: continue
    got = client.retrieve_instance_frames(*key, frame_numbers=[n])
    kinds.add(str(ds.file_meta.TransferSyntaxUID))
    if ds.SamplesPerPixel == 1 and ds.BitsAllocated >= 8:
        ours = np.frombuffer(got[0], last.dtype)
        apart = np.abs(ours.astype('i8') - last.ravel().astype('i8')).max()
        if apart > (1 if ds.file_meta.TransferSyntaxUID in ('1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.51', '1.2.840.10008.1.2.4.91') else 0): wrong.append([str(key), int(apart)])
        frames += 1
    elif list(client.iter_instance_frames(*key, frame_numbers=[n])) != got: wrong.append(str(key))
    picture = Image.open(io.BytesIO(client.retrieve_instance_rendered(*key, media_types=('image/png',))))
    if n == 1 and picture.size != (ds.Columns, ds.Rows): wrong.append([str(key), picture.size])
    picture = Image.open(io.BytesIO(client.retrieve_instance_frames_rendered(*key, frame_numbers=[n], media_types=('image/jpeg',), params={'viewport': '40,40'})))
    if max(picture.size) != 40: wrong.append([str(key), picture.size])
    pictures += 1
answer = {'wrong': wrong, 'frames': frames, 'pictures': pictures, 'kinds': sorted(kinds)}
`);
  expect(answer).toMatchObject({ wrong: [] });
  expect(answer.frames).toBeGreaterThan(25);
  expect(answer.pictures).toBeGreaterThan(40);
  expect(answer.kinds.length).toBeGreaterThan(7);
});

test('[ARCH-6] dicomweb-client of Python deletes instances, series and studies', async () => {
  const answer = await ask<Record<string, unknown>>(`
key = next(k for k in originals if len([o for o in originals if o[:2] == k[:2]]) > 1 and len({o[1] for o in originals if o[0] == k[0]}) > 1)
study = key[0]
def left(*at): return {m['00080018']['Value'][0] for m in client.search_for_instances(*at)}
before = {k[2] for k in originals if k[0] == study}
client.delete_instance(*key)
after_instance = left(study)
client.delete_series(*key[:2])
after_series = left(study)
client.delete_study(study)
answer = {
    'instance': before - after_instance == {key[2]},
    'series': before - after_series == {k[2] for k in originals if k[:2] == key[:2]},
    'study': client.search_for_studies(search_filters={'StudyInstanceUID': study}),
    'others': len(client.search_for_instances(get_remaining=True)) == len(originals) - len(before),
    'again': [status(lambda: client.delete_study(study)), status(lambda: client.delete_series(*key[:2])), status(lambda: client.delete_instance(*key))],
    'stranger': [status(lambda: getattr(DICOMwebClient(given['url'] + '/dicom-web', headers={'Authorization': 'Bearer of-nobody'}), call)(*[k for k in originals if k[0] != study][0][:n])) for n, call in enumerate(('search_for_studies', 'delete_study', 'delete_series', 'delete_instance'))],
}
`);
  expect(answer).toEqual({
    instance: true,
    series: true,
    study: [],
    others: true,
    again: [404, 404, 404],
    stranger: [401, 401, 401, 401],
  });
});
