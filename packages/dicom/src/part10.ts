import { Inflate } from 'fflate';
import { ByteWindow } from './byte-window.ts';
import { DicomError } from './dicom-error.ts';
import type { DataSet, Part10 } from './model.ts';
import { MutableDataSet } from './mutable-data-set.ts';
import { DataSetReader, looksLikeVR, type ReadLimits, type Step } from './reader.ts';
import { groupOf, type Tag } from './tag.ts';
import {
  ExplicitVRBigEndian,
  ExplicitVRLittleEndian,
  ImplicitVRLittleEndian,
  type TransferSyntax,
  transferSyntaxOf,
} from './transfer-syntax.ts';
import { firstString } from './value.ts';
import { isVR } from './vr.ts';

export interface ReadOptions extends Partial<ReadLimits> {
  /** Read no element from this tag on; for readers that want the header only. */
  readonly stopBefore?: Tag;
  /** The transfer syntax of a data set that comes without file meta information. */
  readonly transferSyntaxUid?: string;
}

const TRANSFER_SYNTAX_UID = 0x00020010;
const PREAMBLE = 128;
/** Values of the file meta information are kept up to here at least: reading needs them. */
const META_KEEP = 1024;
const DEFLATED_PIECE = 16 * 1024;
const MAGIC = 0x4d434944; // "DICM", little endian
const never = (): boolean => false;

const defaults: ReadLimits = { keep: Number.POSITIVE_INFINITY, keepTotal: 1 << 30, depth: 64 };

/**
 * Reads a DICOM file (PS3.10 section 7) as it streams in: `push` every chunk, then `end`. Memory is bounded by
 * {@link ReadLimits}, not by the size of the file. A file without preamble, or without file meta information, is read
 * when its first bytes are those of a data set.
 *
 * @throws DicomError from push or end; the reader is of no use afterwards.
 */
export class Part10Reader {
  private readonly window = new ByteWindow();
  private readonly options: ReadOptions;
  private readonly limits: ReadLimits;
  private readonly steps: Step<Part10>;
  private inflated: InflatedWindow | undefined;
  /** What came with the file meta information, still to be inflated. */
  private deflated: Uint8Array | undefined;
  private result: Part10 | undefined;

  constructor(options: ReadOptions = {}) {
    this.options = options;
    this.limits = { ...defaults, ...options };
    this.steps = this.read();
    this.advance();
  }

  /** Whether all that is wanted was read, so that the rest needn't be pushed. */
  get done(): boolean {
    return this.result !== undefined;
  }

  push(chunk: Uint8Array): void {
    if (this.result || chunk.length === 0) return;
    if (this.inflated) this.pushDeflated(chunk);
    else if (this.window.push(chunk)) this.advance();
  }

  end(): Part10 {
    if (!this.result && !this.inflated) {
      this.window.end();
      this.advance();
    }
    if (!this.result && this.inflated) {
      this.inflated.window.end();
      this.advance();
    }
    if (!this.result) throw new DicomError('truncated', 'The data ends before the data set does');
    return this.result;
  }

  private advance(): void {
    const step = this.steps.next();
    if (step.done) this.result = step.value;
    const { deflated } = this;
    this.deflated = undefined;
    if (deflated) this.pushDeflated(deflated);
  }

  /** In small pieces, since each may become a thousand times as long. */
  private pushDeflated(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && !this.result; at += DEFLATED_PIECE) {
      if (this.inflated!.push(chunk.subarray(at, at + DEFLATED_PIECE))) this.advance();
    }
  }

  private *read(): Step<Part10> {
    const preamble = yield* this.preamble();
    const meta = yield* this.meta();
    const dataSetOffset = this.window.position;
    const named = firstString(meta, TRANSFER_SYNTAX_UID) ?? this.options.transferSyntaxUid;
    const transferSyntax = yield* this.syntaxInForce(named, preamble);
    const window = transferSyntax.deflated ? this.inflate() : this.window;
    const reader = new DataSetReader(window, this.limits);
    const dataSet = new MutableDataSet(transferSyntax, undefined, window.position);
    const { stopBefore } = this.options;
    const stopped = yield* reader.read(dataSet, stopBefore === undefined ? never : (tag) => tag >= stopBefore);
    const { truncated } = reader;
    if (dataSet.elements.size === 0 && !stopped)
      throw new DicomError('truncated', 'The data ends before the data set begins');
    return {
      preamble,
      meta,
      transferSyntax,
      dataSet,
      dataSetOffset,
      length: window.received,
      ...(truncated && { truncated }),
    };
  }

  private *preamble(): Step<boolean> {
    const window = this.window;
    while (!window.has(PREAMBLE + 4)) {
      if (window.isEnded) return false;
      yield;
    }
    if (window.uint32(PREAMBLE) !== MAGIC) return false;
    window.skip(PREAMBLE + 4);
    return true;
  }

  /** Group 0002, always explicit VR little endian (PS3.10 7.1); empty when there is none. */
  private *meta(): Step<DataSet> {
    const meta = new MutableDataSet(transferSyntaxOf(ExplicitVRLittleEndian), undefined, this.window.position);
    while (!this.window.has(6)) {
      if (this.window.isEnded) return meta;
      yield;
    }
    if (this.window.uint16(0) !== 2) return meta;
    // A few writers leave the meta information in implicit VR, which the reader sees by itself at each element.
    const keep = Math.max(this.limits.keep, META_KEEP);
    const reader = new DataSetReader(this.window, { ...this.limits, keep });
    yield* reader.read(meta, (tag) => groupOf(tag) !== 2);
    return meta;
  }

  /**
   * What the data set is really written in. The file meta information is believed, but for explicit where the first
   * element shows implicit, and the reverse: files of both kinds are in circulation.
   */
  private *syntaxInForce(named: string | undefined, preamble: boolean): Step<TransferSyntax> {
    const syntax = transferSyntaxOf(named ?? ImplicitVRLittleEndian);
    if (syntax.deflated) return syntax;
    while (!this.window.has(8)) {
      if (this.window.isEnded) {
        if (named === undefined)
          throw new DicomError('not-dicom', 'This is no DICOM file: it has no "DICM" and no element');
        return syntax;
      }
      yield;
    }
    const window = this.window;
    const explicit = isVR(String.fromCharCode(window.byte(4), window.byte(5)));
    if (named === undefined) return guessSyntax(window, explicit, preamble);
    if (syntax.encapsulated) return syntax;
    if (explicit) return { ...syntax, explicitVR: true, littleEndian: seenByteOrder(window) ?? syntax.littleEndian };
    return looksLikeVR(window.byte(4), window.byte(5)) ? syntax : { ...syntax, explicitVR: false, littleEndian: true };
  }

  private inflate(): ByteWindow {
    this.inflated = new InflatedWindow();
    this.deflated = this.window.rest();
    return this.inflated.window;
  }
}

/** The inflated side of a deflated data set (PS3.5 A.5): raw deflate, as RFC 1951. */
class InflatedWindow {
  readonly window = new ByteWindow();
  private wake = false;
  private readonly stream = new Inflate((chunk) => {
    if (this.window.push(chunk)) this.wake = true;
  });

  /** Returns whether the reader can go on. */
  push(chunk: Uint8Array): boolean {
    this.wake = false;
    try {
      this.stream.push(chunk, false);
    } catch {
      throw new DicomError('malformed', 'The deflated data set is damaged');
    }
    return this.wake;
  }
}

/** Of a data set without meta information, by its first element, which must be one of a data set's low groups. */
function guessSyntax(window: ByteWindow, explicit: boolean, preamble: boolean): TransferSyntax {
  if (explicit && window.byte(0) === 0 && isFirstGroup(window.byte(1))) return transferSyntaxOf(ExplicitVRBigEndian);
  if (!preamble && !isFirstGroup(window.uint16(0)))
    throw new DicomError('not-dicom', 'This is no DICOM file: it has neither "DICM" nor a data set at its start');
  const length = window.uint32(4);
  if (!explicit && !preamble && length > 0xffff)
    throw new DicomError('not-dicom', 'This is no DICOM file: its first element makes no sense');
  return transferSyntaxOf(explicit ? ExplicitVRLittleEndian : ImplicitVRLittleEndian);
}

const isFirstGroup = (group: number): boolean => group === 8 || group === 2 || group === 4 || group === 0x10;

/**
 * Whether a data set that begins with group 0008 is in little endian; undefined of one that begins with another, since
 * 0004 and 0010 are groups the other way round too.
 */
function seenByteOrder(window: ByteWindow): boolean | undefined {
  if (window.byte(0) === 8 && window.byte(1) === 0) return true;
  return window.byte(0) === 0 && window.byte(1) === 8 ? false : undefined;
}

/** Reads a whole DICOM file from memory. Values are views on `bytes`, not copies. */
export function readPart10(bytes: Uint8Array, options: ReadOptions = {}): Part10 {
  const reader = new Part10Reader({ views: true, ...options });
  reader.push(bytes);
  return reader.end();
}

/** Reads a bare data set (no preamble, no meta information, not deflated) from memory. */
export function readDataSet(bytes: Uint8Array, syntax: TransferSyntax, limits: Partial<ReadLimits> = {}): DataSet {
  const window = new ByteWindow();
  window.push(bytes);
  window.end();
  const dataSet = new MutableDataSet(syntax, undefined, 0);
  const step = new DataSetReader(window, { ...defaults, views: true, ...limits }).read(dataSet, never).next();
  if (!step.done) throw new DicomError('truncated', 'The data ends before the data set does');
  return dataSet;
}
