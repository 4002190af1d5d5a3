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
 * @returns segments in order; adjoining copies are joined.
 */
export function editDataSet(dataSet: DataSet, editor: Editor): Segment[] {
  return joined(new DataSetEditor(editor).dataSet(dataSet, []).segments);
}

/** The edited data set in memory, from the original's bytes. */
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

interface Part extends Edited {
  readonly tag: Tag;
}

class DataSetEditor {
  private readonly editor: Editor;
  constructor(editor: Editor) {
    this.editor = editor;
  }

  dataSet(dataSet: DataSet, path: readonly Tag[]): Edited {
    const inserted = new Map((this.editor.insert?.(dataSet, path) ?? []).map((element) => [element.tag, element]));
    const parts: Part[] = [];
    for (const element of inFileOrder(dataSet)) {
      if (inserted.has(element.tag)) continue;
      const edited = this.element(element, dataSet, path);
      parts.push({ tag: element.tag, ...edited });
    }
    for (const element of inserted.values()) insertInOrder(parts, newPart(element, dataSet.encoding));
    const lengths = withGroupLengths(parts, dataSet);
    return { segments: lengths.flatMap((part) => part.segments), changed: lengths.some((part) => part.changed) };
  }

  private element(element: Element, dataSet: DataSet, path: readonly Tag[]): Edited {
    const edit = this.editor.element(element, dataSet, path);
    if (edit === 'remove') return { segments: [], changed: true };
    if (edit !== 'keep') return newPart(edit, dataSet.encoding);
    if (element.items && element.items.length > 0) return this.sequence(element, dataSet, path);
    return { segments: [copyOf(element.offset, wholeEnd(element))], changed: false };
  }

  private sequence(element: Element, dataSet: DataSet, path: readonly Tag[]): Edited {
    const inner = [...path, element.tag];
    const items = element.items!.map((item) => this.item(item, inner));
    if (!items.some((item) => item.changed))
      return { segments: [copyOf(element.offset, wholeEnd(element))], changed: false };
    const body = items.flatMap((item) => item.segments);
    if (element.undefinedLength) {
      const head = copyOf(element.offset, element.valueOffset);
      const end = element.valueOffset + element.length;
      return { segments: [head, ...body, copyOf(end, end + 8)], changed: true };
    }
    const sink = new ByteSink(dataSet.encoding.littleEndian);
    // The header as it was, its last four bytes (the length) made anew.
    const length = total(body);
    const head = copyOf(element.offset, element.valueOffset - 4);
    sink.uint32(length);
    return { segments: [head, { bytes: sink.finish() }, ...body], changed: true };
  }

  private item(item: Item, path: readonly Tag[]): Edited {
    const edited = this.dataSet(item.dataSet, path);
    const end = item.valueOffset + item.length;
    const after = item.undefinedLength ? end + 8 : end;
    if (!edited.changed) return { segments: [copyOf(item.offset, after)], changed: false };
    if (item.undefinedLength) {
      return {
        segments: [copyOf(item.offset, item.valueOffset), ...edited.segments, copyOf(end, after)],
        changed: true,
      };
    }
    const sink = new ByteSink(item.dataSet.encoding.littleEndian);
    sink.uint32(total(edited.segments));
    const head = copyOf(item.offset, item.valueOffset - 4);
    return { segments: [head, { bytes: sink.finish() }, ...edited.segments], changed: true };
  }
}

function inFileOrder(dataSet: DataSet): Element[] {
  return [...dataSet.elements.values(), ...dataSet.shadowed].sort((a, b) => a.offset - b.offset);
}

/** First byte after an element, delimiter included. */
function wholeEnd(element: Element): number {
  return element.valueOffset + element.length + (element.undefinedLength ? 8 : 0);
}

function newPart(element: NewElement, encoding: Encoding): Part {
  if (element.value.length & 1) throw new DicomError('not-encodable', `${formatTag(element.tag)} has an odd length`);
  const sink = new ByteSink(encoding.littleEndian);
  writeHeader(sink, element.tag, element.vr, element.value.length, encoding.explicitVR);
  sink.put(element.value);
  return { tag: element.tag, segments: [{ bytes: sink.finish() }], changed: true };
}

function insertInOrder(parts: Part[], part: Part): void {
  const at = parts.findIndex((other) => other.tag > part.tag);
  parts.splice(at < 0 ? parts.length : at, 0, part);
}

/** (gggg,0000) of a group that changed counts anew; retired since 2008 but for group 0002, and still found. */
function withGroupLengths(parts: Part[], dataSet: DataSet): Part[] {
  return parts.map((part) => {
    if (elementOf(part.tag) !== 0 || part.segments.length === 0) return part;
    const group = groupOf(part.tag);
    const others = parts.filter((other) => groupOf(other.tag) === group && other !== part);
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
