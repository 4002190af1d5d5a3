import {
  ExplicitVRLittleEndian,
  isVR,
  type NewElement,
  parseTag,
  type TransferSyntax,
  type VR,
} from '@isocenter/dicom';
import { DecodeError, EncodeError, type ImagePixelModule, nativeFrameBits } from '@isocenter/dicom/pixel';
import type { Archive } from '../archive.ts';
import type { PixelDataLocation } from '../ingest/instance-record.ts';
import { BitJoiner } from './bit-joiner.ts';
import type { DataSetSource } from './data-set-source.ts';
import { elementHeader } from './element-header.ts';
import { EncodedFrames } from './encoded-frames.ts';
import type { FrameIndex } from './frame-index.ts';
import { framesOf } from './frame-source.ts';
import { type TranscodedFrame, transcodeInThread } from './frame-tasks.ts';
import { inOrder } from './in-order.ts';
import type { Picture } from './picture-store.ts';
import { swappedUnits } from './swapped-units.ts';

const UNDEFINED_LENGTH = 0xffffffff;
/** Frames decoded or encoded at once for one instance. */
const AHEAD = 2;

/** Pixel data on their way to another transfer syntax. */
export interface PixelValue {
  /** What describes them afterwards; undefined where nothing changes. */
  readonly module?: ImagePixelModule;
  readonly extendedOffsetTable?: readonly NewElement[];
  /** Bytes of the element, header and delimiter included. */
  readonly size: number;
  element(): AsyncGenerator<Uint8Array, void, void>;
  discard(): Promise<void>;
}

export interface PixelWork {
  readonly archive: Archive;
  readonly instance: Picture;
  readonly pixelData: PixelDataLocation;
  readonly source: DataSetSource;
  readonly target: TransferSyntax;
  readonly signal: AbortSignal;
}

/** Prepares the pixel data element for the target, as far as is needed to know its size and what it changes. */
export async function pixelValue(work: PixelWork): Promise<PixelValue> {
  const encapsulated = work.pixelData.fragments !== undefined;
  if (!encapsulated && !work.target.encapsulated) return copied(work);
  const index = await framesOf(work.archive).indexOf(work.instance);
  if (!index?.module) throw new DecodeError('Rows, Columns or Bits Allocated is missing');
  const frames: Frames = { ...work, index, module: index.module };
  return work.target.encapsulated ? encoded(frames) : decoded(frames);
}

interface Frames extends PixelWork {
  readonly index: FrameIndex;
  readonly module: ImagePixelModule;
}

/** Native to native: the bytes as they are, turned round where the byte order changes. */
function copied({ pixelData, source, target, instance }: PixelWork): PixelValue {
  const { offset, length } = pixelData;
  const vr = vrOf(pixelData);
  const header = elementHeader(tagOf(pixelData), vr, length + (length % 2), target.explicitVR);
  const swap = instance.transferSyntaxUid === '1.2.840.10008.1.2.2' ? cellUnit(pixelData) : 1;
  return {
    size: header.length + length + (length % 2),
    async *element() {
      yield header;
      yield* swappedUnits(source.bytes({ start: offset, end: offset + length }), swap);
      if (length % 2) yield Uint8Array.of(0);
    },
    discard: async () => undefined,
  };
}

const tagOf = ({ tag }: PixelDataLocation): number => parseTag(tag.padStart(8, '0')) ?? 0x7fe00010;
const vrOf = ({ vr }: PixelDataLocation): VR => (isVR(vr) && vr !== 'UN' ? vr : 'OW');

/** Big endian is of whole cells; bytes of OW go in pairs (PS3.5 8.1.2 and Annex A.3). */
function cellUnit({ vr, module }: PixelDataLocation): 1 | 2 | 4 | 8 {
  const bits = module?.bitsAllocated ?? 0;
  if (bits > 8) return bits === 64 ? 8 : bits === 32 ? 4 : 2;
  return vr === 'OB' || vr === 'UN' ? 1 : 2;
}

/** Compressed to native: decoded while it is sent, its size known from the first frame. */
async function decoded(frames: Frames): Promise<PixelValue> {
  const { pixelData, target, index } = frames;
  const first = await frameIn(frames, 0, ExplicitVRLittleEndian);
  const { module } = first;
  const bits = module.bitsAllocated === 1 ? nativeFrameBits(module) : first.bytes.length * 8;
  const length = Math.ceil((bits * index.numberOfFrames) / 8);
  const padded = length + (length % 2);
  if (padded >= UNDEFINED_LENGTH) throw new EncodeError('Uncompressed, the pixel data would exceed 4 GiB');
  const vr = module.sampleType === 'integer' ? (module.vr ?? 'OW') : vrOf(pixelData);
  const header = elementHeader(tagOf(pixelData), target.explicitVR ? vr : 'OW', padded, target.explicitVR);
  return {
    module,
    size: header.length + padded,
    async *element() {
      yield header;
      const joiner = new BitJoiner();
      for await (const bytes of allFrames(frames, first, ExplicitVRLittleEndian)) {
        yield bits % 8 === 0 ? bytes : joiner.add(bytes, bits);
      }
      const rest = joiner.end();
      if (rest.length > 0) yield rest;
      if (padded > length) yield Uint8Array.of(0);
    },
    discard: async () => undefined,
  };
}

/** To compressed: encoded before anything is sent, for the offset table comes first. */
async function encoded(frames: Frames): Promise<PixelValue> {
  const { archive, target } = frames;
  const first = await frameIn(frames, 0, target.uid);
  const gathered = new EncodedFrames(archive.spool);
  try {
    for await (const bytes of allFrames(frames, first, target.uid)) await gathered.add(bytes);
    await gathered.finish();
  } catch (error) {
    await gathered.discard();
    throw error;
  }
  const header = elementHeader(0x7fe00010, 'OB', UNDEFINED_LENGTH, true);
  const table = gathered.extendedOffsetTable;
  return {
    module: first.module,
    ...(table && {
      extendedOffsetTable: [
        { tag: 0x7fe00001, vr: 'OV', value: table.offsets },
        { tag: 0x7fe00002, vr: 'OV', value: table.lengths },
      ],
    }),
    size: header.length + gathered.byteLength,
    async *element() {
      yield header;
      yield* gathered.value();
    },
    discard: () => gathered.discard(),
  };
}

async function* allFrames(frames: Frames, first: TranscodedFrame, to: string): AsyncGenerator<Uint8Array, void, void> {
  yield first.bytes;
  const { numberOfFrames } = frames.index;
  const described = JSON.stringify(first.module);
  const native = !frames.target.encapsulated;
  for await (const frame of inOrder(numberOfFrames - 1, AHEAD, (i) => frameIn(frames, i + 1, to))) {
    const alike = JSON.stringify(frame.module) === described && (!native || frame.bytes.length === first.bytes.length);
    if (!alike) throw new DecodeError('The frames differ in kind: no one description fits them all');
    yield frame.bytes;
  }
}

async function frameIn(
  { archive, instance, index, module, signal }: Frames,
  frame: number,
  to: string,
): Promise<TranscodedFrame> {
  const { bytes, skipBits } = await framesOf(archive).read(instance, index, frame);
  const from = instance.transferSyntaxUid;
  return transcodeInThread(archive.threads, { bytes, module, from, to, skipBits }, signal, 'normal');
}
