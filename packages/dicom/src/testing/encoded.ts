import { byteUnit, type VR } from '../vr.ts';

/** A data set as tests plan it: what is to be written, and how. Values are little endian. */
export type Node = PlainNode | SequenceNode | EncapsulatedNode | GroupLengthNode;

export interface PlainNode {
  readonly kind: 'plain';
  readonly tag: number;
  readonly vr: VR;
  readonly value: Uint8Array;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly tag: number;
  readonly undefinedLength: boolean;
  readonly items: readonly ItemNode[];
}

export interface ItemNode {
  readonly undefinedLength: boolean;
  readonly elements: readonly Node[];
}

export interface EncapsulatedNode {
  readonly kind: 'encapsulated';
  readonly tag: number;
  readonly fragments: readonly Uint8Array[];
}

/** (gggg,0000), its value counted when it is written. */
export interface GroupLengthNode {
  readonly kind: 'group length';
  readonly tag: number;
}

export interface Layout {
  readonly littleEndian: boolean;
  readonly explicitVR: boolean;
}

export const EXPLICIT: Layout = { littleEndian: true, explicitVR: true };
export const IMPLICIT: Layout = { littleEndian: true, explicitVR: false };
export const BIG_ENDIAN: Layout = { littleEndian: false, explicitVR: true };

export const UNDEFINED = 0xffffffff;
export const ITEM = 0xfffee000;
export const ITEM_END = 0xfffee00d;
export const SEQUENCE_END = 0xfffee0dd;

/** Joins numbers (one byte each), texts (ASCII) and bytes. */
export function bytesOf(...parts: readonly (number | string | Uint8Array)[]): Uint8Array {
  const pieces = parts.map((part) => {
    if (typeof part === 'number') return Uint8Array.of(part);
    return typeof part === 'string' ? Uint8Array.from(part, (c) => c.charCodeAt(0)) : part;
  });
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

export function uint16(value: number, littleEndian = true): Uint8Array {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, value, littleEndian);
  return bytes;
}

export function uint32(value: number, littleEndian = true): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, littleEndian);
  return bytes;
}

const tagBytes = (tag: number, le: boolean): Uint8Array => bytesOf(uint16(tag >>> 16, le), uint16(tag & 0xffff, le));

/** A tag and a 32-bit length: items, delimiters and implicit elements. */
export const marker = (tag: number, length: number, littleEndian = true): Uint8Array =>
  bytesOf(tagBytes(tag, littleEndian), uint32(length, littleEndian));

/** VRs with a 16-bit length (PS3.5 Table 7.1-2), stated here apart from the code under test. */
const SHORT = 'AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US'.split(' ');

/** Header of an element; the length may lie. */
export function header(tag: number, vr: string, length: number, layout: Layout = EXPLICIT): Uint8Array {
  const { littleEndian } = layout;
  if (!layout.explicitVR) return marker(tag, length, littleEndian);
  if (SHORT.includes(vr)) return bytesOf(tagBytes(tag, littleEndian), vr, uint16(length, littleEndian));
  return bytesOf(tagBytes(tag, littleEndian), vr, 0, 0, uint32(length, littleEndian));
}

/** A whole element of which the value is given in little endian. */
export function element(tag: number, vr: VR, value: Uint8Array | string, layout: Layout = EXPLICIT): Uint8Array {
  const bytes = typeof value === 'string' ? bytesOf(value) : value;
  return bytesOf(header(tag, vr, bytes.length, layout), layout.littleEndian ? bytes : swapped(bytes, vr));
}

function swapped(value: Uint8Array, vr: VR): Uint8Array {
  const unit = byteUnit(vr);
  const result = new Uint8Array(value);
  for (let at = 0; at + unit <= result.length; at += unit) result.subarray(at, at + unit).reverse();
  return result;
}

export function encode(nodes: readonly Node[], layout: Layout): Uint8Array {
  return bytesOf(...nodes.map((node) => encodeNode(node, nodes, layout)));
}

function encodeNode(node: Node, siblings: readonly Node[], layout: Layout): Uint8Array {
  switch (node.kind) {
    case 'plain':
      return element(node.tag, node.vr, node.value, layout);
    case 'sequence':
      return encodeSequence(node, layout);
    case 'encapsulated':
      return encodeFragments(node, layout);
    case 'group length': {
      const group = siblings.filter((other) => other !== node && other.tag >>> 16 === node.tag >>> 16);
      return element(node.tag, 'UL', uint32(encode(group, layout).length), layout);
    }
  }
}

function encodeSequence(node: SequenceNode, layout: Layout): Uint8Array {
  const le = layout.littleEndian;
  const body = bytesOf(
    ...node.items.map((item) => {
      const inner = encode(item.elements, layout);
      return item.undefinedLength
        ? bytesOf(marker(ITEM, UNDEFINED, le), inner, marker(ITEM_END, 0, le))
        : bytesOf(marker(ITEM, inner.length, le), inner);
    }),
  );
  if (!node.undefinedLength) return bytesOf(header(node.tag, 'SQ', body.length, layout), body);
  return bytesOf(header(node.tag, 'SQ', UNDEFINED, layout), body, marker(SEQUENCE_END, 0, le));
}

function encodeFragments(node: EncapsulatedNode, layout: Layout): Uint8Array {
  const fragments = node.fragments.flatMap((fragment) => [marker(ITEM, fragment.length), fragment]);
  return bytesOf(header(node.tag, 'OB', UNDEFINED, layout), ...fragments, marker(SEQUENCE_END, 0));
}

/** Preamble, "DICM" and the least of file meta information, or of what stands in its place. */
export function file(transferSyntaxUid: string | undefined, dataSet: Uint8Array): Uint8Array {
  const even = (uid: string): string => (uid.length % 2 === 0 ? uid : `${uid}\0`);
  const syntax = transferSyntaxUid === undefined ? '' : element(0x00020010, 'UI', even(transferSyntaxUid));
  const group = bytesOf(element(0x00020001, 'OB', bytesOf(0, 1)), syntax);
  return bytesOf(new Uint8Array(128), 'DICM', element(0x00020000, 'UL', uint32(group.length)), group, dataSet);
}
