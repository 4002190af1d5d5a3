import type { ByteWindow } from './byte-window.ts';
import { DicomError } from './dicom-error.ts';
import type { Element, Encoding, Fragment, Item } from './model.ts';
import { dictionaryVR, MutableDataSet } from './mutable-data-set.ts';
import { formatTag, type Tag } from './tag.ts';
import { hasLongHeader, isVR, type VR } from './vr.ts';

/**
 * Reads data sets (PS3.5 section 7) from a {@link ByteWindow}. Every reading step is a generator that yields while the
 * bytes it needs have not arrived: the same code reads a whole buffer and a stream.
 */
export type Step<T> = Generator<void, T, void>;

export interface ReadLimits {
  /** Values longer than this many bytes are located but not kept. */
  readonly keep: number;
  /** Bytes of values and elements that may be kept in all; more is an error. */
  readonly keepTotal: number;
  /** Depth of nested sequences; more is an error. */
  readonly depth: number;
  /** Values are views on the chunks, which live as long as they do; else a small value lets go of a large chunk. */
  readonly views?: boolean;
}

export const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_DELIMITATION = 0xfffee00d;
const SEQUENCE_DELIMITATION = 0xfffee0dd;
const PIXEL_DATA = 0x7fe00010;
/** Memory that an element takes beside its value, as measured in V8, so that a flood of empty elements is bounded too. */
const ELEMENT_COST = 240;
/** Of one fragment of encapsulated pixel data. */
const FRAGMENT_COST = 32;

/** Where the data ended early: in which element (0: between elements), how many bytes it wanted and how many it found. */
export interface Truncation {
  readonly tag: Tag;
  readonly expected: number;
  readonly found: number;
}

interface Header {
  readonly tag: Tag;
  readonly vr: VR;
  readonly offset: number;
  readonly valueOffset: number;
  readonly length: number;
}

export class DataSetReader {
  private readonly window: ByteWindow;
  private readonly limits: ReadLimits;
  private kept = 0;
  /**
   * Set when the data ended early. What was read until there stands: files cut short are in circulation, and all that is
   * left of an image is worth keeping; whoever asks is told.
   */
  truncated: Truncation | undefined;

  constructor(window: ByteWindow, limits: ReadLimits) {
    this.window = window;
    this.limits = limits;
  }

  /** Reads elements into `dataSet` until `stop` says so or the stream ends. Returns whether it was stopped. */
  *read(dataSet: MutableDataSet, stop: (tag: Tag) => boolean): Step<boolean> {
    const stopped = yield* this.elements(dataSet, stop);
    dataSet.end = this.window.position;
    dataSet.truncated = this.truncated !== undefined;
    return stopped;
  }

  private *elements(dataSet: MutableDataSet, stop: (tag: Tag) => boolean): Step<boolean> {
    const window = this.window;
    window.littleEndian = dataSet.encoding.littleEndian;
    while (!this.truncated && (yield* this.more()) && (yield* this.has(8, 0))) {
      const tag = this.peekTag();
      if (stop(tag)) return true;
      // An item or sequence delimiter that nothing opened: written by some vendors after a defined length.
      if (isDelimiter(tag)) window.skip(8);
      else yield* this.element(dataSet, 0);
    }
    return false;
  }

  /** Reads one element and adds it; of one that ends early, what is there. */
  private *element(dataSet: MutableDataSet, depth: number): Step<void> {
    const header = yield* this.header(dataSet);
    if (header) dataSet.add(yield* this.value(header, dataSet, depth));
  }

  private *value(header: Header, dataSet: MutableDataSet, depth: number): Step<Element> {
    this.account(ELEMENT_COST, header.tag);
    if (header.length === UNDEFINED_LENGTH) return yield* this.undefinedLength(header, dataSet, depth);
    if (header.vr === 'SQ') return yield* this.definedSequence(header, dataSet, depth);
    return yield* this.plain(header);
  }

  /** PS3.5 7.1.2 and 7.1.3. */
  private *header(dataSet: MutableDataSet): Step<Header | undefined> {
    const window = this.window;
    const offset = window.position;
    if (!(yield* this.has(8, 0))) return undefined;
    const tag = this.peekTag();
    if (tag === ITEM) throw new DicomError('malformed', 'An item stands where an element must');
    const first = window.byte(4);
    const second = window.byte(5);
    // Some writers switch to implicit VR within an explicit data set: two bytes that aren't capital letters are no VR.
    const explicit = dataSet.encoding.explicitVR && looksLikeVR(first, second);
    if (!explicit) {
      const length = window.uint32(4);
      window.skip(8);
      const openVR = tag === PIXEL_DATA ? 'OB' : 'SQ';
      const vr = length === UNDEFINED_LENGTH ? openVR : dictionaryVR(tag, dataSet);
      return { tag, vr, offset, valueOffset: offset + 8, length };
    }
    const text = String.fromCharCode(first, second);
    // VRs to come have the long header (PS3.5 6.2), "??" of old writers has the short one.
    const vr: VR = isVR(text) ? text : 'UN';
    if (text === '??' || !hasLongHeader(vr)) {
      const length = window.uint16(6);
      window.skip(8);
      return { tag, vr, offset, valueOffset: offset + 8, length };
    }
    if (!(yield* this.has(12, tag))) return undefined;
    const length = window.uint32(8);
    window.skip(12);
    return { tag, vr, offset, valueOffset: offset + 12, length };
  }

  private *plain(header: Header): Step<Element> {
    const window = this.window;
    if (header.length <= this.limits.keep) {
      // No more is waited for than may be kept: a length that lies must not fill the memory.
      const enough = Math.min(header.length, this.limits.keepTotal - this.kept + 1);
      while (!window.has(enough)) {
        if (window.isEnded) return this.cutShort(header);
        yield;
      }
      this.account(header.length, header.tag);
      return { ...header, undefinedLength: false, value: this.take(header.length) };
    }
    window.skip(header.length);
    // Wait for the end of the value, so that an ending stream is noticed here and not at some later element.
    while (!window.has(0)) {
      if (window.isEnded) return this.cutShort(header);
      yield;
    }
    return { ...header, undefinedLength: false };
  }

  private cutShort(header: Header): Element {
    const { window } = this;
    const found = Math.max(0, window.received - header.valueOffset);
    this.truncated = { tag: header.tag, expected: header.length, found };
    window.skip(header.valueOffset - window.position);
    const kept = header.length <= this.limits.keep && window.has(found);
    const element = { ...header, length: found, undefinedLength: false };
    if (kept) return { ...element, value: this.take(found) };
    window.skip(found);
    return element;
  }

  private *undefinedLength(header: Header, dataSet: MutableDataSet, depth: number): Step<Element> {
    if (header.vr === 'SQ') return yield* this.openSequence(header, dataSet, dataSet.encoding, depth);
    if (header.vr === 'UN') {
      const implicit: Encoding = { littleEndian: true, explicitVR: false };
      return yield* this.openSequence(header, dataSet, implicit, depth);
    }
    if (header.vr === 'OB' || header.vr === 'OW') return yield* this.encapsulated(header);
    throw new DicomError('malformed', `${formatTag(header.tag)} ${header.vr} has an undefined length`);
  }

  private *definedSequence(header: Header, dataSet: MutableDataSet, depth: number): Step<Element> {
    const end = header.valueOffset + header.length;
    const items: Item[] = [];
    while (!this.truncated && this.window.position < end) {
      if (!(yield* this.has(8, header.tag))) break;
      if (isDelimiter(this.peekTag())) this.window.skip(8);
      else items.push(yield* this.item(header.tag, dataSet, dataSet.encoding, depth + 1, end));
    }
    if (this.truncated) return this.cutSequence(header, false, items);
    if (this.window.position !== end)
      throw new DicomError('malformed', `${formatTag(header.tag)} is longer than it says`);
    return { ...header, undefinedLength: false, items };
  }

  private *openSequence(header: Header, dataSet: MutableDataSet, encoding: Encoding, depth: number): Step<Element> {
    const items: Item[] = [];
    const before = this.window.littleEndian;
    this.window.littleEndian = encoding.littleEndian;
    while (yield* this.has(8, header.tag)) {
      const tag = this.peekTag();
      if (tag === SEQUENCE_DELIMITATION) break;
      if (tag === ITEM_DELIMITATION) this.window.skip(8);
      else items.push(yield* this.item(header.tag, dataSet, encoding, depth + 1, Number.POSITIVE_INFINITY));
      if (this.truncated) break;
    }
    if (this.truncated) return this.cutSequence(header, true, items);
    const length = this.window.position - header.valueOffset;
    this.window.skip(8);
    this.window.littleEndian = before;
    return { ...header, length, undefinedLength: true, items };
  }

  private cutSequence(header: Header, undefinedLength: boolean, items: Item[]): Element {
    return { ...header, length: this.window.received - header.valueOffset, undefinedLength, items };
  }

  private *item(of: Tag, parent: MutableDataSet, encoding: Encoding, depth: number, limit: number): Step<Item> {
    if (depth > this.limits.depth) {
      throw new DicomError('too-deep', `${formatTag(of)} is nested more than ${this.limits.depth} deep`);
    }
    const window = this.window;
    const offset = window.position;
    const tag = this.peekTag();
    if (tag !== ITEM)
      throw new DicomError('malformed', `${formatTag(of)} holds ${formatTag(tag)} where an item must begin`);
    const length = window.uint32(4);
    window.skip(8);
    this.account(ELEMENT_COST, of);
    const dataSet = new MutableDataSet(encoding, parent, offset + 8);
    const undefinedLength = length === UNDEFINED_LENGTH;
    // An item that says to be longer than its sequence ends with it: DICOMDIRs of that kind are in circulation.
    const end = undefinedLength ? limit : Math.min(limit, offset + 8 + length);
    yield* this.itemElements(of, dataSet, depth, end, undefinedLength);
    dataSet.end = window.position;
    dataSet.truncated = this.truncated !== undefined;
    if (undefinedLength && !this.truncated) window.skip(8);
    return { offset, valueOffset: offset + 8, length: dataSet.end - offset - 8, undefinedLength, dataSet };
  }

  private *itemElements(of: Tag, dataSet: MutableDataSet, depth: number, end: number, open: boolean): Step<void> {
    const window = this.window;
    while (!this.truncated && window.position < end) {
      if (!(yield* this.has(8, of))) return;
      const tag = this.peekTag();
      if (open && tag === ITEM_DELIMITATION) return;
      if (open && tag === SEQUENCE_DELIMITATION) break;
      if (isDelimiter(tag)) window.skip(8);
      else yield* this.element(dataSet, depth);
    }
    if (this.truncated) return;
    if (open) throw new DicomError('malformed', `An item of ${formatTag(of)} isn't ended`);
    if (window.position > end) throw new DicomError('malformed', `An item of ${formatTag(of)} is longer than it says`);
  }

  /** PS3.5 A.4: Basic Offset Table and fragments, each an item. */
  private *encapsulated(header: Header): Step<Element> {
    const window = this.window;
    const fragments: Fragment[] = [];
    for (;;) {
      while (!window.has(8)) {
        if (window.isEnded) return this.endedWithoutDelimiter(header, fragments);
        yield;
      }
      const tag = this.peekTag();
      if (tag === SEQUENCE_DELIMITATION) break;
      if (tag !== ITEM)
        throw new DicomError(
          'malformed',
          `${formatTag(header.tag)} holds ${formatTag(tag)} where a fragment must begin`,
        );
      const length = window.uint32(4);
      if (length === UNDEFINED_LENGTH)
        throw new DicomError('malformed', `A fragment of ${formatTag(header.tag)} has an undefined length`);
      window.skip(8);
      this.account(FRAGMENT_COST, header.tag);
      fragments.push({ offset: window.position, length });
      window.skip(length);
    }
    const length = window.position - header.valueOffset;
    window.skip(8);
    return { ...header, length, undefinedLength: true, fragments };
  }

  private endedWithoutDelimiter(header: Header, fragments: Fragment[]): Element {
    const { received, position } = this.window;
    const last = fragments.at(-1);
    if (last && last.offset + last.length > received) {
      fragments[fragments.length - 1] = { offset: last.offset, length: Math.max(0, received - last.offset) };
    }
    const found = received - header.valueOffset;
    this.truncated = { tag: header.tag, expected: position - header.valueOffset + 8, found };
    this.window.skip(received - position);
    return { ...header, length: found, undefinedLength: true, fragments };
  }

  private take(count: number): Uint8Array {
    return this.limits.views ? this.window.take(count) : this.window.takeAlone(count);
  }

  /** Whether there is more than the few zeros by which some files are padded. */
  private *more(): Step<boolean> {
    const { window } = this;
    while (!window.has(8)) {
      if (window.isEnded) return !this.isPadding(window.received - window.position);
      yield;
    }
    return true;
  }

  private isPadding(count: number): boolean {
    const { window } = this;
    if (!window.has(count)) return false;
    for (let ahead = 0; ahead < count; ahead++) if (window.byte(ahead) !== 0) return false;
    window.skip(count);
    return true;
  }

  /** Waits for `count` bytes; false, and truncated, when the data ends before. */
  private *has(count: number, tag: Tag): Step<boolean> {
    const { window } = this;
    while (!window.has(count)) {
      if (window.isEnded) {
        this.truncated ??= { tag, expected: count, found: Math.max(0, window.received - window.position) };
        window.skip(window.received - window.position);
        return false;
      }
      yield;
    }
    return true;
  }

  private peekTag(): Tag {
    return ((this.window.uint16(0) << 16) | this.window.uint16(2)) >>> 0;
  }

  private account(bytes: number, tag: Tag): void {
    this.kept += bytes;
    if (this.kept > this.limits.keepTotal) {
      throw new DicomError(
        'header-too-large',
        `The header exceeds ${this.limits.keepTotal} bytes at ${formatTag(tag)}`,
      );
    }
  }
}

const isCapital = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;
const QUESTION_MARK = 0x3f;

/** Whether two bytes stand for a VR, known or not; "??" is what some writers put for one that they don't know. */
export const looksLikeVR = (first: number, second: number): boolean =>
  (isCapital(first) && isCapital(second)) || (first === QUESTION_MARK && second === QUESTION_MARK);

const isDelimiter = (tag: Tag): boolean => tag === ITEM_DELIMITATION || tag === SEQUENCE_DELIMITATION;
