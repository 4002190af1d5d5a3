import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { needs } from '@isocenter/testkit';
import { realFiles, realFilesFolder, realFilesMissing } from '@isocenter/testkit/real-files';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DicomError } from './dicom-error.ts';
import { applySegments, type Editor, editDataSet, type NewElement } from './edit.ts';
import { toJson } from './json.ts';
import { readDataSet, readPart10 } from './part10.ts';
import { isPrivateCreator, type Tag } from './tag.ts';
import { arbitraryNodes, uncompressed } from './testing/arbitrary.ts';
import {
  BIG_ENDIAN,
  bytesOf,
  EXPLICIT,
  element,
  encode,
  file,
  header,
  IMPLICIT,
  ITEM,
  ITEM_END,
  type Layout,
  marker,
  type Node,
  SEQUENCE_END,
  UNDEFINED,
  uint32,
} from './testing/encoded.ts';
import { transferSyntaxOf } from './transfer-syntax.ts';

const syntaxOf = (layout: Layout) =>
  transferSyntaxOf(uncompressed.find((syntax) => syntax.layout === layout && !syntax.deflated)!.uid);
const read = (bytes: Uint8Array, layout: Layout = EXPLICIT) => readDataSet(bytes, syntaxOf(layout));
const keepAll: Editor = { element: () => 'keep' };
const edited = (bytes: Uint8Array, editor: Editor, layout: Layout = EXPLICIT): Uint8Array =>
  applySegments(editDataSet(read(bytes, layout), editor), bytes);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What becomes of an element in a test: told by a number that its place and a seed give. */
type Fate = 'keep' | 'remove' | 'replace';
interface Plan {
  fate(path: readonly Tag[], tag: Tag): Fate;
  inserts(path: readonly Tag[]): readonly Tag[];
}

const NEW_TAGS = [0x00080060, 0x00100010, 0x00120062, 0x00280010, 0x00400254, 0x20100010] as const;
const value = bytesOf('NEWVALUE');

function planOf(seed: number, percent: number): Plan {
  const number = (path: readonly Tag[], tag: Tag): number => {
    let state = seed;
    for (const part of [...path, tag]) state = Math.imul(state ^ part, 0x9e3779b1) ^ (state >>> 15);
    return (state >>> 0) % 100;
  };
  return {
    fate: (path, tag) => {
      const chance = number(path, tag);
      if (chance >= percent || (tag & 0xffff) === 0) return 'keep';
      return chance % 2 === 0 ? 'remove' : 'replace';
    },
    inserts: (path) => NEW_TAGS.filter((tag) => number(path, tag + 1) < percent / 3),
  };
}

const newElement = (tag: Tag): NewElement => ({ tag, vr: 'OB', value });
const newNode = (tag: Tag): Node => ({ kind: 'plain', tag, vr: 'OB', value });

const editorOf = (plan: Plan): Editor => ({
  element: ({ tag, vr }, _, path) => {
    const fate = plan.fate(path, tag);
    // In implicit VR, other bytes than items would make a sequence unreadable.
    if (fate === 'replace' && vr === 'SQ') return 'remove';
    return fate === 'replace' ? newElement(tag) : fate;
  },
  insert: (_, path) => plan.inserts(path).map(newElement),
});

/** The same on the plan of the data set. */
function editedNodes(nodes: readonly Node[], plan: Plan, path: readonly Tag[]): Node[] {
  const inserted = plan.inserts(path);
  const kept = nodes
    .filter(({ tag }) => !inserted.includes(tag))
    .flatMap((node): Node[] => {
      const fate = plan.fate(path, node.tag);
      if (fate === 'remove' || (fate === 'replace' && node.kind === 'sequence')) return [];
      if (fate === 'replace') return [newNode(node.tag)];
      if (node.kind !== 'sequence') return [node];
      const inner = [...path, node.tag];
      return [
        { ...node, items: node.items.map((item) => ({ ...item, elements: editedNodes(item.elements, plan, inner) })) },
      ];
    });
  return [...kept, ...inserted.map(newNode)].sort((a, b) => a.tag - b.tag);
}

describe('editing', () => {
  const plans = fc.tuple(fc.integer(), fc.constantFrom(2, 10, 50)).map(([seed, percent]) => planOf(seed, percent));

  it.each([
    { name: 'explicit', layout: EXPLICIT },
    { name: 'implicit', layout: IMPLICIT },
    { name: 'big endian', layout: BIG_ENDIAN },
  ])('[ARCH-2] changes what it is told at any depth, lengths around it, and nothing else: $name', ({ layout }) => {
    fc.assert(
      fc.property(arbitraryNodes(3), plans, (nodes, plan) => {
        const bytes = encode(nodes, layout);
        expect(hex(edited(bytes, editorOf(plan), layout))).toBe(hex(encode(editedNodes(nodes, plan, []), layout)));
      }),
      { numRuns: 300 },
    );
  });

  it.each(uncompressed)('[ARCH-2] that keeps everything gives the same bytes, $uid', ({ uid, layout, deflated }) => {
    fc.assert(
      fc.property(arbitraryNodes(3), (nodes) => {
        const dataSet = encode(nodes, layout);
        fc.pre(dataSet.length > 0);
        const bytes = file(uid, deflated ? deflateRawSync(dataSet) : dataSet);
        const segments = editDataSet(readPart10(bytes, { keep: 8 }).dataSet, keepAll);
        const offset = deflated ? 0 : bytes.length - dataSet.length;
        expect(segments).toEqual([{ copy: { offset, length: dataSet.length } }]);
      }),
    );
  });

  it('[ARCH-2] copies encapsulated pixel data without having it', () => {
    const pixelData: Node = { kind: 'encapsulated', tag: 0x7fe00010, fragments: [bytesOf(), new Uint8Array(1000)] };
    const bytes = encode([newNode(0x00100010), pixelData], EXPLICIT);
    const dataSet = readPart10(file('1.2.840.10008.1.2.4.50', bytes), { keep: 100 }).dataSet;
    const segments = editDataSet(dataSet, { element: ({ tag }) => (tag === 0x00100010 ? 'remove' : 'keep') });
    expect(segments).toHaveLength(1);
    expect(applySegments(segments, file('1.2.840.10008.1.2.4.50', bytes))).toEqual(encode([pixelData], EXPLICIT));
  });

  it('[ARCH-2] leaves delimiters that end nothing where they are', () => {
    const uid = element(0x00081155, 'UI', '1.2.3\0');
    const item = (first: Uint8Array) => bytesOf(marker(ITEM, first.length + 8), first, marker(ITEM_END, 0));
    const of = (first: Uint8Array): Uint8Array => {
      const items = bytesOf(item(first), marker(ITEM_END, 0), item(first), marker(SEQUENCE_END, 0));
      const tail = bytesOf(marker(SEQUENCE_END, 0), newNodeBytes(0x00100010), marker(ITEM_END, 0), 0, 0, 0);
      return bytesOf(header(0x00081140, 'SQ', items.length), items, tail);
    };
    expect(hex(edited(of(uid), keepAll))).toBe(hex(of(uid)));
    const replace: Editor = { element: ({ tag }) => (tag === 0x00081155 ? newElement(tag) : 'keep') };
    expect(hex(edited(of(uid), replace))).toBe(hex(of(newNodeBytes(0x00081155))));
  });

  const newNodeBytes = (tag: Tag) => encode([newNode(tag)], EXPLICIT);

  it('[ARCH-2] edits UN of undefined length in implicit little endian', () => {
    const un = (inner: Uint8Array) =>
      bytesOf(
        header(0x00091000, 'UN', UNDEFINED, BIG_ENDIAN),
        marker(ITEM, UNDEFINED),
        inner,
        marker(ITEM_END, 0),
        marker(SEQUENCE_END, 0),
      );
    const bytes = un(element(0x00100020, 'LO', 'ID', IMPLICIT));
    const editor: Editor = { element: ({ tag }) => (tag === 0x00100020 ? newElement(tag) : 'keep') };
    expect(hex(edited(bytes, editor, BIG_ENDIAN))).toBe(hex(un(encode([newNode(0x00100020)], IMPLICIT))));
  });

  it('[ARCH-2] visits every one of equal tags', () => {
    const bytes = bytesOf(element(0x00100020, 'LO', 'A '), element(0x00100020, 'LO', 'B '));
    expect(edited(bytes, { element: () => 'remove' })).toHaveLength(0);
    expect(hex(edited(bytes, { element: () => 'keep', insert: () => [newElement(0x00100020)] }))).toBe(
      hex(newNodeBytes(0x00100020)),
    );
  });

  it('[ARCH-2] counts group lengths anew in file meta information too', () => {
    const bytes = file('1.2.840.10008.1.2.1', newNodeBytes(0x00100010));
    const segments = editDataSet(readPart10(bytes).meta, {
      element: () => 'keep',
      insert: () => [newElement(0x00020102)],
    });
    const meta = applySegments(segments, bytes);
    expect(new DataView(meta.buffer).getUint32(8, true)).toBe(meta.length - 12);
  });

  it('[ARCH-2] sets an item straight that said to be longer than its sequence', () => {
    const uid = element(0x00081155, 'UI', '1.2.3\0');
    const of = (length: number, inner: Uint8Array) =>
      bytesOf(header(0x00081140, 'SQ', inner.length + 8), marker(ITEM, length), inner);
    const bytes = of(99, uid);
    expect(hex(edited(bytes, keepAll))).toBe(hex(bytes));
    const fresh = newNodeBytes(0x00081155);
    const editor: Editor = { element: ({ tag }) => (tag === 0x00081155 ? newElement(tag) : 'keep') };
    expect(hex(edited(bytes, editor))).toBe(hex(of(fresh.length, fresh)));
  });

  it('[ARCH-2] refuses a data set that ends early', () => {
    const whole = bytesOf(
      element(0x00080000, 'UL', uint32(0)),
      header(0x00081140, 'SQ', UNDEFINED),
      marker(ITEM, UNDEFINED),
      element(0x00081155, 'UI', '1.2.3\0'),
      marker(ITEM_END, 0),
      marker(SEQUENCE_END, 0),
      element(0x7fe00010, 'OW', new Uint8Array(20)),
    );
    for (let length = 1; length < whole.length; length++) {
      const dataSet = read(whole.subarray(0, length));
      if (!dataSet.truncated) continue;
      expect(() => editDataSet(dataSet, keepAll)).toThrow(expect.objectContaining({ code: 'truncated' }));
    }
  });

  it('[ARCH-2] refuses new values of odd or too great length', () => {
    const bytes = newNodeBytes(0x00100010);
    const put = (element: NewElement) => () => edited(bytes, { element: () => element });
    expect(put({ tag: 0x00100010, vr: 'LO', value: bytesOf('ODD') })).toThrow(DicomError);
    expect(put({ tag: 0x00100010, vr: 'LO', value: new Uint8Array(70_000) })).toThrow(DicomError);
  });
});

/** A plan that leaves alone what the reading of other elements depends on. */
const sparing = (plan: Plan): Plan => ({
  ...plan,
  fate: (path, tag) =>
    tag === 0x00080005 || tag === 0x00280103 || isPrivateCreator(tag) ? 'keep' : plan.fate(path, tag),
});

describe('editing real files', () => {
  needs(realFilesMissing);

  it('[ARCH-2] keeps every byte that is kept, and leaves the rest readable', () => {
    const changed: string[] = [];
    for (const path of realFiles.filter((_, i) => i % 6 === 1)) {
      const bytes = readFileSync(`${realFilesFolder}/${path}`);
      const part10 = readPart10(bytes);
      if (part10.truncated || part10.transferSyntax.deflated) continue;
      const { dataSet, dataSetOffset } = part10;
      const same = applySegments(editDataSet(dataSet, keepAll), bytes);
      expect(Buffer.compare(same, bytes.subarray(dataSetOffset)), path).toBe(0);
      const plan = sparing(planOf(path.length, 10));
      const dataSetBytes = applySegments(editDataSet(dataSet, editorOf(plan)), bytes);
      const again = readDataSet(dataSetBytes, part10.transferSyntax);
      expect(again.truncated, path).toBe(false);
      const before = toJson(dataSet);
      for (const [tag, json] of Object.entries(toJson(again))) {
        const number = Number.parseInt(tag, 16);
        if (json.vr === 'SQ' || plan.fate([], number) !== 'keep' || plan.inserts([]).includes(number)) continue;
        if (JSON.stringify(json) !== JSON.stringify(before[tag])) changed.push(`${path} ${tag}`);
      }
    }
    expect(changed).toEqual([]);
  });
});
