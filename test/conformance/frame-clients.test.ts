import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { type JsonDataSet, writePart10 } from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { pythonMissing } from '@isocenter/testkit/pydicom';
import { beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const missing = pythonMissing('dicomweb_client', 'pydicom', 'numpy', 'PIL');
needs(missing);

const server = testServer();
const pixels = randomBytes(32 * 32 * 2 * 3);

const instance: JsonDataSet = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7.3'] },
  '00080018': { vr: 'UI', Value: ['1.2.826.0.2.1.1'] },
  '0020000D': { vr: 'UI', Value: ['1.2.826.0.2'] },
  '0020000E': { vr: 'UI', Value: ['1.2.826.0.2.1'] },
  '00280002': { vr: 'US', Value: [1] },
  '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
  '00280008': { vr: 'IS', Value: [3] },
  '00280010': { vr: 'US', Value: [32] },
  '00280011': { vr: 'US', Value: [32] },
  '00280100': { vr: 'US', Value: [16] },
  '00280101': { vr: 'US', Value: [16] },
  '00280102': { vr: 'US', Value: [15] },
  '00280103': { vr: 'US', Value: [0] },
  '7FE00010': { vr: 'OW', BulkDataURI: 'pixels' },
};

beforeAll(async () => {
  if (missing) return;
  const file = writePart10(instance, { bulkData: () => pixels });
  const answer = await server.fetch('/dicom-web/studies', {
    method: 'POST',
    headers: { 'content-type': 'application/dicom' },
    body: new Uint8Array(file),
  });
  expect(answer.status).toBe(200);
});

test('[ARCH-6] dicomweb-client of Python retrieves frames, pictures and instances', async () => {
  const script = `
import io, json, sys, hashlib, warnings
warnings.simplefilter('ignore')
import numpy as np
from PIL import Image
from dicomweb_client.api import DICOMwebClient
client = DICOMwebClient(sys.argv[1] + '/dicom-web', headers={'Authorization': 'Bearer ' + sys.argv[2]})
uids = ('1.2.826.0.2', '1.2.826.0.2.1', '1.2.826.0.2.1.1')
sha = lambda b: hashlib.sha256(bytes(b)).hexdigest()
out = {}
for name, types in {
    'default': None,
    'octets': ('application/octet-stream',),
    'octets explicit': (('application/octet-stream', '1.2.840.10008.1.2.1'),),
    'anything': ('*/*',),
    'jls': (('image/jls', '1.2.840.10008.1.2.4.80'),),
    'x-jls': (('image/x-jls', '1.2.840.10008.1.2.4.80'),),
    'jp2': (('image/jp2', '1.2.840.10008.1.2.4.90'),),
    'rle': (('image/x-dicom-rle', '1.2.840.10008.1.2.5'),),
    'several': (('image/jls', '1.2.840.10008.1.2.4.80'), ('application/octet-stream', '1.2.840.10008.1.2.1')),
}.items():
    frames = client.retrieve_instance_frames(*uids, frame_numbers=[1, 3], media_types=types)
    out[name] = [sha(f) for f in frames] if name in ('default', 'octets', 'octets explicit', 'anything') else len(frames)
out['iterated'] = [sha(f) for f in client.iter_instance_frames(*uids, frame_numbers=[3, 2, 1])]
size = lambda b: [Image.open(io.BytesIO(b)).format, *Image.open(io.BytesIO(b)).size]
out['rendered'] = size(client.retrieve_instance_rendered(*uids))
out['rendered png'] = size(client.retrieve_instance_rendered(*uids, media_types=('image/png',), params={'viewport': '64,64'}))
out['rendered frame'] = size(client.retrieve_instance_frames_rendered(*uids, frame_numbers=[2], media_types=('image/jpeg',), params={'quality': 50, 'window': '100,200,linear'}))
out['rendered series'] = size(client.retrieve_series_rendered(*uids[:2], media_types=('image/jpeg',)))
for syntax in ('1.2.840.10008.1.2.1', '1.2.840.10008.1.2.5', '1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2.4.90'):
    ds = client.retrieve_instance(*uids, media_types=(('application/dicom', syntax),))
    out[syntax] = [str(ds.file_meta.TransferSyntaxUID), sha(ds.pixel_array.tobytes())]
json.dump(out, sys.stdout)
`;
  const { stdout } = await run('python3', ['-c', script, server.url, server.token], { maxBuffer: 2 ** 26 });
  const sha = (from: number, to: number): string =>
    createHash('sha256')
      .update(pixels.subarray(from * 2048, to * 2048))
      .digest('hex');
  const ends = [sha(0, 1), sha(2, 3)];
  const whole = sha(0, 3);
  expect(JSON.parse(stdout)).toEqual({
    default: ends,
    octets: ends,
    'octets explicit': ends,
    anything: ends,
    jls: 2,
    'x-jls': 2,
    jp2: 2,
    rle: 2,
    several: 2,
    iterated: [sha(2, 3), sha(1, 2), sha(0, 1)],
    rendered: ['JPEG', 32, 32],
    'rendered png': ['PNG', 64, 64],
    'rendered frame': ['JPEG', 32, 32],
    'rendered series': ['JPEG', 32, 32],
    '1.2.840.10008.1.2.1': ['1.2.840.10008.1.2.1', whole],
    '1.2.840.10008.1.2.5': ['1.2.840.10008.1.2.5', whole],
    '1.2.840.10008.1.2.4.80': ['1.2.840.10008.1.2.4.80', whole],
    '1.2.840.10008.1.2.4.90': ['1.2.840.10008.1.2.4.90', whole],
  });
});
