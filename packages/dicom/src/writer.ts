import { deflateSync } from 'fflate';
import { swapUnits } from './byte-order.ts';
import { ByteSink } from './byte-sink.ts';
import { DicomError } from './dicom-error.ts';
import { evenLength, inlineBinary, numberValue, textValue } from './encode-value.ts';
import type { JsonDataSet, JsonElement, JsonValue } from './model.ts';
import { elementOf, formatTag, groupOf, parseTag, type Tag, tagHex } from './tag.ts';
import { ExplicitVRLittleEndian, type TransferSyntax, transferSyntaxOf } from './transfer-syntax.ts';
import { byteUnit, hasLongHeader, isBinary, isText, isVR, type VR } from './vr.ts';

export interface WriteOptions {
  /** Default: explicit VR little endian. */
  readonly transferSyntaxUid?: string;
  /** The bytes behind a BulkDataURI, little endian; undefined makes the write fail. */
  readonly bulkData?: (uri: string, path: string) => Uint8Array | undefined;
  /** Fragments of encapsulated pixel data, without offset table; for compressed transfer syntaxes. */
  readonly fragments?: readonly Uint8Array[];
}

/** Implementation Class UID and Version Name of what we write (PS3.7 D.3.3.2). The UID is derived from a UUID (PS3.5 B.2). */
export const IMPLEMENTATION_CLASS_UID = '2.25.226113428716893426182617263548198171264';
export const IMPLEMENTATION_VERSION_NAME = 'ISOCENTER_1';

const PIXEL_DATA = 0x7fe00010;
const SPECIFIC_CHARACTER_SET = 0x00080005;
const UNDEFINED_LENGTH = 0xffffffff;

/**
 * Writes a data set from its DICOM JSON model, sequences and items with defined lengths.
 *
 * @throws DicomError `not-encodable` when a value doesn't fit its VR; the text names the tag, never the value.
 */
export function writeDataSet(json: JsonDataSet, options: WriteOptions = {}): Uint8Array {
  const syntax = transferSyntaxOf(options.transferSyntaxUid ?? ExplicitVRLittleEndian);
  const sink = new ByteSink(syntax.littleEndian);
  new DataSetWriter(syntax, options).dataSet(sink, json, [], '');
  const bytes = sink.finish();
  return syntax.deflated ? evenLength(deflateSync(bytes)) : bytes;
}

/** Writes a DICOM file: preamble, file meta information made from the data set's SOP Class and Instance UID, data set. */
export function writePart10(json: JsonDataSet, options: WriteOptions = {}): Uint8Array {
  const header = writeFileMeta({
    sopClassUid: firstText(json, '00080016'),
    sopInstanceUid: firstText(json, '00080018'),
    transferSyntaxUid: options.transferSyntaxUid ?? ExplicitVRLittleEndian,
  });
  const dataSet = writeDataSet(withoutMeta(json), options);
  const file = new Uint8Array(header.length + dataSet.length);
  file.set(header);
  file.set(dataSet, header.length);
  return file;
}

/** Command and file meta information, which some senders leave among the data set's elements. */
function withoutMeta(json: JsonDataSet): JsonDataSet {
  return Object.fromEntries(Object.entries(json).filter(([hex]) => groupOf(parseTag(hex) ?? UNDEFINED_LENGTH) > 2));
}

export interface FileMeta {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  readonly sourceApplicationEntityTitle?: string;
}

/** Preamble, "DICM" and file meta information (PS3.10 7.1). */
export function writeFileMeta(meta: FileMeta): Uint8Array {
  const json: JsonDataSet = {
    '00020001': { vr: 'OB', InlineBinary: 'AAE=' },
    '00020002': { vr: 'UI', Value: [meta.sopClassUid] },
    '00020003': { vr: 'UI', Value: [meta.sopInstanceUid] },
    '00020010': { vr: 'UI', Value: [meta.transferSyntaxUid] },
    '00020012': { vr: 'UI', Value: [IMPLEMENTATION_CLASS_UID] },
    '00020013': { vr: 'SH', Value: [IMPLEMENTATION_VERSION_NAME] },
  };
  if (meta.sourceApplicationEntityTitle) json['00020016'] = { vr: 'AE', Value: [meta.sourceApplicationEntityTitle] };
  const group = writeDataSet(json);
  const sink = new ByteSink();
  sink.put(new Uint8Array(128));
  sink.ascii('DICM');
  writeHeader(sink, 0x00020000, 'UL', 4, true);
  sink.uint32(group.length);
  sink.put(group);
  return sink.finish();
}

/** Writes the header of an element (PS3.5 7.1.2, 7.1.3). */
export function writeHeader(sink: ByteSink, tag: Tag, vr: VR, length: number, explicitVR: boolean): void {
  sink.uint16(groupOf(tag));
  sink.uint16(tag & 0xffff);
  if (!explicitVR) {
    sink.uint32(length);
    return;
  }
  sink.ascii(vr);
  if (hasLongHeader(vr)) {
    sink.uint16(0);
    sink.uint32(length);
  } else {
    if (length > 0xffff) throw new DicomError('not-encodable', `${formatTag(tag)} ${vr} has more than 65,535 bytes`);
    sink.uint16(length);
  }
}

class DataSetWriter {
  private readonly syntax: TransferSyntax;
  private readonly options: WriteOptions;

  constructor(syntax: TransferSyntax, options: WriteOptions) {
    this.syntax = syntax;
    this.options = options;
  }

  dataSet(sink: ByteSink, json: JsonDataSet, around: readonly string[], path: string): void {
    const elements = inOrder(json);
    const own = elements.find(([tag]) => tag === SPECIFIC_CHARACTER_SET)?.[1].Value?.map(String);
    const characterSet = own ?? around;
    for (const [tag, element] of elements) {
      if (elementOf(tag) !== 0) this.element(sink, tag, element, characterSet, path + tagHex(tag));
    }
  }

  private element(sink: ByteSink, tag: Tag, json: JsonElement, characterSet: readonly string[], path: string): void {
    if (!isVR(json.vr)) throw new DicomError('not-encodable', `${formatTag(tag)} has no VR`);
    if (json.vr === 'SQ') {
      this.sequence(sink, tag, json.Value ?? [], characterSet, path);
    } else if (tag === PIXEL_DATA && this.options.fragments) {
      this.encapsulated(sink, this.options.fragments);
    } else {
      const bytes = this.value(tag, json, characterSet, path);
      // A value too long for a short header goes as UN (PS3.5 6.2.2 note 4).
      const vr = this.syntax.explicitVR && bytes.length > 0xffff && !hasLongHeader(json.vr) ? 'UN' : json.vr;
      writeHeader(sink, tag, vr, bytes.length, this.syntax.explicitVR);
      sink.put(bytes);
    }
  }

  private sequence(sink: ByteSink, tag: Tag, items: JsonValue[], characterSet: readonly string[], path: string): void {
    const body = new ByteSink(this.syntax.littleEndian);
    items.forEach((item, i) => {
      const inner = new ByteSink(this.syntax.littleEndian);
      if (typeof item !== 'object') throw new DicomError('not-encodable', `${formatTag(tag)} holds what is no item`);
      this.dataSet(inner, (item ?? {}) as JsonDataSet, characterSet, `${path}/${i}/`);
      writeItemHeader(body, inner.length);
      body.put(inner.finish());
    });
    writeHeader(sink, tag, 'SQ', body.length, this.syntax.explicitVR);
    sink.put(body.finish());
  }

  private encapsulated(sink: ByteSink, fragments: readonly Uint8Array[]): void {
    writeHeader(sink, PIXEL_DATA, 'OB', UNDEFINED_LENGTH, true);
    writeItemHeader(sink, 0);
    for (const fragment of fragments) {
      writeItemHeader(sink, fragment.length + (fragment.length & 1));
      sink.put(evenLength(fragment));
    }
    sink.uint16(0xfffe);
    sink.uint16(0xe0dd);
    sink.uint32(0);
  }

  private value(tag: Tag, json: JsonElement, characterSet: readonly string[], path: string): Uint8Array {
    if (json.BulkDataURI !== undefined) {
      const bytes = this.options.bulkData?.(json.BulkDataURI, path);
      if (!bytes) throw new DicomError('not-encodable', `${formatTag(tag)} refers to bulk data that didn't come along`);
      return this.ordered(evenLength(bytes), json.vr);
    }
    if (json.InlineBinary !== undefined) return this.ordered(evenLength(inlineBinary(tag, json.InlineBinary)), json.vr);
    if (json.Value === undefined || json.Value.length === 0) return new Uint8Array(0);
    if (isText(json.vr)) return textValue(tag, json.vr, json.Value, characterSet);
    if (isBinary(json.vr))
      throw new DicomError('not-encodable', `${formatTag(tag)} ${json.vr} can't be given as Value`);
    return numberValue(tag, json.vr, json.Value, this.syntax.littleEndian);
  }

  /** UN is little endian in every transfer syntax (PS3.5 6.2.2 note 3), which its unit of one byte leaves as it is. */
  private ordered(bytes: Uint8Array, vr: VR): Uint8Array {
    return this.syntax.littleEndian ? bytes : swapUnits(bytes, byteUnit(vr));
  }
}

function writeItemHeader(sink: ByteSink, length: number): void {
  sink.uint16(0xfffe);
  sink.uint16(0xe000);
  sink.uint32(length);
}

/** The elements by tag. Items and delimiters are none. */
function inOrder(json: JsonDataSet): [Tag, JsonElement][] {
  return Object.entries(json)
    .map(([hex, element]): [Tag, JsonElement] => {
      const tag = parseTag(hex);
      if (tag === undefined) throw new DicomError('not-encodable', `"${hex.slice(0, 16)}" is no tag`);
      if (groupOf(tag) === 0xfffe) throw new DicomError('not-encodable', `${formatTag(tag)} is no element`);
      return [tag, element];
    })
    .sort(([a], [b]) => a - b);
}

function firstText(json: JsonDataSet, hex: string): string {
  const value = json[hex]?.Value?.[0];
  if (typeof value !== 'string') throw new DicomError('not-encodable', `${formatTag(parseTag(hex)!)} is missing`);
  return value;
}
