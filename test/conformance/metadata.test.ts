import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { type JsonDataSet, type JsonElement, type JsonValue, readPart10, toJson } from '@isocenter/dicom';
import { needs } from '@isocenter/testkit';
import { askPython, pydicomMissing } from '@isocenter/testkit/pydicom';
import { realFiles, realFilesFolder, realFilesMissing } from '@isocenter/testkit/real-files';
import { describe, expect, it } from 'vitest';

/**
 * pydicom's reading of each file in the DICOM JSON model, item by item. Pixel data is a hash of its value field. What
 * pydicom can't turn into its VR is `error`, the VR of an ambiguous attribute in implicit VR `US or SS` and the like.
 */
const script = `
import hashlib, math, pydicom
from pydicom.errors import InvalidDicomError

def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return 'NaN' if math.isnan(value) else 'Infinity' if value > 0 else '-Infinity'
    if isinstance(value, int) and abs(value) > 2 ** 53:
        return str(value)
    return value

def element(el):
    if el.VR == 'SQ':
        return {'vr': 'SQ', 'Value': [data_set(item) for item in el.value]}
    if el.tag in (0x7FE00008, 0x7FE00009, 0x7FE00010):
        return {'vr': el.VR, 'hash': hashlib.sha256(el.value or b'').hexdigest()}
    try:
        json_element = el.to_json_dict(None, 1 << 40)
    except Exception:
        return {'vr': el.VR, 'error': True}
    if 'Value' in json_element:
        json_element['Value'] = [plain(value) for value in json_element['Value']]
    return json_element

def data_set(ds):
    result = {}
    for tag in ds.keys():
        if tag.element == 0: continue
        try:
            result['%08X' % tag] = element(ds[tag])
        except Exception:
            result['%08X' % tag] = {'vr': ds.get_item(tag).VR, 'error': True}
    return result

def read(path):
    try:
        return pydicom.dcmread(path)
    except InvalidDicomError:
        return pydicom.dcmread(path, force=True)

answer = []
for path in given:
    ds = read(path)
    answer.append({'syntax': str(ds.file_meta.get('TransferSyntaxUID', '')), 'json': data_set(ds)})
`;

type TheirElement = Omit<JsonElement, 'vr'> & { vr: string; hash?: string; error?: true };
type TheirDataSet = { [tag: string]: TheirElement };
type Theirs = { readonly syntax: string; readonly json: TheirDataSet };

/** Elements that pydicom can't convert: numbers as text that are none. We answer the text. */
const badNumbers: Readonly<Record<string, string>> = {
  'dicom/pydicom-test-files/badVR.dcm': '00280008',
  'mr-headers/078.dcm': '00431080',
  'mr-headers/079.dcm': '00431080',
};

describe('metadata', () => {
  needs(realFilesMissing ?? pydicomMissing);

  it('[ARCH-2] of every real file equals what pydicom reads', { timeout: 600_000 }, () => {
    const differences: string[] = [];
    const each = 150;
    for (let at = 0; at < realFiles.length; at += each) {
      const paths = realFiles.slice(at, at + each);
      const given = paths.map((path) => join(realFilesFolder, path));
      const answers = askPython(script, given) as Theirs[];
      differences.push(...answers.flatMap((theirs, i) => differencesOf(paths[i]!, theirs)));
    }
    expect(realFiles.length).toBeGreaterThan(1400);
    expect(differences).toEqual([]);
  });
});

function differencesOf(path: string, theirs: Theirs): string[] {
  const bytes = readFileSync(join(realFilesFolder, path));
  const { transferSyntax, dataSet, dataSetOffset } = readPart10(bytes);
  // Places in a deflated data set are places in what it inflates to.
  const read = transferSyntax.deflated ? inflateRawSync(bytes.subarray(dataSetOffset)) : bytes;
  const hash = (tag: string): string => {
    const { valueOffset, length } = dataSet.elements.get(Number.parseInt(tag, 16))!;
    const value = read.subarray(valueOffset, valueOffset + length);
    return createHash('sha256').update(value).digest('hex');
  };
  const syntax = theirs.syntax === '' || theirs.syntax === transferSyntax.uid ? [] : [`${path}: transfer syntax`];
  return [...syntax, ...compared(toJson(dataSet), theirs.json, { path, hash, place: '' })];
}

interface Where {
  readonly path: string;
  readonly place: string;
  readonly hash: (tag: string) => string;
}

function compared(ours: JsonDataSet, theirs: TheirDataSet, where: Where): string[] {
  const tags = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...tags].sort().flatMap((tag) => {
    const [a, b] = [ours[tag], theirs[tag]];
    if (!a || !b) return [`${where.path} ${where.place}${tag}: only ${a ? 'ours' : 'theirs'}`];
    return comparedElements(tag, a, b, where);
  });
}

function comparedElements(tag: string, ours: JsonElement, theirs: TheirElement, where: Where): string[] {
  const differs = (what: string): string[] => [`${where.path} ${where.place}${tag} ${ours.vr}: ${what}`];
  if (ours.vr !== theirs.vr && !theirs.vr.split(' or ').includes(ours.vr)) return differs(`VR ${theirs.vr}`);
  if (theirs.hash) return where.place !== '' || theirs.hash === where.hash(tag) ? [] : differs('bytes');
  if (theirs.error) return badNumbers[where.path] === tag ? [] : differs('error');
  if (ours.vr === 'SQ') return comparedItems(tag, ours, theirs, where);
  if (theirs.vr.includes(' or ')) return differs('ambiguous').slice(sameAmbiguous(ours, theirs) ? 1 : 0);
  if (ours.InlineBinary !== undefined || theirs.InlineBinary !== undefined) {
    return ours.InlineBinary === theirs.InlineBinary ? [] : differs('bytes');
  }
  const [a, b] = [valuesOf(ours), valuesOf(theirs)];
  return a.length === b.length && a.every((value, i) => same(value, b[i]!, ours.vr)) ? [] : differs('value');
}

function comparedItems(tag: string, ours: JsonElement, theirs: TheirElement, where: Where): string[] {
  const [a, b] = [ours.Value ?? [], theirs.Value ?? []] as [JsonDataSet[], TheirDataSet[]];
  if (a.length !== b.length) return [`${where.path} ${where.place}${tag}: ${a.length} items, not ${b.length}`];
  return a.flatMap((item, i) => compared(item, b[i]!, { ...where, place: `${where.place}${tag}/${i}/` }));
}

/** pydicom leaves the choice open while it reads, and its values as bytes or numbers. */
function sameAmbiguous(ours: JsonElement, theirs: TheirElement): boolean {
  return theirs.InlineBinary === undefined
    ? JSON.stringify(valuesOf(ours)) === JSON.stringify(valuesOf(theirs))
    : ours.InlineBinary === theirs.InlineBinary;
}

/** A value field of padding alone is no value to us, and an empty or null value to pydicom. */
function valuesOf({ Value = [] }: Pick<JsonElement, 'Value'>): JsonValue[] {
  return Value.length === 1 && isEmpty(Value[0]!) ? [] : Value;
}

const isEmpty = (value: JsonValue): boolean =>
  value === null || value === '' || (typeof value === 'object' && Object.values(value).every((group) => group === ''));

function same(ours: JsonValue, theirs: JsonValue, vr: string): boolean {
  if (isEmpty(ours) || isEmpty(theirs)) return isEmpty(ours) && isEmpty(theirs);
  if (vr === 'PN') return name(ours) === name(theirs);
  // Blanks at the end of each value of CS have no meaning (PS3.5 6.2); pydicom takes them from the last one only.
  if (vr === 'CS') return ours === String(theirs).trimEnd();
  return ours === theirs || String(ours) === String(theirs);
}

const name = (value: JsonValue): string => {
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, string>;
  return [Alphabetic, Ideographic, Phonetic].join('=');
};
