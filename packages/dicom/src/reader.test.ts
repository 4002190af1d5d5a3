import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DicomError } from './dicom-error.ts';
import type { DataSet, Element } from './model.ts';
import { readDataSet } from './part10.ts';
import { arbitraryNodes, uncompressed } from './testing/arbitrary.ts';
import {
  BIG_ENDIAN,
  bytesOf,
  EXPLICIT,
  element,
  encode,
  header,
  IMPLICIT,
  ITEM,
  ITEM_END,
  type Layout,
  marker,
  type Node,
  SEQUENCE_END,
  UNDEFINED,
  uint16,
  uint32,
} from './testing/encoded.ts';
import { transferSyntaxOf } from './transfer-syntax.ts';
import { firstNumber, firstString, numbersOf, sequenceOf, stringsOf } from './value.ts';

const syntaxOf = (layout: Layout) =>
  transferSyntaxOf(uncompressed.find((syntax) => syntax.layout === layout && !syntax.deflated)!.uid);
const read = (bytes: Uint8Array, layout: Layout = EXPLICIT, limits = {}): DataSet =>
  readDataSet(bytes, syntaxOf(layout), limits);
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DicomError) return error.code;
    throw error;
  }
  return 'no error';
};

const REFERENCED = 0x00081140;
const CONTENT = 0x0040a730;
const uid = element(0x00081155, 'UI', '1.2.3\0');
const id = element(0x00100020, 'LO', 'ID');

/** What a plan says should be found, and where. */
function expectNodes(dataSet: DataSet, nodes: readonly Node[], layout: Layout, whole: Uint8Array): void {
  expect([...dataSet.elements.keys()]).toEqual(nodes.map((node) => node.tag));
  for (const node of nodes) expectNode(dataSet.elements.get(node.tag)!, node, nodes, layout, whole);
}

function expectNode(found: Element, node: Node, all: readonly Node[], layout: Layout, whole: Uint8Array): void {
  const group = all.filter((other) => other.tag >>> 16 === node.tag >>> 16);
  const bytes = encode(node.kind === 'group length' ? group : [node], layout);
  const stands = whole.subarray(found.offset, found.offset + bytes.length);
  expect(Buffer.compare(stands, bytes)).toBe(0);
  const end = found.valueOffset + found.length;
  if (node.kind === 'sequence') {
    expect(found).toMatchObject({ vr: 'SQ', undefinedLength: node.undefinedLength });
    expect(end + (node.undefinedLength ? 8 : 0)).toBe(found.offset + bytes.length);
    expect(found.items!.map((item) => item.undefinedLength)).toEqual(node.items.map((item) => item.undefinedLength));
    found.items!.forEach((item, i) => {
      expect(item.dataSet.offset).toBe(item.valueOffset);
      expect(item.dataSet.end).toBe(item.valueOffset + item.length);
      expectNodes(item.dataSet, node.items[i]!.elements, layout, whole);
    });
  } else {
    expect(found.vr).toBe(node.kind === 'plain' ? node.vr : 'UL');
    expect(Buffer.compare(found.value!, whole.subarray(found.valueOffset, end))).toBe(0);
  }
}

describe('reading a data set', () => {
  it.each(uncompressed.filter((syntax) => !syntax.deflated))(
    '[ARCH-2] finds every element with its value and place in $uid',
    ({ layout }) => {
      fc.assert(
        fc.property(arbitraryNodes(3), (nodes) => {
          const bytes = encode(nodes, layout);
          const dataSet = read(bytes, layout);
          expectNodes(dataSet, nodes, layout, bytes);
          expect(dataSet).toMatchObject({ offset: 0, end: bytes.length, truncated: false });
        }),
      );
    },
  );

  it('[ARCH-2] locates values longer than it keeps', () => {
    const dataSet = read(bytesOf(id, element(0x7fe00010, 'OW', new Uint8Array(64))), EXPLICIT, { keep: 63 });
    expect(dataSet.elements.get(0x7fe00010)).toEqual({
      tag: 0x7fe00010,
      vr: 'OW',
      offset: 10,
      valueOffset: 22,
      length: 64,
      undefinedLength: false,
    });
    expect(firstString(dataSet, 0x00100020)).toBe('ID');
  });

  it('[ARCH-2] reads encapsulated pixel data by its fragments', () => {
    const fragments = [new Uint8Array(0), bytesOf(1, 2), bytesOf(3, 4, 5, 6)];
    const bytes = encode([{ kind: 'encapsulated', tag: 0x7fe00010, fragments }], EXPLICIT);
    const found = read(bytes).elements.get(0x7fe00010)!;
    expect(found).toMatchObject({ vr: 'OB', undefinedLength: true, length: bytes.length - 12 - 8 });
    expect(found.value).toBeUndefined();
    expect(found.fragments!.map(({ offset, length }) => [...bytes.subarray(offset, offset + length)])).toEqual(
      fragments.map((fragment) => [...fragment]),
    );
  });

  it('[ARCH-2] reads encapsulated pixel data in implicit VR, which the standard forbids', () => {
    const fragments = [new Uint8Array(0), bytesOf(1, 2)];
    const bytes = bytesOf(
      header(0x7fe00010, 'OB', UNDEFINED, IMPLICIT),
      encode([{ kind: 'encapsulated', tag: 0x7fe00010, fragments }], EXPLICIT).subarray(12),
    );
    for (const layout of [IMPLICIT, EXPLICIT]) {
      const found = read(bytes, layout).elements.get(0x7fe00010)!;
      expect(found).toMatchObject({ vr: 'OB', undefinedLength: true });
      expect(found.fragments!.map(({ length }) => length)).toEqual([0, 2]);
    }
  });

  it('[ARCH-2] keeps the character set of the data set around, or its own', () => {
    const item = (...parts: Uint8Array[]) => bytesOf(marker(ITEM, bytesOf(...parts).length), ...parts);
    const items = bytesOf(item(uid), item(element(0x00080005, 'CS', 'ISO_IR 192'), uid));
    const bytes = bytesOf(
      element(0x00080005, 'CS', 'ISO_IR 100\\ISO 2022 IR 87 '),
      header(REFERENCED, 'SQ', items.length),
      items,
    );
    const dataSet = read(bytes);
    expect(dataSet.characterSet).toEqual(['ISO_IR 100', 'ISO 2022 IR 87']);
    expect(sequenceOf(dataSet, REFERENCED).map((inner) => inner.characterSet)).toEqual([
      ['ISO_IR 100', 'ISO 2022 IR 87'],
      ['ISO_IR 192'],
    ]);
  });
});

describe('reading UN', () => {
  const item = bytesOf(marker(ITEM, UNDEFINED), element(0x00081155, 'UI', '1.2.3\0', IMPLICIT), marker(ITEM_END, 0));

  it.each([EXPLICIT, BIG_ENDIAN])(
    '[ARCH-2] of undefined length, as implicit little endian whatever is around it',
    (layout) => {
      const bytes = bytesOf(
        header(CONTENT, 'UN', UNDEFINED, layout),
        item,
        marker(SEQUENCE_END, 0),
        element(0x0040db00, 'CS', 'ABCD', layout),
        element(0x0040e008, 'US', bytesOf(1, 0), layout),
      );
      const dataSet = read(bytes, layout);
      expect(dataSet.elements.get(CONTENT)).toMatchObject({ vr: 'UN', undefinedLength: true, length: item.length });
      expect(firstString(sequenceOf(dataSet, CONTENT)[0]!, 0x00081155)).toBe('1.2.3');
      expect(firstString(dataSet, 0x0040db00)).toBe('ABCD');
      expect(firstNumber(dataSet, 0x0040e008)).toBe(1);
    },
  );

  it('[ARCH-2] of defined length, as bytes', () => {
    const dataSet = read(bytesOf(header(REFERENCED, 'UN', item.length), item, id));
    expect(dataSet.elements.get(REFERENCED)).toMatchObject({ vr: 'UN', length: item.length, value: item });
    expect(firstString(dataSet, 0x00100020)).toBe('ID');
  });
});

describe('reading private elements', () => {
  it('[ARCH-2] takes their VR from their creator in implicit VR, in any block', () => {
    const blocks = { 16: 'SIEMENS CSA HEADER', 17: 'NOBODY', 170: 'SIEMENS CSA HEADER\0\0' };
    const creators = Object.entries(blocks).map(([block, name]) =>
      element(0x00290000 + Number(block), 'LO', name, IMPLICIT),
    );
    const values = Object.keys(blocks).map((block) =>
      element(0x00290008 + (Number(block) << 8), 'CS', 'IMAGE ', IMPLICIT),
    );
    const dataSet = read(bytesOf(...creators, ...values), IMPLICIT);
    const vrs = [0x00291008, 0x00291108, 0x0029aa08].map((tag) => dataSet.elements.get(tag)!.vr);
    expect(vrs).toEqual(['CS', 'UN', 'CS']);
  });

  it('[ARCH-2] does not take the creator of another data set', () => {
    const inner = element(0x00291008, 'CS', 'IMAGE ', IMPLICIT);
    const bytes = bytesOf(
      header(REFERENCED, 'SQ', inner.length + 8, IMPLICIT),
      marker(ITEM, inner.length),
      inner,
      element(0x00290010, 'LO', 'SIEMENS CSA HEADER', IMPLICIT),
    );
    expect(sequenceOf(read(bytes, IMPLICIT), REFERENCED)[0]!.elements.get(0x00291008)!.vr).toBe('UN');
  });
});

describe('reading what breaks the standard', () => {
  it('[ARCH-2] lets the last of equal tags count and keeps the earlier ones apart', () => {
    const dataSet = read(bytesOf(element(0x00100020, 'LO', 'A '), element(0x00100020, 'LO', 'B '), id));
    expect(firstString(dataSet, 0x00100020)).toBe('ID');
    expect(dataSet.shadowed.map(({ offset }) => offset)).toEqual([0, 10]);
  });

  it('[ARCH-2] passes over delimiters that end nothing', () => {
    const item = bytesOf(marker(ITEM, uid.length + 8), uid, marker(ITEM_END, 0));
    const items = bytesOf(item, marker(ITEM_END, 0), item, marker(SEQUENCE_END, 0));
    const defined = bytesOf(header(REFERENCED, 'SQ', items.length), items);
    const open = bytesOf(header(CONTENT, 'SQ', UNDEFINED), item, marker(ITEM_END, 0), item, marker(SEQUENCE_END, 0));
    const dataSet = read(bytesOf(defined, marker(SEQUENCE_END, 0), id, open, marker(ITEM_END, 0)));
    expect(sequenceOf(dataSet, REFERENCED)).toHaveLength(2);
    expect(sequenceOf(dataSet, CONTENT)).toHaveLength(2);
    expect(firstString(dataSet, 0x00100020)).toBe('ID');
    expect(dataSet.truncated).toBe(false);
  });

  it('[ARCH-2] reads odd lengths as they are', () => {
    const dataSet = read(
      bytesOf(element(0x00100020, 'LO', 'ODD'), element(0x00281050, 'DS', '1.5'), id.subarray(0, 0)),
    );
    expect(firstString(dataSet, 0x00100020)).toBe('ODD');
    expect(numbersOf(dataSet, 0x00281050)).toEqual([1.5]);
  });

  it('[ARCH-2] leaves the bytes beyond the last whole number', () => {
    expect(numbersOf(read(element(0x00280010, 'US', bytesOf(1, 0, 2))), 0x00280010)).toEqual([1]);
  });

  it('[ARCH-2] reads implicit elements among explicit ones', () => {
    const dataSet = read(
      bytesOf(id, element(0x00280010, 'US', bytesOf(2, 0), IMPLICIT), element(0x00280011, 'US', bytesOf(3, 0))),
    );
    expect([firstNumber(dataSet, 0x00280010), firstNumber(dataSet, 0x00280011)]).toEqual([2, 3]);
  });

  it('[ARCH-2] reads VRs that are not yet known with the long header, and "??" with the short one', () => {
    const dataSet = read(
      bytesOf(header(0x00090011, 'ZZ', 2), 'ab', uint16(9), uint16(0x12), '??', uint16(4), 'abcd', id),
    );
    expect(dataSet.elements.get(0x00090011)).toMatchObject({ vr: 'UN', length: 2, value: bytesOf('ab') });
    expect(dataSet.elements.get(0x00090012)).toMatchObject({ vr: 'UN', length: 4, value: bytesOf('abcd') });
    expect(firstString(dataSet, 0x00100020)).toBe('ID');
  });

  it('[ARCH-2] ends an item that says to be longer than its sequence with the sequence', () => {
    const bytes = bytesOf(header(REFERENCED, 'SQ', uid.length + 8), marker(ITEM, uid.length + 24), uid, id);
    const dataSet = read(bytes);
    expect(stringsOf(sequenceOf(dataSet, REFERENCED)[0]!, 0x00081155)).toEqual(['1.2.3']);
    expect(firstString(dataSet, 0x00100020)).toBe('ID');
  });

  it('[ARCH-2] takes fewer than eight zeros at the end for padding', () => {
    expect(read(bytesOf(id, new Uint8Array(7)))).toMatchObject({ truncated: false, end: id.length + 7 });
    expect(read(bytesOf(id, 1, 0)).truncated).toBe(true);
  });

  it.each<[string, string, Uint8Array]>([
    ['an undefined length of a VR that can have none', 'malformed', bytesOf(header(0x00081190, 'UR', UNDEFINED), id)],
    ['an undefined length of text', 'malformed', bytesOf(header(0x00204000, 'UT', UNDEFINED), id)],
    ['an element where an item must begin', 'malformed', bytesOf(header(REFERENCED, 'SQ', id.length), id)],
    ['an item where an element must begin', 'malformed', bytesOf(id, marker(ITEM, 0))],
    [
      'an element that is longer than its item',
      'malformed',
      bytesOf(header(REFERENCED, 'SQ', 16), marker(ITEM, 8), header(0x00081155, 'UI', 6), '1.2.3\0', id),
    ],
    [
      'an item that does not end in a sequence that does',
      'malformed',
      bytesOf(header(REFERENCED, 'SQ', uid.length + 8), marker(ITEM, UNDEFINED), uid, id),
    ],
    [
      'a sequence that ends before its item',
      'malformed',
      bytesOf(header(REFERENCED, 'SQ', UNDEFINED), marker(ITEM, UNDEFINED), uid, marker(SEQUENCE_END, 0), id),
    ],
    [
      'a fragment of undefined length',
      'malformed',
      bytesOf(header(0x7fe00010, 'OB', UNDEFINED), marker(ITEM, UNDEFINED)),
    ],
    ['an element among fragments', 'malformed', bytesOf(header(0x7fe00010, 'OB', UNDEFINED), id)],
  ])('[ARCH-2] refuses %s', (_, code, bytes) => {
    expect(codeOf(() => read(bytes))).toBe(code);
  });
});

describe('limits of reading', () => {
  const nested = (depth: number, open: boolean): Uint8Array => {
    if (depth === 0) return uid;
    const inner = nested(depth - 1, open);
    return open
      ? bytesOf(
          header(CONTENT, 'SQ', UNDEFINED),
          marker(ITEM, UNDEFINED),
          inner,
          marker(ITEM_END, 0),
          marker(SEQUENCE_END, 0),
        )
      : bytesOf(header(CONTENT, 'SQ', inner.length + 8), marker(ITEM, inner.length), inner);
  };

  it.each([true, false])('[ARCH-2] holds the depth of sequences, of undefined length: %s', (open) => {
    expect(codeOf(() => read(nested(64, open)))).toBe('no error');
    expect(codeOf(() => read(nested(65, open)))).toBe('too-deep');
    expect(codeOf(() => read(nested(3, open), EXPLICIT, { depth: 2 }))).toBe('too-deep');
  });

  it('[ARCH-2] holds what is kept, be it few long or many tiny elements', () => {
    const limit = { keepTotal: 1 << 20 };
    expect(codeOf(() => read(element(0x00104000, 'UT', new Uint8Array(1 << 20)), EXPLICIT, limit))).toBe(
      'header-too-large',
    );
    const tiny = Array.from({ length: 10_000 }, (_, i) => header(0x00090000 + i, 'LO', 0));
    expect(codeOf(() => read(bytesOf(...tiny), EXPLICIT, limit))).toBe('header-too-large');
    const items = bytesOf(...Array.from({ length: 10_000 }, () => marker(ITEM, 0)));
    expect(codeOf(() => read(bytesOf(header(CONTENT, 'SQ', items.length), items), EXPLICIT, limit))).toBe(
      'header-too-large',
    );
    const fragments = bytesOf(...Array.from({ length: 50_000 }, () => marker(ITEM, 0)));
    expect(codeOf(() => read(bytesOf(header(0x7fe00010, 'OB', UNDEFINED), fragments), EXPLICIT, limit))).toBe(
      'header-too-large',
    );
    const pixels = element(0x7fe00010, 'OW', new Uint8Array(2 << 20));
    expect(codeOf(() => read(bytesOf(id, pixels), EXPLICIT, { ...limit, keep: 1000 }))).toBe('no error');
  });

  it('[ARCH-2] says where the bytes ended early and keeps what came before', () => {
    const bytes = bytesOf(
      id,
      header(REFERENCED, 'SQ', UNDEFINED),
      marker(ITEM, UNDEFINED),
      uid,
      header(0x00081150, 'UI', 20),
      '1.2',
    );
    const dataSet = read(bytes);
    expect(dataSet.truncated).toBe(true);
    const inner = sequenceOf(dataSet, REFERENCED)[0]!;
    expect(inner.truncated).toBe(true);
    expect(stringsOf(inner, 0x00081150)).toEqual(['1.2']);
    expect(inner.elements.get(0x00081150)!.length).toBe(3);
    expect(read(bytesOf(id, uint32(1))).truncated).toBe(true);
  });
});
