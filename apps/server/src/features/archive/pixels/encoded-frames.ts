import { basicOffsetTable } from '@isocenter/dicom/pixel';
import type { Spool, SpooledFile, SpoolFile } from '../../../platform/storage/index.ts';

/** Frames of one instance that are held in memory until the last one is encoded; more go to the spool. */
const IN_MEMORY = 16 * 1024 * 1024;
/** (FFFE,E000) and a length. */
const ITEM_HEADER = 8;
const SEQUENCE_DELIMITER = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);

/**
 * Encoded frames, gathered because the offset table that stands before them is known only with the last one, then
 * given as the value of encapsulated pixel data (PS3.5 A.4), one fragment a frame.
 */
export class EncodedFrames {
  private readonly spool: Spool;
  private readonly lengths: number[] = [];
  private held: Uint8Array[] = [];
  private total = 0;
  private file: SpoolFile | undefined;
  private spooled: SpooledFile | undefined;

  constructor(spool: Spool) {
    this.spool = spool;
  }

  /** @param frame of even length */
  async add(frame: Uint8Array): Promise<void> {
    this.lengths.push(frame.length);
    this.total += frame.length;
    if (this.file) return this.file.write(frame);
    this.held.push(frame);
    if (this.total <= IN_MEMORY) return;
    this.file = await this.spool.create();
    for (const each of this.held) await this.file.write(each);
    this.held = [];
  }

  async finish(): Promise<void> {
    this.spooled = await this.file?.finish();
  }

  /** (7FE0,0001) and (7FE0,0002), where they are needed. */
  get extendedOffsetTable(): ExtendedOffsetTable | undefined {
    return this.table ? undefined : extendedOffsetTable(this.lengths);
  }

  private get table(): Uint8Array | undefined {
    return basicOffsetTable(this.lengths);
  }

  /** Bytes of the value with its delimiter. */
  get byteLength(): number {
    const items = 1 + this.lengths.length;
    return items * ITEM_HEADER + (this.table?.length ?? 0) + this.total + SEQUENCE_DELIMITER.length;
  }

  /** The value with its delimiter. */
  async *value(): AsyncGenerator<Uint8Array, void, void> {
    const { table } = this;
    yield itemHeader(table?.length ?? 0);
    if (table) yield table;
    let at = 0;
    for (const [i, length] of this.lengths.entries()) {
      yield itemHeader(length);
      yield this.spooled
        ? await this.spool.read(this.spooled, { start: at, end: at + length })
        : (this.held[i] ?? new Uint8Array(0));
      at += length;
    }
    yield SEQUENCE_DELIMITER;
  }

  async discard(): Promise<void> {
    this.held = [];
    await this.file?.discard();
  }
}

export interface ExtendedOffsetTable {
  readonly offsets: Uint8Array;
  readonly lengths: Uint8Array;
}

/** For frames that lie too far apart for the 32 bits of the basic table (PS3.3 C.7.6.3.1.8). */
export function extendedOffsetTable(frames: readonly number[]): ExtendedOffsetTable {
  const offsets = new DataView(new ArrayBuffer(frames.length * 8));
  const lengths = new DataView(new ArrayBuffer(frames.length * 8));
  let at = 0;
  for (const [i, length] of frames.entries()) {
    offsets.setBigUint64(i * 8, BigInt(at), true);
    lengths.setBigUint64(i * 8, BigInt(length), true);
    at += ITEM_HEADER + length;
  }
  return { offsets: new Uint8Array(offsets.buffer), lengths: new Uint8Array(lengths.buffer) };
}

function itemHeader(length: number): Uint8Array {
  const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  header.writeUInt32LE(length, 4);
  return header;
}
