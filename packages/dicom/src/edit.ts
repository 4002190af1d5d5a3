import { ByteSink } from './byte-sink.ts';
import { DicomError } from './dicom-error.ts';
import type { DataSet, Element, Encoding, Item } from './model.ts';
import { elementOf, formatTag, groupOf, type Tag, tag as tagOf } from './tag.ts';
import type { VR } from './vr.ts';
import { writeHeader } from './writer.ts';

/** A stretch of the edited data set: bytes of the original by their place, or new ones. */
export type Segment =
  | { readonly copy: { readonly offset: number; readonly length: number } }
  | { readonly bytes: Uint8Array };

/** An element to be put in, its value in the data set's own byte order and of even length. */
export interface NewElement {
  readonly tag: Tag;
  readonly vr: VR;
  readonly value: Uint8Array;
}

export type Edit = 'keep' | 'remove' | NewElement;

export interface Editor {
  /** What becomes of an element. Items of a kept sequence are visited in their turn. */
  element(element: Element, dataSet: DataSet, path: readonly Tag[]): Edit;
  /** Elements to add to a data set; one whose tag is there replaces it. */
  insert?(dataSet: DataSet, path: readonly Tag[]): readonly NewElement[];
}

/**
 * Edits a data set and copies every byte that isn't touched: an edit of one element changes that element, and the
 * lengths of the sequences, items and groups around it, and nothing else. Values that the reader did not keep are
 * copied by their place, so that pixel data needn't be in memory.
 *
 * @returns segments in order; adjoining copies are joined. Of a deflated data set, places are those of the inflated one.
 * @throws DicomError `truncated` when the data set ended early: where its last parts end isn't known.
 */
export function editDataSet(dataSet: DataSet, editor: Editor): Segment[] {
  if (dataSet.truncated) throw new DicomError('truncated', 'A data set that ends early cannot be edited');
  return joined(new DataSetEditor(editor).dataSet(dataSet, []).segments);
}

/** The edited data set in memory, from the bytes that were read: the whole file, or the inflated data set. */
export function applySegments(segments: readonly Segment[], original: Uint8Array): Uint8Array {
  const edited = new Uint8Array(segments.reduce((sum, segment) => sum + lengthOf(segment), 0));
  let at = 0;
  for (const segment of segments) {
    const bytes =
      'bytes' in segment
        ? segment.bytes
        : original.subarray(segment.copy.offset, segment.copy.offset + segment.copy.length);
    edited.set(bytes, at);
    at += bytes.length;
  }
  return edited;
}

interface Edited {
  readonly segments: Segment[];
  readonly changed: boolean;
}

/** An element of the edited data set; without a tag, bytes between elements. */
interface Part extends Edited {
  readonly tag?: Tag;
}

class DataSetEditor {
  private readonly editor: Editor;
  constructor(editor: Editor) {
    this.editor = editor;
  }

  dataSet(dataSet: DataSet, path: readonly Tag[]): Edited {
    const inserted = new Map((this.editor.insert?.(dataSet, path) ?? []).map((element) => [element.tag, element]));
    const parts: Part[] = [];
    let at = dataSet.offset;
    for (const element of inFileOrder(dataSet)) {
      parts.push(...between(at, element.offset));
      at = wholeEnd(element);
      if (inserted.has(element.tag)) parts.push({ tag: element.tag, ...REMOVED });
      else parts.push({ tag: element.tag, ...this.element(element, dataSet, path) });
    }
    parts.push(...between(at, dataSet.end));
    for (const element of inserted.values()) insertInOrder(parts, newPart(element, dataSet.encoding));
    const lengths = withGroupLengths(parts, dataSet);
    return { segments: lengths.flatMap((part) => part.segments), changed: lengths.some((part) => part.changed) };
  }

  private element(element: Element, dataSet: DataSet, path: readonly Tag[]): Edited {
    const edit = this.editor.element(element, dataSet, path);
    if (edit === 'remove') return REMOVED;
    if (edit !== 'keep') return newPart(edit, dataSet.encoding);
    if (element.items && element.items.length > 0) return this.sequence(element, dataSet, path);
    return { segments: [copyOf(element.offset, wholeEnd(element))], changed: false };
  }

  private sequence(element: Element, dataSet: DataSet, path: readonly Tag[]): Edited {
    const inner = [...path, element.tag];
    const body: Segment[] = [];
    let changed = false;
    let at = element.valueOffset;
    for (const item of element.items!) {
      const edited = this.dataSet(item.dataSet, inner);
      changed ||= edited.changed;
      body.push(copyOf(at, item.offset), ...relengthened(item, edited, item.dataSet.encoding));
      at = wholeEnd(item);
    }
    body.push(copyOf(at, element.valueOffset + element.length));
    return { segments: relengthened(element, { segments: body, changed }, dataSet.encoding), changed };
  }
}

const REMOVED: Edited = { segments: [], changed: true };

/** A sequence or item around a new body: its header as it was but for the length, and its delimiter. */
function relengthened(whole: Element | Item, body: Edited, encoding: Encoding): Segment[] {
  const end = whole.valueOffset + whole.length;
  if (!body.changed) return [copyOf(whole.offset, wholeEnd(whole))];
  if (whole.undefinedLength) {
    return [copyOf(whole.offset, whole.valueOffset), ...body.segments, copyOf(end, wholeEnd(whole))];
  }
  const sink = new ByteSink(encoding.littleEndian);
  sink.uint32(total(body.segments));
  // The length is the last four bytes of every header that items follow.
  return [copyOf(whole.offset, whole.valueOffset - 4), { bytes: sink.finish() }, ...body.segments];
}

/** Bytes that belong to no element, such as a delimiter that ends nothing. */
const between = (from: number, to: number): Part[] =>
  to > from ? [{ segments: [copyOf(from, to)], changed: false }] : [];

function inFileOrder(dataSet: DataSet): Element[] {
  return [...dataSet.elements.values(), ...dataSet.shadowed].sort((a, b) => a.offset - b.offset);
}

/** First byte after an element or item, delimiter included. */
function wholeEnd(whole: Element | Item): number {
  return whole.valueOffset + whole.length + (whole.undefinedLength ? 8 : 0);
}

type NewPart = Part & { readonly tag: Tag };

function newPart(element: NewElement, encoding: Encoding): NewPart {
  if (element.value.length & 1) throw new DicomError('not-encodable', `${formatTag(element.tag)} has an odd length`);
  const sink = new ByteSink(encoding.littleEndian);
  writeHeader(sink, element.tag, element.vr, element.value.length, encoding.explicitVR);
  sink.put(element.value);
  return { tag: element.tag, segments: [{ bytes: sink.finish() }], changed: true };
}

function insertInOrder(parts: Part[], part: NewPart): void {
  const at = parts.findIndex((other) => other.tag !== undefined && other.tag > part.tag);
  parts.splice(at < 0 ? parts.length : at, 0, part);
}

/** (gggg,0000) of a group that changed counts anew; retired since 2008 but for group 0002, and still found. */
function withGroupLengths(parts: Part[], dataSet: DataSet): Part[] {
  return parts.map((part) => {
    if (part.tag === undefined || elementOf(part.tag) !== 0 || part.segments.length === 0) return part;
    const group = groupOf(part.tag);
    const others = parts.filter((other) => other !== part && other.tag !== undefined && groupOf(other.tag) === group);
    if (!others.some((other) => other.changed)) return part;
    const sink = new ByteSink(dataSet.encoding.littleEndian);
    sink.uint32(others.reduce((sum, other) => sum + total(other.segments), 0));
    return newPart({ tag: tagOf(group, 0), vr: 'UL', value: sink.finish() }, dataSet.encoding);
  });
}

const copyOf = (from: number, to: number): Segment => ({ copy: { offset: from, length: to - from } });
const lengthOf = (segment: Segment): number => ('bytes' in segment ? segment.bytes.length : segment.copy.length);
const total = (segments: readonly Segment[]): number => segments.reduce((sum, segment) => sum + lengthOf(segment), 0);

function joined(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    if ('copy' in segment && segment.copy.length === 0) continue;
    if (last && 'copy' in last && 'copy' in segment && last.copy.offset + last.copy.length === segment.copy.offset) {
      result[result.length - 1] = copyOf(last.copy.offset, segment.copy.offset + segment.copy.length);
    } else result.push(segment);
  }
  return result;
}
