import { swapUnits } from './byte-order.ts';
import { ByteSink } from './byte-sink.ts';
import { DicomError } from './dicom-error.ts';
import type { NewElement } from './edit.ts';
import type { DataSet, Element, Item } from './model.ts';
import { elementOf, formatTag, groupOf, type Tag } from './tag.ts';
import { ImplicitVRLittleEndian, type TransferSyntax, transferSyntaxOf } from './transfer-syntax.ts';
import { byteUnit, hasLongHeader, isText, type VR } from './vr.ts';
import { writeHeader } from './writer.ts';

/**
 * A stretch of a re-encoded data set: new bytes, or bytes of the original by their place, of which each unit of `swap`
 * bytes is to be turned round.
 */
export type ReencodedSegment =
  | { readonly bytes: Uint8Array }
  | { readonly copy: { readonly offset: number; readonly length: number }; readonly swap: 1 | 2 | 4 | 8 };

export interface ReencodeOptions {
  /** Elements of the outermost data set that are left out. */
  readonly leaveOut?: (tag: Tag) => boolean;
  /** Elements put into the outermost data set, in the place of those with the same tag; values little endian and even. */
  readonly put?: readonly NewElement[];
}

const ICON_IMAGE_SEQUENCE = 0x00880200;
const ITEM = 0xfffee000;
const ITEM_DELIMITATION = 0xfffee00d;
const SEQUENCE_DELIMITATION = 0xfffee0dd;
const UNDEFINED_LENGTH = 0xffffffff;
/** Lengths of PS3.5 7.1.2 and 7.5. */
const ITEM_HEADER = 8;
const DELIMITER = 8;

/**
 * Writes what was read in another transfer syntax. Values keep their bytes, but for the byte order of numbers and the
 * padding to an even length that the standard asks for; headers are made anew. Group lengths (retired) and elements that
 * come again under the same tag are left out. What nests encapsulated pixel data goes when the target is native: the
 * icon image with its sequence.
 *
 * @param target of the data set's elements: little endian and not deflated.
 * @returns segments in order; values that the reader did not keep are copied by their place.
 */
export function encodeElements(
  dataSet: DataSet,
  target: TransferSyntax,
  options: ReencodeOptions = {},
): ReencodedSegment[] {
  if (!target.littleEndian || target.deflated)
    throw new DicomError('not-encodable', `Elements are not written in ${target.name}`);
  const writer = new Reencoder();
  for (const part of outermost(dataSet, options)) {
    if ('offset' in part) writer.element(part, dataSet, target);
    else writer.newElement(part, target);
  }
  return writer.finish();
}

/** Bytes that the segments come to. */
export const segmentsLength = (segments: readonly ReencodedSegment[]): number =>
  segments.reduce((sum, segment) => sum + ('bytes' in segment ? segment.bytes.length : segment.copy.length), 0);

/** The re-encoded data set in memory, from the bytes that were read. */
export function applyReencoded(segments: readonly ReencodedSegment[], original: Uint8Array): Uint8Array {
  const result = new Uint8Array(segmentsLength(segments));
  let at = 0;
  for (const segment of segments) {
    const bytes =
      'bytes' in segment
        ? segment.bytes
        : swapUnits(original.subarray(segment.copy.offset, segment.copy.offset + segment.copy.length), segment.swap);
    result.set(bytes, at);
    at += bytes.length;
  }
  return result;
}

function outermost(dataSet: DataSet, { leaveOut = () => false, put = [] }: ReencodeOptions): (Element | NewElement)[] {
  const parts = new Map<Tag, Element | NewElement>();
  for (const element of dataSet.elements.values()) if (!leaveOut(element.tag)) parts.set(element.tag, element);
  for (const element of put) parts.set(element.tag, element);
  return [...parts.values()].sort((a, b) => a.tag - b.tag);
}

const inOrder = (dataSet: DataSet): Element[] => [...dataSet.elements.values()].sort((a, b) => a.tag - b.tag);

/** Of what a sequence of UN holds (PS3.5 6.2.2 note 2). */
const implicit = transferSyntaxOf(ImplicitVRLittleEndian);

class Reencoder {
  private readonly segments: ReencodedSegment[] = [];
  private sink = new ByteSink();

  finish(): ReencodedSegment[] {
    this.flush();
    return this.segments;
  }

  newElement({ tag, vr, value }: NewElement, target: TransferSyntax): void {
    if (value.length % 2 === 1) throw new DicomError('not-encodable', `${formatTag(tag)} has an odd length`);
    writeHeader(this.sink, tag, writtenVR(vr, value.length), value.length, target.explicitVR);
    this.sink.put(value);
  }

  element(element: Element, dataSet: DataSet, target: TransferSyntax): void {
    const length = valueLength(element, target);
    if (length === undefined) return;
    if (element.items) this.sequence(element, element.items, length, target);
    else if (element.fragments) this.encapsulated(element);
    else this.value(element, dataSet, length, target);
  }

  private sequence(element: Element, items: readonly Item[], length: number, target: TransferSyntax): void {
    const open = isOpen(element, length);
    this.header(element.tag, element.vr, open ? UNDEFINED_LENGTH : length, target);
    for (const item of items) this.item(item, syntaxWithin(element, target));
    if (open) this.delimiter(SEQUENCE_DELIMITATION);
  }

  private item(item: Item, target: TransferSyntax): void {
    const length = dataSetLength(item.dataSet, target);
    this.tag(ITEM);
    this.sink.uint32(item.undefinedLength ? UNDEFINED_LENGTH : length);
    for (const element of inOrder(item.dataSet)) this.element(element, item.dataSet, target);
    if (item.undefinedLength) this.delimiter(ITEM_DELIMITATION);
  }

  /** Of an icon, in a syntax that is encapsulated itself: as it stands. */
  private encapsulated(element: Element): void {
    writeHeader(this.sink, element.tag, element.vr, UNDEFINED_LENGTH, true);
    this.copy(element.valueOffset, element.length, 1);
    this.delimiter(SEQUENCE_DELIMITATION);
  }

  private value(element: Element, dataSet: DataSet, length: number, target: TransferSyntax): void {
    const swap = dataSet.encoding.littleEndian ? 1 : byteUnit(element.vr);
    this.header(element.tag, writtenVR(element.vr, length), length, target);
    if (element.value) this.sink.put(swapUnits(element.value, swap));
    else this.copy(element.valueOffset, element.length, swap);
    if (length > element.length) this.sink.put(Uint8Array.of(paddingOf(element.vr)));
  }

  private header(tag: Tag, vr: VR, length: number, { explicitVR }: TransferSyntax): void {
    writeHeader(this.sink, tag, vr, length, explicitVR);
  }

  private delimiter(tag: Tag): void {
    this.tag(tag);
    this.sink.uint32(0);
  }

  private tag(tag: Tag): void {
    this.sink.uint16(groupOf(tag));
    this.sink.uint16(elementOf(tag));
  }

  private copy(offset: number, length: number, swap: 1 | 2 | 4 | 8): void {
    this.flush();
    if (length > 0) this.segments.push({ copy: { offset, length }, swap });
  }

  private flush(): void {
    if (this.sink.length > 0) this.segments.push({ bytes: this.sink.finish() });
    this.sink = new ByteSink();
  }
}

/** Bytes of the value field as it will be written; undefined: the element is left out. */
function valueLength(element: Element, target: TransferSyntax): number | undefined {
  if (elementOf(element.tag) === 0) return undefined;
  if (element.fragments) return target.encapsulated ? element.length : undefined;
  if (!element.items) return element.length + (element.length % 2);
  if (element.tag === ICON_IMAGE_SEQUENCE && !target.encapsulated && element.items.some(holdsFragments))
    return undefined;
  const within = syntaxWithin(element, target);
  return element.items.reduce(
    (sum, item) => sum + ITEM_HEADER + dataSetLength(item.dataSet, within) + (item.undefinedLength ? DELIMITER : 0),
    0,
  );
}

function dataSetLength(dataSet: DataSet, target: TransferSyntax): number {
  let sum = 0;
  for (const element of dataSet.elements.values()) {
    const length = valueLength(element, target);
    if (length === undefined) continue;
    const open = element.fragments !== undefined || (element.items !== undefined && isOpen(element, length));
    sum += headerLength(writtenVR(element.vr, length), target) + length + (open ? DELIMITER : 0);
  }
  return sum;
}

const headerLength = (vr: VR, { explicitVR }: TransferSyntax): number => (explicitVR && hasLongHeader(vr) ? 12 : 8);

const isOpen = (element: Element, length: number): boolean => element.undefinedLength || length >= UNDEFINED_LENGTH;

const holdsFragments = ({ dataSet }: Item): boolean =>
  [...dataSet.elements.values()].some(({ fragments }) => fragments !== undefined);

const syntaxWithin = (element: Element, target: TransferSyntax): TransferSyntax =>
  element.vr === 'UN' ? implicit : target;

/** A value too long for a short header goes as UN (PS3.5 6.2.2 note 4); implicit VR doesn't write it. */
const writtenVR = (vr: VR, length: number): VR => (length > 0xffff && !hasLongHeader(vr) ? 'UN' : vr);

const paddingOf = (vr: VR): number => (isText(vr) && vr !== 'UI' ? 0x20 : 0);
