import type { Sha256 } from '@isocenter/contract';
import { ExplicitVRBigEndian } from '@isocenter/dicom';
import { DecodeError, frameSpan, joinFragments, nativeFrameBits, nativeFrameRange } from '@isocenter/dicom/pixel';
import { LRUCache } from 'lru-cache';
import type { Archive } from '../archive.ts';
import { type FrameIndex, indexFrames } from './frame-index.ts';
import { readInflated } from './inflated.ts';
import { findPixelData, type Picture } from './picture-store.ts';

/** Memory for the indexes of frames, of all instances together. */
const INDEX_BYTES = 64 * 1024 * 1024;
/** Memory for inflated pixel data, of all instances together, and of one instance at most. */
const INFLATED_BYTES = 128 * 1024 * 1024;
const INFLATED_EACH = 64 * 1024 * 1024;

/** A frame's bytes as they are stored. */
export interface StoredFrame {
  readonly bytes: Buffer<ArrayBuffer>;
  /** See {@link import('@isocenter/dicom/pixel').NativeFrameRange}. */
  readonly skipBits: number;
  /** Uncompressed, little endian, nothing but this frame: can be sent as it is. */
  readonly plain: boolean;
}

/** The frames of the archive's instances. Indexes are kept, so that a frame is one read of the object. */
export class FrameSource {
  private readonly archive: Pick<Archive, 'pool' | 'objects'>;
  private readonly indexes = new LRUCache<Sha256, FrameIndex>({
    maxSize: INDEX_BYTES,
    sizeCalculation: ({ fragments }) => 1024 + (fragments?.byteLength ?? 0),
  });
  private readonly inflated = new LRUCache<Sha256, Buffer<ArrayBuffer>>({
    maxSize: INFLATED_BYTES,
    sizeCalculation: ({ length }) => length + 1,
  });

  constructor(archive: Pick<Archive, 'pool' | 'objects'>) {
    this.archive = archive;
  }

  /** Undefined for an instance without pixel data. Throws {@link DecodeError} when frames can't be told apart. */
  async indexOf(picture: Picture): Promise<FrameIndex | undefined> {
    const known = this.indexes.get(picture.sha256);
    if (known) return known;
    const location = picture.pixelData ?? (await findPixelData(this.archive.pool, picture.id));
    if (!location) return undefined;
    const index = await indexFrames(this.archive.objects, picture.sha256, location);
    this.indexes.set(picture.sha256, index);
    return index;
  }

  /** The bytes of frame `frame`, from 0. */
  async read(picture: Picture, index: FrameIndex, frame: number): Promise<StoredFrame> {
    return index.fragments ? this.readEncapsulated(picture, index, frame) : this.readNative(picture, index, frame);
  }

  private async readEncapsulated({ sha256 }: Picture, index: FrameIndex, frame: number): Promise<StoredFrame> {
    const fragments = index.fragments?.of(frame) ?? [];
    const { offset, length } = frameSpan(fragments);
    const span = await this.archive.objects.read(sha256, { start: offset, end: offset + length });
    const bytes = joinFragments(span, fragments);
    return {
      bytes: Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength),
      skipBits: 0,
      plain: false,
    };
  }

  private async readNative(picture: Picture, index: FrameIndex, frame: number): Promise<StoredFrame> {
    const { module } = index;
    if (!module) throw new DecodeError('Rows, Columns or Bits Allocated is missing');
    const littleEndian = picture.transferSyntaxUid !== ExplicitVRBigEndian;
    const range = nativeFrameRange(module, { littleEndian }, frame, index.length);
    const start = index.offset + range.offset;
    const bytes = await this.readValue(picture, index, start, start + range.length);
    const plain = littleEndian && range.skipBits === 0 && nativeFrameBits(module) === bytes.length * 8;
    return { bytes, skipBits: range.skipBits, plain };
  }

  private async readValue(
    picture: Picture,
    index: FrameIndex,
    start: number,
    end: number,
  ): Promise<Buffer<ArrayBuffer>> {
    const { objects } = this.archive;
    const { sha256 } = picture;
    if (!index.deflated) return (await objects.read(sha256, { start, end })) as Buffer<ArrayBuffer>;
    if (index.length > INFLATED_EACH) return readInflated(objects, picture, { start, end });
    let value = this.inflated.get(sha256);
    if (!value) {
      value = await readInflated(objects, picture, { start: index.offset, end: index.offset + index.length });
      this.inflated.set(sha256, value);
    }
    // A copy: what is kept here must not move to a thread with the frame.
    return Buffer.from(value.subarray(start - index.offset, end - index.offset));
  }
}

const sources = new WeakMap<Archive, FrameSource>();

/** The archive's one frame source: all routes share what it keeps. */
export function framesOf(archive: Archive): FrameSource {
  const known = sources.get(archive);
  if (known) return known;
  const source = new FrameSource(archive);
  sources.set(archive, source);
  return source;
}
