import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonDataSet, JsonElement, JsonValue } from '@isocenter/dicom';
import { askPython } from './pydicom.ts';

/** An element as pydicom says it in the DICOM JSON model. */
export type TheirElement = Omit<JsonElement, 'vr'> & {
  /** Of an ambiguous attribute in implicit VR `US or SS` and the like. */
  vr: string;
  /** Of pixel data instead of the value: SHA-256 of its value field, native values in little endian. */
  hash?: string;
  /** pydicom can't turn the value into its VR. */
  error?: true;
};
export type TheirDataSet = { [tag: string]: TheirElement };

/** A file as pydicom reads it. */
export interface PydicomReading {
  /** Without being forced to: preamble and "DICM" are there. */
  readonly willingly: boolean;
  readonly syntax: string;
  readonly json: TheirDataSet;
}

const script = `
import array, hashlib, math, pydicom
from pydicom.errors import InvalidDicomError

def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return 'NaN' if math.isnan(value) else 'Infinity' if value > 0 else '-Infinity'
    if isinstance(value, int) and abs(value) > 2 ** 53:
        return str(value)
    return value

def little(el, big_endian):
    value = el.value or b''
    if not big_endian or el.VR != 'OW': return value
    words = array.array('H', value)
    words.byteswap()
    return words.tobytes()

def element(el, big_endian):
    if el.VR == 'SQ':
        return {'vr': 'SQ', 'Value': [data_set(item, big_endian) for item in el.value]}
    if el.tag in (0x7FE00008, 0x7FE00009, 0x7FE00010):
        return {'vr': el.VR, 'hash': hashlib.sha256(little(el, big_endian)).hexdigest()}
    try:
        json_element = el.to_json_dict(None, 1 << 40)
    except Exception:
        return {'vr': el.VR, 'error': True}
    if 'Value' in json_element:
        json_element['Value'] = [plain(value) for value in json_element['Value']]
    return json_element

def data_set(ds, big_endian):
    result = {}
    for tag in ds.keys():
        if tag.element == 0: continue
        try:
            result['%08X' % tag] = element(ds[tag], big_endian)
        except Exception:
            result['%08X' % tag] = {'vr': ds.get_item(tag).VR, 'error': True}
    return result

def read(path):
    try:
        return True, pydicom.dcmread(path)
    except InvalidDicomError:
        return False, pydicom.dcmread(path, force=True)

def reading(path):
    try:
        willingly, ds = read(path)
        syntax = str(ds.file_meta.get('TransferSyntaxUID', ''))
        return {'willingly': willingly, 'syntax': syntax, 'json': data_set(ds, not ds.original_encoding[1])}
    except Exception:
        return None

answer = [reading(path) for path in given]
`;

/** Files read at once: what Python writes stands in memory here. */
const EACH = 150;

/** What pydicom reads in each file, in the DICOM JSON model; undefined where it reads nothing. */
export function* readByPydicom(paths: readonly string[]): Generator<PydicomReading | undefined, void, void> {
  for (let at = 0; at < paths.length; at += EACH) {
    for (const reading of readKept(paths.slice(at, at + EACH))) yield reading ?? undefined;
  }
}

/** It takes half a minute of all the real files: what it read once of the same files is kept for other test files. */
function readKept(paths: readonly string[]): (PydicomReading | null)[] {
  const key = createHash('sha256').update(script);
  for (const path of paths) key.update(`${path} ${statSync(path).size} ${statSync(path).mtimeMs}\n`);
  const folder = join(tmpdir(), 'isocenter-pydicom');
  const file = join(folder, `${key.digest('hex')}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as (PydicomReading | null)[];
  } catch {
    const readings = askPython(script, paths) as (PydicomReading | null)[];
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(readings));
    renameSync(`${file}.${process.pid}`, file);
    return readings;
  }
}

export interface Comparison {
  /** Names the file in what is said. */
  readonly path: string;
  /** SHA-256 of the value field of pixel data at the top of the data set, native values in little endian. */
  readonly hash: (tag: string) => string | undefined;
}

/** Elements in real files that pydicom can't convert: numbers as text that are none. We answer the text. */
const badNumbers: Readonly<Record<string, string>> = {
  'dicom/pydicom-test-files/badVR.dcm': '00280008',
  'mr-headers/078.dcm': '00431080',
  'mr-headers/079.dcm': '00431080',
};

interface Where extends Comparison {
  readonly place: string;
}

/** Every difference between our reading and pydicom's, by its place and without values. */
export const differences = (ours: JsonDataSet, theirs: TheirDataSet, comparison: Comparison): string[] =>
  compared(ours, theirs, { ...comparison, place: '' });

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
  if (theirs.vr.includes(' or ')) return sameAmbiguous(ours, theirs) ? [] : differs('ambiguous');
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
