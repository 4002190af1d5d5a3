import { deflateRawSync } from 'node:zlib';
import { type Part10, readPart10, type VR } from '@isocenter/dicom';
import {
  bytesOf,
  element,
  encode,
  header,
  type Layout,
  marker,
  mutate,
  type Node,
  placesOf,
  type Seeded,
} from '@isocenter/dicom/testing';
import { type Base, bytesWithUid } from './bases.ts';

/** Changes a file that is read well, and knows where things stand in it; the result may still be read. */
type Change = (bytes: Uint8Array, part10: Part10, random: Seeded) => Uint8Array;

const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED = 0xffffffff;
const TRANSFER_SYNTAX_UID = 0x00020010;
const PIXEL_DATA = 0x7fe00010;

const layoutOf = ({ dataSet: { encoding } }: Part10): Layout => encoding;

/** The file with this element in the place of the one that it has, or where it belongs. */
function withElement(bytes: Uint8Array, { dataSet }: Part10, tag: number, encoded: Uint8Array): Uint8Array {
  const own = dataSet.elements.get(tag);
  const next = [...dataSet.elements.values()].find((other) => other.tag > tag);
  const from = own?.offset ?? next?.offset ?? dataSet.end;
  const to = own ? own.valueOffset + own.length + (own.undefinedLength ? 8 : 0) : from;
  return bytesOf(bytes.subarray(0, from), encoded, bytes.subarray(to));
}

const US = [0, 1, 2, 3, 7, 8, 10, 12, 16, 17, 24, 32, 33, 64, 255, 256, 257, 4095, 32767, 32768, 65534, 65535];
const NUMBERS = ['', '0', '-1', '1', '2', '7', '1000000', '2147483647', '-2147483648', '99999999999', '1.5', '1e308'];
const WORDS = ['', 'abc', '1E-320', '-0', 'NaN', '1\\', '\\1', '1\\2\\3\\4', ' 1 ', '0x10', '+5', '\0', '\x1b(B'];
const PHOTOMETRIC = [
  'MONOCHROME1',
  'MONOCHROME2',
  'PALETTE COLOR',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_PARTIAL_420',
  'YBR_ICT',
  'YBR_RCT',
  'HSV',
  'XYZ',
  '',
];
/** What decoding and rendering go by (PS3.3 C.7.6.3, C.7.6.3.1.5, C.11.1, C.11.2, C.9.2). */
const IMAGE_ATTRIBUTES: readonly [tag: number, vr: VR][] = [
  [0x00280002, 'US'],
  [0x00280004, 'CS'],
  [0x00280006, 'US'],
  [0x00280008, 'IS'],
  [0x00280010, 'US'],
  [0x00280011, 'US'],
  [0x00280100, 'US'],
  [0x00280101, 'US'],
  [0x00280102, 'US'],
  [0x00280103, 'US'],
  [0x00280106, 'US'],
  [0x00280107, 'US'],
  [0x00280034, 'IS'],
  [0x00281050, 'DS'],
  [0x00281051, 'DS'],
  [0x00281052, 'DS'],
  [0x00281053, 'DS'],
  [0x00281101, 'US'],
  [0x00281201, 'OW'],
  [0x60000010, 'US'],
  [0x60000011, 'US'],
  [0x60000050, 'SS'],
  [0x60000100, 'US'],
  [0x60003000, 'OW'],
  [0x7fe00001, 'OV'],
  [0x00080018, 'UI'],
  [0x00200013, 'IS'],
  [0x00080020, 'DA'],
  [0x00080030, 'TM'],
];

const evenText = (text: string): string => (text.length % 2 === 0 ? text : `${text} `);

function attributeValue(vr: VR, random: Seeded): Uint8Array {
  if (vr === 'CS') return bytesOf(evenText(random.pick(PHOTOMETRIC)));
  if (vr === 'OW' || vr === 'OV') return Uint8Array.from({ length: 8 * random.below(40) }, () => random.below(256));
  if (vr !== 'US' && vr !== 'SS') return bytesOf(evenText(random.pick(random.below(3) === 0 ? WORDS : NUMBERS)));
  const values = Array.from({ length: random.pick([1, 1, 1, 1, 1, 0, 3]) }, () => random.pick(US));
  return new Uint8Array(Uint16Array.from(values).buffer);
}

const imageAttributes: Change = (bytes, part10, random) => {
  const [tag, vr] = random.pick(IMAGE_ATTRIBUTES);
  return withElement(bytes, part10, tag, element(tag, vr, attributeValue(vr, random), layoutOf(part10)));
};

const CHARACTER_SETS = [
  'ISO_IR 100',
  'ISO_IR 192',
  'GB18030',
  'GBK',
  'ISO_IR 13',
  'ISO 2022 IR 6\\ISO 2022 IR 87',
  '\\ISO 2022 IR 149',
  'ISO 2022 IR 13\\ISO 2022 IR 159',
  'ISO_IR 999',
  '\\\\\\',
  'ISO_IR 192\\ISO_IR 100',
  'utf-8',
  '\x1b$B',
];
const ESCAPES = [
  '\x1b$B',
  '\x1b$)C',
  '\x1b(J',
  '\x1b$(D',
  '\x1b$A',
  '\x1b-F',
  '\x1b',
  '\x1b%G',
  '\x1b(B',
  '^',
  '=',
  '\\',
];
const TEXTS: readonly [tag: number, vr: VR][] = [
  [0x00100010, 'PN'],
  [0x00081030, 'LO'],
  [0x00080090, 'PN'],
  [0x00100020, 'LO'],
  [0x00204000, 'LT'],
  [0x00080050, 'SH'],
];

const characterSet: Change = (bytes, part10, random) => {
  const parts = Array.from({ length: 1 + random.below(8) }, () => {
    if (random.below(2) === 0) return random.pick(ESCAPES);
    return Uint8Array.from({ length: random.below(8) }, () => random.below(256));
  });
  const text = bytesOf(...parts);
  const [tag, vr] = random.pick(TEXTS);
  const even = text.length % 2 === 0 ? text : bytesOf(text, ' ');
  const withText = withElement(bytes, part10, tag, element(tag, vr, even, layoutOf(part10)));
  const set = element(0x00080005, 'CS', evenText(random.pick(CHARACTER_SETS)), layoutOf(part10));
  return withElement(withText, readPart10(withText), 0x00080005, set);
};

/** Sequences in sequences, ended or not, with lengths or without. */
export function nested(depth: number, open: boolean, layout: Layout): Uint8Array {
  const tag = 0x00081140;
  if (open) {
    const begin = bytesOf(header(tag, 'SQ', UNDEFINED, layout), marker(ITEM, UNDEFINED, layout.littleEndian));
    const end = bytesOf(marker(ITEM_END, 0, layout.littleEndian), marker(SEQUENCE_END, 0, layout.littleEndian));
    return bytesOf(...new Array<Uint8Array>(depth).fill(begin), ...new Array<Uint8Array>(depth).fill(end));
  }
  const headerLength = header(tag, 'SQ', 0, layout).length;
  const heads = Array.from({ length: depth }, (_, i) => {
    const inside = (depth - 1 - i) * (headerLength + 8);
    return bytesOf(header(tag, 'SQ', inside + 8, layout), marker(ITEM, inside, layout.littleEndian));
  });
  return bytesOf(...heads);
}

const nesting: Change = (bytes, part10, random) => {
  const depth = random.pick([1, 5, 60, 63, 64, 65, 200]);
  return withElement(bytes, part10, 0x00081140, nested(depth, random.below(2) === 0, layoutOf(part10)));
};

const SYNTAXES = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.57',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.81',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.92',
  '1.2.840.10008.1.2.4.100',
  '1.2.840.10008.1.2.4.201',
  '1.2.840.10008.1.2.4.203',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.8.1',
  '1.2.3.4',
  'nonsense',
  '',
];

const transferSyntax: Change = (bytes, { meta }, random) => {
  const own = meta.elements.get(TRANSFER_SYNTAX_UID);
  if (!own) return bytes;
  const uid = random.pick(SYNTAXES);
  const encoded = element(TRANSFER_SYNTAX_UID, 'UI', uid.length % 2 === 0 ? uid : `${uid}\0`);
  return bytesOf(bytes.subarray(0, own.offset), encoded, bytes.subarray(own.valueOffset + own.length));
};

const FRAGMENT_CHANGES: readonly ((fragments: Uint8Array[], random: Seeded) => Uint8Array[])[] = [
  (fragments, random) => fragments.filter(() => random.below(3) > 0),
  (fragments, random) => fragments.flatMap((one) => (random.below(3) === 0 ? [one, one] : [one])),
  (fragments) => [...fragments].reverse(),
  (fragments, random) => fragments.map((one) => one.subarray(0, random.below(one.length + 1))),
  (fragments, random) => fragments.map((one) => withNoise(one, random, 1 + random.below(20))),
  // In the first bytes, where codecs keep how large the image is.
  (fragments, random) => fragments.map((one) => bytesOf(withNoise(one.subarray(0, 80), random, 2), one.subarray(80))),
  ([, ...fragments], random) => [
    Uint8Array.from({ length: 4 * random.below(5) }, () => random.below(256)),
    ...fragments,
  ],
  (fragments) => [...fragments, new Uint8Array(0), new Uint8Array(2)],
];

function withNoise(bytes: Uint8Array, random: Seeded, count: number): Uint8Array {
  const result = new Uint8Array(bytes);
  if (result.length > 0) for (let i = 0; i < count; i++) result[random.below(result.length)] = random.below(256);
  return result;
}

/** Of native pixel data, makes encapsulated ones that are no code at all. */
const fragments: Change = (bytes, part10, random) => {
  const own = part10.dataSet.elements.get(PIXEL_DATA);
  if (!own) return bytes;
  const pieces = own.fragments?.map(({ offset, length }) => bytes.subarray(offset, offset + length)) ?? [
    new Uint8Array(0),
    bytes.subarray(own.valueOffset, own.valueOffset + own.length),
  ];
  const node: Node = {
    kind: 'encapsulated',
    tag: PIXEL_DATA,
    fragments: random.pick(FRAGMENT_CHANGES)(pieces, random),
  };
  const changed = withElement(bytes, part10, PIXEL_DATA, encode([node], { littleEndian: true, explicitVR: true }));
  return own.fragments ? changed : transferSyntax(changed, part10, random);
};

const CHANGES: readonly Change[] = [
  imageAttributes,
  imageAttributes,
  imageAttributes,
  characterSet,
  nesting,
  transferSyntax,
  fragments,
  fragments,
];

/** The file that a base and a seed stand for. */
export function mutated(base: Base, random: Seeded, seed: number, other: Uint8Array): Uint8Array {
  let bytes = bytesWithUid(base, seed);
  const kind = random.below(10);
  if (kind < 6) {
    for (let i = random.below(4); i >= 0; i--) {
      const part10 = attempt(bytes);
      if (part10) bytes = random.pick(CHANGES)(bytes, part10, random);
    }
  }
  if (kind >= 5) bytes = mutate(bytes, placesOf(bytes), random, other);
  if (base.deflatedHeader === undefined) return bytes;
  const deflated = bytesOf(base.deflatedHeader, deflateRawSync(bytes.subarray(base.part10.dataSetOffset)));
  return random.below(3) === 0 ? withNoise(deflated, random, 1 + random.below(4)) : deflated;
}

function attempt(bytes: Uint8Array): Part10 | undefined {
  try {
    const part10 = readPart10(bytes);
    return part10.transferSyntax.deflated ? undefined : part10;
  } catch {
    return undefined;
  }
}
