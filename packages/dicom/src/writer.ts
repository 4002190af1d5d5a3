import { deflateSync } from 'fflate';
import { fromBase64 } from './base64.ts';
import { swapUnits } from './byte-order.ts';
import { ByteSink } from './byte-sink.ts';
import { encodeText } from './character-set.ts';
import { DicomError } from './dicom-error.ts';
import type { JsonDataSet, JsonElement, JsonPersonName, JsonValue } from './model.ts';
import { formatTag, groupOf, parseTag, type Tag, tagHex } from './tag.ts';
import { ExplicitVRLittleEndian, type TransferSyntax, transferSyntaxOf } from './transfer-syntax.ts';
import { byteUnit, hasLongHeader, isBinary, isExtendedText, isSingleText, isText, type VR } from './vr.ts';

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
  const dataSet = writeDataSet(json, options);
  const file = new Uint8Array(header.length + dataSet.length);
  file.set(header);
  file.set(dataSet, header.length);
  return file;
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
  sink.put(ascii('DICM'));
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
  sink.put(ascii(vr));
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
    const own = json['00080005']?.Value?.map(String);
    const characterSet = own ?? around;
    for (const hex of Object.keys(json).sort()) {
      const tag = parseTag(hex);
      if (tag === undefined) throw new DicomError('not-encodable', `"${hex.slice(0, 16)}" is no tag`);
      if ((tag & 0xffff) !== 0) this.element(sink, tag, json[hex]!, characterSet, path + tagHex(tag));
    }
  }

  private element(sink: ByteSink, tag: Tag, json: JsonElement, characterSet: readonly string[], path: string): void {
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
    if (json.InlineBinary !== undefined) return this.ordered(evenLength(fromBase64(json.InlineBinary)), json.vr);
    if (json.Value === undefined) return new Uint8Array(0);
    if (isText(json.vr)) return textValue(tag, json.vr, json.Value, characterSet);
    if (isBinary(json.vr))
      throw new DicomError('not-encodable', `${formatTag(tag)} ${json.vr} can't be given as Value`);
    return this.numbers(tag, json.vr, json.Value);
  }

  private ordered(bytes: Uint8Array, vr: VR): Uint8Array {
    return this.syntax.littleEndian ? bytes : swapUnits(bytes, byteUnit(vr));
  }

  private numbers(tag: Tag, vr: VR, values: JsonValue[]): Uint8Array {
    const size = vr === 'AT' ? 4 : byteUnit(vr);
    const bytes = new Uint8Array(values.length * size);
    const view = new DataView(bytes.buffer);
    const write = numberWriters[vr];
    if (!write) throw new DicomError('not-encodable', `${formatTag(tag)} ${vr} can't be given as Value`);
    try {
      values.forEach((value, i) => {
        write(view, i * size, value, this.syntax.littleEndian);
      });
    } catch {
      throw new DicomError('not-encodable', `${formatTag(tag)} holds what is no ${vr}`);
    }
    return bytes;
  }
}

function writeItemHeader(sink: ByteSink, length: number): void {
  sink.uint16(0xfffe);
  sink.uint16(0xe000);
  sink.uint32(length);
}

type NumberWriter = (view: DataView, at: number, value: JsonValue, littleEndian: boolean) => void;
const integer = (value: JsonValue, min: number, max: number): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < min || number > max) throw new RangeError();
  return number;
};
const float = (value: JsonValue): number => {
  const number = Number(value);
  if (value === null || (Number.isNaN(number) && value !== 'NaN')) throw new RangeError();
  return number;
};
const numberWriters: Partial<Record<VR, NumberWriter>> = {
  US: (v, at, x, le) => v.setUint16(at, integer(x, 0, 0xffff), le),
  SS: (v, at, x, le) => v.setInt16(at, integer(x, -0x8000, 0x7fff), le),
  UL: (v, at, x, le) => v.setUint32(at, integer(x, 0, 0xffffffff), le),
  SL: (v, at, x, le) => v.setInt32(at, integer(x, -0x80000000, 0x7fffffff), le),
  UV: (v, at, x, le) => v.setBigUint64(at, BigInt(x as string | number), le),
  SV: (v, at, x, le) => v.setBigInt64(at, BigInt(x as string | number), le),
  FL: (v, at, x, le) => v.setFloat32(at, float(x), le),
  FD: (v, at, x, le) => v.setFloat64(at, float(x), le),
  AT: (v, at, x, le) => {
    const tag = parseTag(String(x));
    if (tag === undefined) throw new RangeError();
    v.setUint16(at, groupOf(tag), le);
    v.setUint16(at + 2, tag & 0xffff, le);
  },
};

function textValue(tag: Tag, vr: VR, values: JsonValue[], characterSet: readonly string[]): Uint8Array {
  const texts = values.map((value) => (value === null ? '' : vr === 'PN' ? nameText(value) : String(value)));
  if (isSingleText(vr) && texts.length > 1)
    throw new DicomError('not-encodable', `${formatTag(tag)} ${vr} has one value only`);
  const text = texts.join('\\');
  const bytes = isExtendedText(vr) ? encodeText(text, characterSet, vr) : asciiOrUndefined(text);
  if (!bytes)
    throw new DicomError('not-encodable', `${formatTag(tag)} can't be written in the data set's character set`);
  return padded(bytes, vr === 'UI' ? 0 : 0x20);
}

function nameText(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const name = value as JsonPersonName;
  return [name.Alphabetic ?? '', name.Ideographic ?? '', name.Phonetic ?? ''].join('=').replace(/=+$/, '');
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** UR and UI and the like are of the default repertoire; bytes beyond it come from files that break the rule, as Latin-1. */
function asciiOrUndefined(text: string): Uint8Array | undefined {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return undefined;
  return ascii(text);
}

function padded(bytes: Uint8Array, pad: number): Uint8Array {
  if ((bytes.length & 1) === 0) return bytes;
  const even = new Uint8Array(bytes.length + 1);
  even.set(bytes);
  even[bytes.length] = pad;
  return even;
}

const evenLength = (bytes: Uint8Array): Uint8Array => padded(bytes, 0);

function firstText(json: JsonDataSet, hex: string): string {
  const value = json[hex]?.Value?.[0];
  if (typeof value !== 'string') throw new DicomError('not-encodable', `${formatTag(parseTag(hex)!)} is missing`);
  return value;
}
