import fc from 'fast-check';
import { toBase64 } from '../base64.ts';
import { allTags, vrOf } from '../dictionary.ts';
import type { JsonDataSet, JsonElement, JsonValue } from '../model.ts';
import { elementOf, groupOf, isPrivate, tagHex } from '../tag.ts';
import { byteUnit, isBinary, isText, isVR, type VR, VRS } from '../vr.ts';
import {
  BIG_ENDIAN,
  EXPLICIT,
  type GroupLengthNode,
  IMPLICIT,
  type ItemNode,
  type Layout,
  type Node,
} from './encoded.ts';

/** What can be written without pixel data compressed: transfer syntax UID, layout, deflated. */
export const uncompressed: readonly { uid: string; layout: Layout; deflated: boolean }[] = [
  { uid: '1.2.840.10008.1.2', layout: IMPLICIT, deflated: false },
  { uid: '1.2.840.10008.1.2.1', layout: EXPLICIT, deflated: false },
  { uid: '1.2.840.10008.1.2.2', layout: BIG_ENDIAN, deflated: false },
  { uid: '1.2.840.10008.1.2.1.99', layout: EXPLICIT, deflated: true },
];

const SPECIFIC_CHARACTER_SET = 0x00080005;
const PIXEL_REPRESENTATION = 0x00280103;

/** Standard tags of each VR, so that implicit VR reads them as they were meant. */
const tagsByVR = new Map<VR, number[]>(VRS.map((vr) => [vr, []]));
for (const tag of allTags()) {
  const vr = vrOf(tag);
  const special = tag === SPECIFIC_CHARACTER_SET || tag === PIXEL_REPRESENTATION || groupOf(tag) === 0x7fe0;
  if (isVR(vr) && groupOf(tag) >= 8 && groupOf(tag) < 0xfffe && elementOf(tag) !== 0 && !special)
    tagsByVR.get(vr)!.push(tag);
}
const usableVRs = VRS.filter((vr) => vr !== 'SQ' && tagsByVR.get(vr)!.length > 0);

const tagOf = (vr: VR): fc.Arbitrary<number> => fc.constantFrom(...tagsByVR.get(vr)!);

/** ASCII that stands for itself: no backslash, no blank at either end, no "=" for the sake of names. */
const word = fc
  .string({ unit: fc.constantFrom(...'abcXYZ 0123.-^_/'), minLength: 1, maxLength: 12 })
  .map((text) => text.trim())
  .filter((text) => text !== '' && text !== '^');
/** Text of many scripts, for data sets in UTF-8. */
const anyWord = fc
  .string({ unit: fc.constantFrom(...'aZ9 ', 'é', 'ß', 'Ж', 'ع', '山', '한', '😀'), minLength: 1, maxLength: 8 })
  .map((text) => text.trim())
  .filter((text) => text !== '');

const range = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const big = (min: bigint, max: bigint): fc.Arbitrary<JsonValue> =>
  fc.bigInt({ min, max }).map((value) => {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  });
const real = (single: boolean): fc.Arbitrary<JsonValue> =>
  fc
    .oneof(
      { arbitrary: single ? fc.float() : fc.double(), weight: 9 },
      { arbitrary: fc.constant(Number.NaN), weight: 1 },
    )
    .map((value): JsonValue => {
      if (Object.is(value, -0)) return 0;
      if (Number.isFinite(value)) return value;
      return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
    });

const numbers: Partial<Record<VR, fc.Arbitrary<JsonValue>>> = {
  AT: fc.integer({ min: 0, max: 0xffffffff }).map(tagHex),
  DS: fc.oneof(
    range(-1e6, 1e6),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
  ),
  FD: real(false),
  FL: real(true),
  IS: range(-(2 ** 31), 2 ** 31 - 1),
  SL: range(-(2 ** 31), 2 ** 31 - 1),
  SS: range(-0x8000, 0x7fff),
  SV: big(-(2n ** 63n), 2n ** 63n - 1n),
  UL: range(0, 0xffffffff),
  US: range(0, 0xffff),
  UV: big(0n, 2n ** 64n - 1n),
};

/** A value field's worth of a VR in the DICOM JSON model, as reading would give it. */
function arbitraryJsonElement(vr: VR, text: fc.Arbitrary<string>): fc.Arbitrary<JsonElement> {
  if (isBinary(vr)) {
    return bytes(byteUnit(vr)).map((value) => (value.length === 0 ? { vr } : { vr, InlineBinary: toBase64(value) }));
  }
  const extended = ['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT'].includes(vr);
  const one: fc.Arbitrary<JsonValue> = numbers[vr] ?? (extended ? text : word);
  const value = vr === 'PN' ? text.map((name): JsonValue => ({ Alphabetic: name })) : one;
  const many = ['LT', 'ST', 'UR', 'UT'].includes(vr) ? 1 : 4;
  return fc.array(value, { maxLength: many }).map((Value) => (Value.length === 0 ? { vr } : { vr, Value }));
}

/** Data sets in the DICOM JSON model that say the same after they were written and read. */
export function arbitraryJson(depth: number): fc.Arbitrary<JsonDataSet> {
  const utf8: JsonElement = { vr: 'CS', Value: ['ISO_IR 192'] };
  return jsonElements(depth).map((json) => sorted([...Object.entries(json), ['00080005', utf8]]));
}

function jsonElements(depth: number): fc.Arbitrary<JsonDataSet> {
  const plain = fc
    .constantFrom(...usableVRs)
    .chain((vr) => fc.tuple(tagOf(vr).map(tagHex), arbitraryJsonElement(vr, anyWord)));
  const sequence = (): fc.Arbitrary<[string, JsonElement]> =>
    fc.tuple(
      tagOf('SQ').map(tagHex),
      fc
        .array(jsonElements(depth - 1), { maxLength: 3 })
        .map((Value): JsonElement => (Value.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value })),
    );
  const one: fc.Arbitrary<[string, JsonElement]> =
    depth === 0 ? plain : fc.oneof({ arbitrary: plain, weight: 4 }, { arbitrary: sequence(), weight: 1 });
  return fc.uniqueArray(one, { maxLength: 8, selector: ([tag]) => tag }).map(sorted);
}

const sorted = (elements: [string, JsonElement][]): JsonDataSet =>
  Object.fromEntries(elements.sort(([a], [b]) => (a < b ? -1 : 1)));

const bytes = (unit: number): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.uint8Array({ minLength: unit, maxLength: unit }), { maxLength: 12 })
    .map((units) => Uint8Array.from(units.flatMap((bytes) => [...bytes])))
    .map((value) => (value.length % 2 === 0 ? value : value.slice(1)));

/** Data sets for reading and editing, with defined and undefined lengths, group lengths and private elements. */
export function arbitraryNodes(
  depth: number,
  options: { readonly definedLengths?: boolean } = {},
): fc.Arbitrary<Node[]> {
  const open = options.definedLengths ? fc.constant(false) : fc.boolean();
  const plain = fc
    .constantFrom(...usableVRs)
    .chain((vr) =>
      fc.record({ kind: fc.constant('plain' as const), tag: tagOf(vr), vr: fc.constant(vr), value: plainValueOf(vr) }),
    );
  const inside = (): fc.Arbitrary<ItemNode> =>
    fc.record({ undefinedLength: open, elements: arbitraryNodes(depth - 1, options) });
  const sequence = (): fc.Arbitrary<Node> =>
    fc.record({
      kind: fc.constant('sequence' as const),
      tag: tagOf('SQ'),
      undefinedLength: open,
      items: fc.array(inside(), { maxLength: 3 }),
    });
  const one: fc.Arbitrary<Node> =
    depth === 0 ? plain : fc.oneof({ arbitrary: plain, weight: 4 }, { arbitrary: sequence(), weight: 2 });
  return fc
    .tuple(fc.uniqueArray(one, { maxLength: 7, selector: (node) => node.tag }), privateBlock, fc.boolean())
    .map(([nodes, block, lengths]) => withGroupLengths([...nodes, ...block], lengths && !options.definedLengths));
}

/** Bytes that are some value of the VR in its plainest form, so that what is read and written is the same. */
function plainValueOf(vr: VR): fc.Arbitrary<Uint8Array> {
  // Of NaNs, the one that JSON's "NaN" is written as.
  if (vr === 'FL') return fc.array(fc.float()).map((values) => new Uint8Array(Float32Array.from(values).buffer));
  if (vr === 'FD') return fc.array(fc.double()).map((values) => new Uint8Array(Float64Array.from(values).buffer));
  if (!isText(vr)) return bytes(vr === 'AT' ? 4 : byteUnit(vr));
  return arbitraryJsonElement(vr, word).map(({ Value = [] }) => {
    const text = Value.map((value) =>
      typeof value === 'object' ? (value as { Alphabetic: string }).Alphabetic : String(value),
    ).join('\\');
    const padded = text.length % 2 === 0 ? text : text + (vr === 'UI' ? '\0' : ' ');
    return Uint8Array.from(padded, (c) => c.charCodeAt(0));
  });
}

const CREATOR = 'SOMEONE UNKNOWN ';
const privateBlock: fc.Arbitrary<Node[]> = fc
  .array(bytes(2), { maxLength: 2 })
  .map((values) =>
    values.length === 0
      ? []
      : [
          { kind: 'plain', tag: 0x00290010, vr: 'LO', value: Uint8Array.from(CREATOR, (c) => c.charCodeAt(0)) },
          ...values.map((value, i): Node => ({ kind: 'plain', tag: 0x00291000 + i, vr: 'UN', value })),
        ],
  );

function withGroupLengths(nodes: Node[], wanted: boolean): Node[] {
  const groups = new Set(wanted ? nodes.map((node) => groupOf(node.tag)) : []);
  const lengths = [...groups]
    .filter((group) => !isPrivate((group << 16) >>> 0))
    .map((group): GroupLengthNode => ({ kind: 'group length', tag: (group << 16) >>> 0 }));
  return [...nodes, ...lengths].sort((a, b) => a.tag - b.tag);
}

/** Cuts bytes into chunks at the given places. */
export function chunksOf(whole: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; at < whole.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? whole.length);
    chunks.push(whole.slice(at, at + size));
    at += size;
  }
  return chunks;
}
