import {
  attributeOf,
  type JsonDataSet,
  type JsonElement,
  type JsonPersonName,
  type JsonValue,
  privateAttributeOf,
  tag,
  tagHex,
  tagOf,
  type VR,
} from '@isocenter/dicom';

/** A value by keyword: one or many; `null` for an attribute that is there but empty; a list of records for a sequence. */
export type Value = string | number | JsonPersonName | null | readonly (string | number)[] | readonly Attributes[];
export interface Attributes {
  readonly [keyword: string]: Value | undefined;
}

function element(vr: VR, value: Value): JsonElement {
  if (value === null || value === '') return { vr };
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0) return { vr };
  if (vr === 'SQ') return { vr, Value: values.map((item) => dataSet(item as Attributes)) };
  if (vr === 'PN')
    return {
      vr,
      Value: values.map(
        (name): JsonValue => (typeof name === 'string' ? { Alphabetic: name } : (name as JsonPersonName)),
      ),
    };
  return { vr, Value: values.map((v) => (vr === 'DS' && typeof v === 'number' ? decimal(v) : (v as JsonValue))) };
}

/** A number that fits the 16 characters of a decimal string. */
export function decimal(value: number): number {
  let digits = 10;
  let text = String(Number(value.toPrecision(digits)));
  while (text.length > 16) text = String(Number(value.toPrecision(--digits)));
  return Math.abs(value) < 1e-9 ? 0 : Number(text);
}

/** A data set from attributes by keyword. Unknown keywords are mistakes. */
export function dataSet(attributes: Attributes): JsonDataSet {
  const json: JsonDataSet = {};
  for (const [keyword, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const at = tagOf(keyword);
    const known = at === undefined ? undefined : attributeOf(at);
    if (at === undefined || !known) throw new Error(`${keyword} is no attribute of PS3.6`);
    json[tagHex(at)] = element(plainVR(known.vr, attributes), value);
  }
  return json;
}

function plainVR(vr: string, around: Attributes): VR {
  if (vr === 'US or SS' || vr === 'US or SS or OW') return around.PixelRepresentation === 1 ? 'SS' : 'US';
  return (vr.startsWith('OB or') || vr.startsWith('US or') ? 'OW' : vr) as VR;
}

/** Elements of a private block by their low byte. */
export type PrivateElements = Readonly<Record<number, Value | readonly [VR, Value]>>;

/** A private block at (gggg,10xx); VRs are those that the maker is known to use, or given as `[VR, value]`. */
export function privateBlock(group: number, creator: string, elements: PrivateElements, block = 0x10): JsonDataSet {
  const json: JsonDataSet = { [tagHex(tag(group, block))]: { vr: 'LO', Value: [creator] } };
  for (const [low, given] of Object.entries(elements)) {
    const at = tag(group, (block << 8) | Number(low));
    const explicit =
      Array.isArray(given) && given.length === 2 && typeof given[0] === 'string' && /^[A-Z]{2}$/.test(given[0]);
    const known = privateAttributeOf(at, creator)?.vr;
    if (!explicit && !known)
      throw new Error(`${creator}: element ${Number(low).toString(16)} of group ${group.toString(16)} is not known`);
    const [vr, value] = explicit ? ([given[0], given[1]] as [VR, Value]) : [known as VR, given as Value];
    json[tagHex(at)] = element(vr, value);
  }
  return json;
}
