import {
  type DataSet,
  ExplicitVRLittleEndian,
  encodeElements,
  firstString,
  ImplicitVRLittleEndian,
  type NewElement,
  type Part10,
  type ReencodedSegment,
  segmentsLength,
  type TransferSyntax,
  transferSyntaxOf,
  writeFileMeta,
} from '@isocenter/dicom';
import { encodableTransferSyntaxes, type ImagePixelModule } from '@isocenter/dicom/pixel';
import type { Archive } from '../archive.ts';
import type { PixelDataLocation } from '../ingest/instance-record.ts';
import { DataSetSource } from '../pixels/data-set-source.ts';
import { isDecodable } from '../pixels/frame-forms.ts';
import { changedElements } from '../pixels/module-elements.ts';
import { findPixelData } from '../pixels/picture-store.ts';
import { type PixelValue, pixelValue } from '../pixels/pixel-value.ts';
import type { StoredInstance } from './instance-store.ts';

const EXTENDED_OFFSET_TABLE = 0x7fe00001;
const EXTENDED_OFFSET_TABLE_LENGTHS = 0x7fe00002;

/** Whether an instance can be had in a transfer syntax, as far as the two syntaxes go: of its pixels it may turn out otherwise. */
export function canTranscode({ transferSyntaxUid }: Pick<StoredInstance, 'transferSyntaxUid'>, uid: string): boolean {
  if (transferSyntaxUid === uid) return true;
  const written = uid === ExplicitVRLittleEndian || uid === ImplicitVRLittleEndian || isLosslessTarget(uid);
  return written && isDecodable(transferSyntaxOf(transferSyntaxUid));
}

const isLosslessTarget = (uid: string): boolean =>
  encodableTransferSyntaxes.includes(uid) && !transferSyntaxOf(uid).lossy;

/** A DICOM file in another transfer syntax than the stored one. */
export interface TranscodedFile {
  readonly transferSyntaxUid: string;
  readonly size: number;
  /** Made while it is read. Must be read or returned: it holds what was made beforehand. */
  readonly body: AsyncGenerator<Uint8Array, void, void>;
}

/**
 * An instance as a DICOM file in another transfer syntax. Pixels are copied, decoded or encoded frame by frame, so that
 * memory doesn't grow with the instance; everything else keeps its values. Attributes of the Image Pixel Module follow
 * what became of the pixels. An instance without pixel data comes in explicit VR little endian where a compressed syntax
 * is asked for.
 *
 * Rejects, before anything is sent, when its pixels turn out not to be readable: see pixel-problem.ts.
 */
export async function transcodeInstance(
  archive: Archive,
  instance: StoredInstance,
  uid: string,
  signal?: AbortSignal,
): Promise<TranscodedFile> {
  const pixelData = await findPixelData(archive.pool, instance.id);
  const transferSyntaxUid = pixelData || !transferSyntaxOf(uid).encapsulated ? uid : ExplicitVRLittleEndian;
  const target = transferSyntaxOf(transferSyntaxUid);
  const source = new DataSetSource(archive.objects, instance, pixelData);
  const header = await source.before();
  const after = await source.after();
  const ending = new AbortController();
  const either = AbortSignal.any([ending.signal, ...(signal ? [signal] : [])]);
  const pixels = pixelData && (await pixelValue({ archive, instance, pixelData, source, target, signal: either }));
  const file: Segments = {
    meta: metaOf(header, instance, transferSyntaxUid),
    before: encodeBefore(header.dataSet, target, pixelData, pixels),
    after: after ? encodeElements(after.dataSet, target) : [],
  };
  const size = file.meta.length + segmentsLength(file.before) + (pixels?.size ?? 0) + segmentsLength(file.after);
  return { transferSyntaxUid, size, body: write(source, file, pixels, after?.offset ?? 0, ending) };
}

interface Segments {
  readonly meta: Uint8Array;
  readonly before: readonly ReencodedSegment[];
  readonly after: readonly ReencodedSegment[];
}

async function* write(
  source: DataSetSource,
  { meta, before, after }: Segments,
  pixels: PixelValue | undefined,
  origin: number,
  ending: AbortController,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield meta;
    yield* source.written(before);
    if (pixels) yield* pixels.element();
    yield* source.written(after, origin);
  } finally {
    ending.abort();
    await pixels?.discard();
  }
}

function metaOf(
  header: Part10,
  { sopClassUid, sopInstanceUid }: StoredInstance,
  transferSyntaxUid: string,
): Uint8Array {
  const sourceTitle = firstString(header.meta, 0x00020016);
  return writeFileMeta({
    sopClassUid,
    sopInstanceUid,
    transferSyntaxUid,
    ...(sourceTitle !== undefined && { sourceApplicationEntityTitle: sourceTitle }),
  });
}

function encodeBefore(
  dataSet: DataSet,
  target: TransferSyntax,
  pixelData: PixelDataLocation | undefined,
  pixels: PixelValue | undefined,
): ReencodedSegment[] {
  return encodeElements(dataSet, target, {
    leaveOut: (tag) =>
      pixelData !== undefined && (tag === EXTENDED_OFFSET_TABLE || tag === EXTENDED_OFFSET_TABLE_LENGTHS),
    put: [...moduleChanges(pixelData?.module, pixels?.module), ...(pixels?.extendedOffsetTable ?? [])],
  });
}

const moduleChanges = (before: ImagePixelModule | undefined, after: ImagePixelModule | undefined): NewElement[] =>
  before && after ? changedElements(before, after) : [];
