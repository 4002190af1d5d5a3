import { DicomError } from '../dicom-error.ts';
import type { DataSet } from '../model.ts';
import { readPart10 } from '../part10.ts';
import { hasLongHeader, VRS } from '../vr.ts';
import { bytesOf, ITEM, ITEM_END, marker, SEQUENCE_END, UNDEFINED } from './encoded.ts';

/** Numbers from a seed, evenly spread over 32 bits (mulberry32, public domain). */
export class Seeded {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to `below`, exclusive. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % Math.max(1, below);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

/** Where the fields of a file stand that lie best. */
interface Places {
  readonly starts: readonly number[];
  readonly lengths: readonly { readonly at: number; readonly size: 2 | 4 }[];
  readonly vrs: readonly number[];
  /** Whole elements. */
  readonly elements: readonly { readonly from: number; readonly to: number; readonly value: number }[];
}

export function placesOf(bytes: Uint8Array): Places {
  const starts: number[] = [];
  const lengths: { at: number; size: 2 | 4 }[] = [];
  const vrs: number[] = [];
  const elements: { from: number; to: number; value: number }[] = [];
  const visit = (dataSet: DataSet): void => {
    for (const { offset, vr, valueOffset, length, undefinedLength, items, fragments } of dataSet.elements.values()) {
      elements.push({ from: offset, to: valueOffset + length + (undefinedLength ? 8 : 0), value: valueOffset });
      starts.push(offset);
      const short = dataSet.encoding.explicitVR && !hasLongHeader(vr);
      lengths.push({ at: valueOffset - (short ? 2 : 4), size: short ? 2 : 4 });
      if (dataSet.encoding.explicitVR) vrs.push(offset + 4);
      for (const item of items ?? []) {
        starts.push(item.offset);
        lengths.push({ at: item.valueOffset - 4, size: 4 });
        visit(item.dataSet);
      }
      for (const fragment of fragments ?? []) lengths.push({ at: fragment.offset - 4, size: 4 });
    }
  };
  try {
    const part10 = readPart10(bytes);
    visit(part10.meta);
    if (!part10.transferSyntax.deflated) visit(part10.dataSet);
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
  }
  return { starts, lengths, vrs, elements };
}

type Mutation = (bytes: Uint8Array, places: Places, random: Seeded, other: Uint8Array) => Uint8Array;

const LENGTHS = [
  0,
  1,
  2,
  7,
  8,
  0xff,
  0xfffe,
  0xffff,
  0x10000,
  0x7fffffff,
  0x80000000,
  0xfffffff0,
  0xfffffffe,
  UNDEFINED,
];
const TAGS = [ITEM, ITEM_END, SEQUENCE_END, 0x7fe00010, 0x00080005, 0x00280103, 0x00290010, 0x00081140, 0x00020010, 0];

const spliced = (bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array =>
  bytesOf(bytes.subarray(0, at), insert, bytes.subarray(Math.min(bytes.length, at + remove)));

/** A place where an element or item begins, or any other. */
const boundary = (bytes: Uint8Array, { starts }: Places, random: Seeded): number =>
  starts.length > 0 && random.below(4) > 0 ? random.pick(starts) : random.below(bytes.length);

const flipBits: Mutation = (bytes, _, random) => {
  const result = new Uint8Array(bytes);
  for (let i = random.below(8); i >= 0 && bytes.length > 0; i--)
    result[random.below(bytes.length)]! ^= 1 << random.below(8);
  return result;
};

const lieOnLength: Mutation = (bytes, places, random, other) => {
  if (places.lengths.length === 0) return flipBits(bytes, places, random, other);
  const result = new Uint8Array(bytes);
  const { at, size } = random.pick(places.lengths);
  if (at + size > result.length) return result;
  const view = new DataView(result.buffer);
  const before = size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
  const lie = random.below(2) === 0 ? random.pick(LENGTHS) : before + random.below(33) - 16;
  if (size === 2) view.setUint16(at, lie & 0xffff, true);
  else view.setUint32(at, lie >>> 0, true);
  return result;
};

const changeVR: Mutation = (bytes, places, random, other) => {
  if (places.vrs.length === 0) return flipBits(bytes, places, random, other);
  const vr = random.below(5) === 0 ? random.pick(['ZZ', '??', '\0\0', 'ox']) : random.pick(VRS);
  return spliced(bytes, random.pick(places.vrs), 2, bytesOf(vr));
};

const changeTag: Mutation = (bytes, places, random) =>
  spliced(bytes, boundary(bytes, places, random), 4, marker(random.pick(TAGS), 0).subarray(0, 4));

const cut: Mutation = (bytes, _, random) => bytes.slice(0, random.below(bytes.length));

const insertMarker: Mutation = (bytes, places, random) => {
  const length = random.below(3) === 0 ? random.pick(LENGTHS) : 0;
  return spliced(bytes, boundary(bytes, places, random), 0, marker(random.pick(TAGS), length));
};

const duplicate: Mutation = (bytes, places, random) => {
  const [from, to] = [boundary(bytes, places, random), boundary(bytes, places, random)].sort((a, b) => a - b);
  return spliced(bytes, boundary(bytes, places, random), 0, bytes.subarray(from, Math.min(to!, from! + 4096)));
};

const remove: Mutation = (bytes, places, random) =>
  spliced(bytes, boundary(bytes, places, random), random.below(64), new Uint8Array(0));

const splice: Mutation = (bytes, places, random, other) => {
  const from = random.below(other.length);
  const insert = other.subarray(from, from + random.below(2048));
  return spliced(bytes, boundary(bytes, places, random), random.below(2) === 0 ? 0 : insert.length, insert);
};

/** Leaves lengths alone. */
const changeValue: Mutation = (bytes, places, random, other) => {
  if (places.elements.length === 0) return flipBits(bytes, places, random, other);
  const { value, to } = random.pick(places.elements);
  const result = new Uint8Array(bytes);
  for (let i = random.below(6); i >= 0 && value < Math.min(to, result.length); i--) {
    result[value + random.below(Math.min(to, result.length) - value)] = random.pick([
      0, 0x20, 0x5c, 0x1b, 0x3d, 0x80, 0xff,
    ]);
  }
  return result;
};

const moveElement: Mutation = (bytes, places, random, other) => {
  if (places.elements.length === 0) return splice(bytes, places, random, other);
  const { from, to } = random.pick(places.elements);
  const copy = bytes.slice(from, to);
  const fate = random.below(3);
  if (fate === 0) return spliced(bytes, from, to - from, new Uint8Array(0));
  const target = random.pick(places.elements).from;
  const copied = spliced(bytes, target, 0, copy);
  return fate === 1
    ? copied
    : spliced(copied, target <= from ? from + copy.length : from, copy.length, new Uint8Array(0));
};

const mutations: readonly Mutation[] = [
  changeValue,
  changeValue,
  moveElement,
  moveElement,
  changeTag,
  changeVR,
  flipBits,
  lieOnLength,
  lieOnLength,
  lieOnLength,
  changeVR,
  changeTag,
  cut,
  insertMarker,
  duplicate,
  remove,
  splice,
];

/** One to four of the things that go wrong with files, chosen by the seed. `other` gives bytes to splice in. */
export function mutate(bytes: Uint8Array, places: Places, random: Seeded, other: Uint8Array): Uint8Array {
  let result = bytes;
  for (let i = random.below(2) * random.below(4); i >= 0; i--)
    result = random.pick(mutations)(result, places, random, other);
  return result;
}
