import type { Tag } from './tag.ts';
import type { TransferSyntax } from './transfer-syntax.ts';
import type { VR } from './vr.ts';

/** One fragment of encapsulated pixel data (PS3.5 A.4): where its value lies, without the item header. */
export interface Fragment {
  readonly offset: number;
  readonly length: number;
}

/** One item of a sequence. Offsets as in {@link Element}. */
export interface Item {
  readonly offset: number;
  readonly valueOffset: number;
  /** Bytes of the item's data set, without its header and delimiter. */
  readonly length: number;
  readonly undefinedLength: boolean;
  readonly dataSet: DataSet;
}

/**
 * One data element and where it stands. Offsets count bytes from the first byte that the reader was given (for a
 * deflated transfer syntax: from the first byte of the inflated data set).
 */
export interface Element {
  readonly tag: Tag;
  /** As written; in implicit VR, as the dictionary says. */
  readonly vr: VR;
  readonly offset: number;
  readonly valueOffset: number;
  /** Bytes of the value field as found, without the sequence delimiter of an undefined length. */
  readonly length: number;
  readonly undefinedLength: boolean;
  /** The value field's bytes; absent when it has items or fragments, or is longer than the reader keeps. */
  readonly value?: Uint8Array;
  /** Of SQ, and of UN with undefined length (read as implicit VR little endian, PS3.5 6.2.2 note 2). */
  readonly items?: readonly Item[];
  /** Of encapsulated pixel data, the Basic Offset Table first. */
  readonly fragments?: readonly Fragment[];
}

/** How the bytes of a data set are laid out. */
export interface Encoding {
  readonly littleEndian: boolean;
  readonly explicitVR: boolean;
}

/** A data set: its elements in the order found, by tag. */
export interface DataSet {
  /** First byte. */
  readonly offset: number;
  /** First byte after what was read of it, without the delimiter of an item. */
  readonly end: number;
  /** The bytes ended early within it. */
  readonly truncated: boolean;
  readonly elements: ReadonlyMap<Tag, Element>;
  /** Elements that stand earlier under a tag that comes again, which the standard forbids: the last one counts. */
  readonly shadowed: readonly Element[];
  readonly encoding: Encoding;
  /** Values of (0008,0005) in force here: the data set's own or inherited from the one around it. */
  readonly characterSet: readonly string[];
  readonly parent?: DataSet;
}

/** A DICOM file (PS3.10): file meta information and data set. */
export interface Part10 {
  /** 128 bytes and "DICM" were there. */
  readonly preamble: boolean;
  readonly meta: DataSet;
  readonly transferSyntax: TransferSyntax;
  readonly dataSet: DataSet;
  /** Where the data set's bytes begin in the file. */
  readonly dataSetOffset: number;
  /** Bytes read in all; of a deflated data set, after inflating. Elements of its data set count from there too. */
  readonly length: number;
  /** The bytes ended early, inside this element (0: between two). What came before was read whole. */
  readonly truncated?: { readonly tag: Tag; readonly expected: number; readonly found: number };
}

/** The DICOM JSON model (PS3.18 Annex F). */
export interface JsonElement {
  vr: VR;
  Value?: JsonValue[];
  InlineBinary?: string;
  BulkDataURI?: string;
}
export interface JsonPersonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}
export type JsonValue = string | number | null | JsonPersonName | JsonDataSet;
export type JsonDataSet = { [tag: string]: JsonElement };
