import { toBase64 } from './base64.ts';
import { toLittleEndian } from './byte-order.ts';
import { ByteWindow } from './byte-window.ts';
import { DicomError } from './dicom-error.ts';
import { attributeOf } from './dictionary.ts';
import type { DataSet, Element, Item, JsonDataSet, JsonElement, JsonPersonName, JsonValue } from './model.ts';
import { dictionaryVR, MutableDataSet } from './mutable-data-set.ts';
import { DataSetReader } from './reader.ts';
import { elementOf, groupOf, isPrivate, type Tag, tagHex } from './tag.ts';
import { ImplicitVRLittleEndian, transferSyntaxOf } from './transfer-syntax.ts';
import { binaryNumbers, elementStrings } from './value.ts';
import { isBinary, type VR } from './vr.ts';

export interface ToJsonOptions {
  /**
   * The URI under which a value can be had, by its place: tags and item numbers, e.g. `54000100/0/54001010`. Called for
   * values that are not at hand or longer than `inlineLimit`. Without it such values are left out.
   */
  readonly bulkDataUri?: (path: string) => string;
  /** Values longer than this many bytes go by reference, in the VRs that allow it. Pixel data always does. */
  readonly inlineLimit?: number;
}

/** Values that may be given by reference (PS3.18 F.2.2); of the text ones only those without a short limit. */
const referable = new Set<VR>([
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'UN',
  'LT',
  'ST',
  'UC',
  'UT',
  'DS',
  'FD',
  'FL',
  'IS',
  'SL',
  'SS',
  'SV',
  'UL',
  'US',
  'UV',
]);

/**
 * The DICOM JSON model of a data set (PS3.18 Annex F): all elements but group lengths, in order of their tags.
 * UN is answered as what it is known to be, as other readers do, when the dictionary knows the tag. Use {@link jsonText} for
 * its text.
 */
export function toJson(dataSet: DataSet, options: ToJsonOptions = {}): JsonDataSet {
  return dataSetJson(dataSet, options, '');
}

/**
 * The text of a data set in the DICOM JSON model, attributes in order of their tags (PS3.18 F.2.2). JSON.stringify puts
 * names that look like array indices first, such as `54000100`.
 */
export function jsonText(json: JsonDataSet): string {
  if (isOrdered(json)) return JSON.stringify(json);
  const attributes = Object.keys(json)
    .sort()
    .map((tag) => `"${tag}":${elementText(json[tag]!)}`);
  return `{${attributes.join(',')}}`;
}

function elementText(element: JsonElement): string {
  if (element.vr !== 'SQ' || !element.Value) return JSON.stringify(element);
  return `{"vr":"SQ","Value":[${element.Value.map((item) => jsonText(item as JsonDataSet)).join(',')}]}`;
}

/** Whether the names come in order here and in every item: the first one tells whether any looks like an index. */
function isOrdered(json: JsonDataSet): boolean {
  for (const tag in json) {
    if (tag[0] !== '0' && /^\d+$/.test(tag)) return false;
    break;
  }
  return Object.values(json).every(
    ({ vr, Value }) => vr !== 'SQ' || !Value || (Value as JsonDataSet[]).every(isOrdered),
  );
}

function dataSetJson(dataSet: DataSet, options: ToJsonOptions, path: string): JsonDataSet {
  const json: JsonDataSet = {};
  for (const tag of inOrder(dataSet)) {
    if (elementOf(tag) === 0) continue;
    const hex = tagHex(tag);
    json[hex] = elementJson(dataSet.elements.get(tag)!, dataSet, options, path + hex);
  }
  return json;
}

function inOrder(dataSet: DataSet): Iterable<Tag> {
  let last = -1;
  for (const tag of dataSet.elements.keys()) {
    if (tag < last) return [...dataSet.elements.keys()].sort((a, b) => a - b);
    last = tag;
  }
  return dataSet.elements.keys();
}

function elementJson(element: Element, dataSet: DataSet, options: ToJsonOptions, path: string): JsonElement {
  const known = knownAs(element, dataSet);
  if (known.items) {
    if (known.items.length === 0) return { vr: 'SQ' };
    return { vr: 'SQ', Value: known.items.map((item, i) => dataSetJson(item.dataSet, options, `${path}/${i}/`)) };
  }
  const { vr } = known;
  if (element.length === 0) return { vr };
  if (byReference(element, vr, options)) {
    return options.bulkDataUri ? { vr, BulkDataURI: options.bulkDataUri(path) } : { vr };
  }
  const value = element.value!;
  const littleEndian = isLittleEndian(element, dataSet);
  if (isBinary(vr)) return { vr, InlineBinary: toBase64(toLittleEndian(value, vr, littleEndian)) };
  const values = jsonValues(value, element, vr, dataSet);
  return values.length === 0 ? { vr } : { vr, Value: values };
}

function byReference(element: Element, vr: VR, options: ToJsonOptions): boolean {
  if (!element.value || isPixelData(element.tag)) return true;
  return element.length > (options.inlineLimit ?? Number.POSITIVE_INFINITY) && referable.has(vr);
}

/** What was written as UN is little endian in every transfer syntax (PS3.5 6.2.2 note 3). */
const isLittleEndian = (element: Element, dataSet: DataSet): boolean =>
  element.vr === 'UN' || dataSet.encoding.littleEndian;

/** Pixel Data, Float and Double Float Pixel Data. */
const isPixelData = (tag: Tag): boolean => groupOf(tag) === 0x7fe0 && [0x08, 0x09, 0x10].includes(elementOf(tag));

/** An element under the VR by which it is answered, a sequence's items at hand. */
export function knownAs(element: Element, dataSet: DataSet): { vr: VR; items?: readonly Item[] } {
  if (element.items) return { vr: 'SQ', items: element.items };
  if (element.vr !== 'UN') return { vr: element.vr };
  const vr = knownVR(element, dataSet);
  if (vr !== 'SQ') return { vr };
  // Each sequence within is read anew, its depth counted from there: this keeps the whole within what a stack bears.
  if (depthOf(dataSet) > MAX_DEPTH) return { vr: 'UN' };
  const items = element.value && implicitItems(element.value, dataSet);
  return items ? { vr, items } : { vr: 'UN' };
}

const MAX_DEPTH = 64;

function depthOf(dataSet: DataSet): number {
  let depth = 0;
  for (let around = dataSet.parent; around; around = around.parent) depth++;
  return depth;
}

function knownVR(element: Element, dataSet: DataSet): VR {
  const { tag } = element;
  if (isPrivate(tag)) return dictionaryVR(tag, dataSet);
  // Explicit VR uses UN for values too long for a short header too: those keep it.
  return element.length < 0xffff && attributeOf(tag) ? dictionaryVR(tag, dataSet) : 'UN';
}

/** UN holds implicit VR little endian (PS3.5 6.2.2); undefined when the value is no sequence after all. */
function implicitItems(value: Uint8Array, parent: DataSet): readonly Item[] | undefined {
  const window = new ByteWindow();
  const header = new Uint8Array(8);
  // A sequence of Referenced Image Sequence's kind around the value, so that one reader reads items everywhere.
  new DataView(header.buffer).setUint16(0, 0x0008, true);
  new DataView(header.buffer).setUint16(2, 0x1140, true);
  new DataView(header.buffer).setUint32(4, value.length, true);
  window.push(header);
  window.push(value);
  window.end();
  const around = new MutableDataSet(transferSyntaxOf(ImplicitVRLittleEndian), parent, 0);
  const limits = { keep: Number.POSITIVE_INFINITY, keepTotal: 1 << 28, depth: 32, views: true };
  try {
    new DataSetReader(window, limits).read(around, () => false).next();
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
  return around.truncated ? undefined : around.elements.get(0x00081140)?.items;
}

function jsonValues(value: Uint8Array, element: Element, vr: VR, dataSet: DataSet): JsonValue[] {
  switch (vr) {
    case 'AT': {
      const halves = binaryNumbers(value, 'US', isLittleEndian(element, dataSet)) as number[];
      return pairs(halves).map(([group, number]) => tagHex(((group << 16) | number) >>> 0));
    }
    case 'PN':
      return withoutTrailingEmpty(elementStrings(element, dataSet, vr)).map(personName);
    case 'DS':
    case 'IS':
      return withoutTrailingEmpty(elementStrings(element, dataSet, vr)).map(decimal);
    case 'FL':
    case 'FD':
    case 'SL':
    case 'SS':
    case 'SV':
    case 'UL':
    case 'US':
    case 'UV':
      return binaryNumbers(value, vr, isLittleEndian(element, dataSet)).map(jsonNumber);
    default:
      return withoutTrailingEmpty(elementStrings(element, dataSet, vr)).map((s) => (s === '' ? null : s));
  }
}

function pairs(halves: number[]): [number, number][] {
  const all: [number, number][] = [];
  for (let i = 0; i + 1 < halves.length; i += 2) all.push([halves[i]!, halves[i + 1]!]);
  return all;
}

/** A value field that holds padding only has no value. */
const withoutTrailingEmpty = (values: string[]): string[] => (values.length === 1 && values[0] === '' ? [] : values);

/** DS and IS are numbers in JSON where they can be, else the text as it is (PS3.18 F.2.3). */
function decimal(text: string): JsonValue {
  if (text === '') return null;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** JSON has no NaN and no exact integer beyond 2^53: those are strings (PS3.18 F.2.3.1). */
function jsonNumber(value: number | bigint): JsonValue {
  if (typeof value === 'bigint') {
    return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : value.toString();
  }
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

export function personName(text: string): JsonValue {
  if (text === '') return null;
  const [alphabetic, ideographic, phonetic] = text.split('=').map((group) => group.trimEnd());
  const name: JsonPersonName = {};
  if (alphabetic) name.Alphabetic = alphabetic;
  if (ideographic) name.Ideographic = ideographic;
  if (phonetic) name.Phonetic = phonetic;
  return name;
}
