import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type JsonDataSet, readPart10, toJson, writePart10 } from '@isocenter/dicom';
import { frameBytes, interleaved } from '@isocenter/dicom/pixel';
import { needs } from '@isocenter/testkit/needs';
import { askPython, pythonMissing } from '@isocenter/testkit/pydicom';
import { realFilesFolder, realFilesMissing } from '@isocenter/testkit/real-files';
import { afterAll, expect, test } from 'vitest';
import { decodeFile } from './pixel-peers.ts';

const missing = realFilesMissing ?? pythonMissing('imagecodecs', 'openjpeg', 'pydicom', 'numpy');
needs(missing);

const folder = mkdtempSync(join(tmpdir(), 'isocenter-codecs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const natives = ['MR_small.dcm', 'CT_small.dcm', 'examples_rgb_color.dcm', 'examples_palette.dcm'].map((name) =>
  join(realFilesFolder, 'dicom/pydicom-test-files', name),
);

/** A picture encoded by libjxl, OpenJPH or zlib, and what libjxl and OpenJPEG decode it to. */
interface Made {
  readonly uid: string;
  /** The native file. */
  readonly source: string;
  readonly stream: string;
  readonly photometric: string;
  /** Little-endian samples, those of a pixel together. */
  readonly decoded: string;
  readonly native: string;
  readonly lossless: boolean;
  readonly bits: 8 | 16;
}

/**
 * What dcmtk and gdcm can't read. Lossless ones leave no choice; of lossy ones decoders round the transforms in their own
 * ways, and JPEG XL's go through a color space of their own.
 */
const tolerances: Readonly<Record<string, number>> = {
  '1.2.840.10008.1.2.1.98': 0,
  '1.2.840.10008.1.2.8.1': 0,
  '1.2.840.10008.1.2.4.110': 0,
  '1.2.840.10008.1.2.4.111': 1,
  '1.2.840.10008.1.2.4.112': 1,
  '1.2.840.10008.1.2.4.201': 0,
  '1.2.840.10008.1.2.4.203': 1,
};

test('[ARCH-2] JPEG XL, HTJ2K and deflated frames decode as libjxl, OpenJPEG and zlib decode them', async () => {
  const made = askPython(MAKE, { paths: natives, folder }) as Made[];
  expect(new Set(made.map(({ uid }) => uid))).toEqual(new Set(Object.keys(tolerances)));
  const problems: unknown[] = [];
  for (const each of made) {
    const { uid, decoded, native, lossless, bits } = each;
    const path = fileOf(each);
    const { frames } = await decodeFile(path);
    const ours = Buffer.concat(frames.map((frame) => frameBytes(interleaved(frame))));
    const worst = greatestDifference(ours, readFileSync(decoded), bits);
    if (worst > tolerances[uid]!) problems.push([basename(path), worst]);
    // And the lossy ones are that, or they would show nothing.
    if (ours.equals(readFileSync(native)) !== lossless) problems.push([basename(path), lossless]);
  }
  expect(problems).toEqual([]);
});

/** The native file with the stream in the place of its pixels. */
function fileOf({ uid, source, stream, photometric }: Made): string {
  const { '7FE00010': _, ...header } = toJson(readPart10(readFileSync(source)).dataSet);
  const json: JsonDataSet = {
    ...header,
    '00280004': { vr: 'CS', Value: [photometric] },
    ...(header['00280006'] && { '00280006': { vr: 'US', Value: [0] } }),
    '7FE00010': { vr: 'OB', InlineBinary: '' },
  };
  const path = join(folder, `${basename(source, '.dcm')}-${uid}.dcm`);
  writeFileSync(path, writePart10(json, { transferSyntaxUid: uid, fragments: [readFileSync(stream)] }));
  return path;
}

function greatestDifference(a: Buffer, b: Buffer, bits: 8 | 16): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i += bits / 8) {
    const [x, y] = bits === 8 ? [a[i]!, b[i]!] : [a.readUInt16LE(i), b.readUInt16LE(i)];
    worst = Math.max(worst, Math.abs(x - y));
  }
  return worst;
}

const MAKE = `
import io, os, zlib
import imagecodecs, numpy as np, openjpeg, pydicom
def deflated(data):
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    return z.compress(data) + z.flush()
T = '1.2.840.10008.1.2.'
def streams(a):
    """Transfer syntax, stream, what its library decodes, lossless, photometric interpretation of colour."""
    yield T + '1.98', a.tobytes(), a, True, None
    yield T + '8.1', deflated(a.tobytes()), a, True, None
    x = imagecodecs.jpegxl_encode(a, lossless=True)
    yield T + '4.110', x, imagecodecs.jpegxl_decode(x), True, 'RGB'
    x = imagecodecs.jpegxl_encode(a, distance=1.0, lossless=False)
    yield T + '4.112', x, imagecodecs.jpegxl_decode(x), False, 'XYB'
    if a.dtype == np.uint8:
        x = imagecodecs.jpegxl_encode_jpeg(imagecodecs.jpeg8_encode(a, 90), usecontainer=False)
        yield T + '4.111', x, imagecodecs.jpegxl_decode(x), False, 'YBR_FULL_422'
    # Decoded by another library: of lossy streams imagecodecs leaves samples beyond their range that come out at its other end.
    x = imagecodecs.htj2k_encode(a, reversible=True)
    yield T + '4.201', x, openjpeg.decode(io.BytesIO(x)), True, 'YBR_RCT'
    x = imagecodecs.htj2k_encode(a, 0.01, reversible=False)
    yield T + '4.203', x, openjpeg.decode(io.BytesIO(x)), False, 'YBR_ICT'
def kept(name, a):
    path = os.path.join(given['folder'], name)
    a.tofile(path)
    return path
answer = []
for path in given['paths']:
    ds = pydicom.dcmread(path)
    stem = os.path.basename(path)[:-4]
    a = ds.pixel_array
    a = np.ascontiguousarray(a.view('u%d' % a.itemsize))
    native = kept(stem + '-native', a)
    for uid, stream, decoded, lossless, colour in streams(a):
        name = '%s-%s' % (stem, uid)
        with open(os.path.join(given['folder'], name + '.stream'), 'wb') as f: f.write(bytes(stream))
        answer.append({'uid': uid, 'source': path, 'stream': f.name, 'decoded': kept(name, decoded), 'native': native,
                       'photometric': colour if colour and ds.SamplesPerPixel == 3 else ds.PhotometricInterpretation,
                       'lossless': lossless, 'bits': a.itemsize * 8})
`;
