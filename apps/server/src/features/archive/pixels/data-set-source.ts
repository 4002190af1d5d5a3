import {
  type DataSet,
  DeflatedExplicitVRLittleEndian,
  DicomError,
  type Part10,
  Part10Reader,
  type ReencodedSegment,
  type Tag,
} from '@isocenter/dicom';
import type { ByteRange, ObjectStore } from '../../../platform/storage/index.ts';
import type { PixelDataLocation } from '../ingest/instance-record.ts';
import { inflatedRange } from './inflated.ts';
import type { Picture } from './picture-store.ts';
import { swappedUnits } from './swapped-units.ts';

/** Values kept in memory while a header is read; longer ones are copied from the object. */
const KEEP = 64 * 1024;
const KEEP_TOTAL = 128 * 1024 * 1024;
const TRAILING_PADDING = 0xfffcfffc;
const DELIMITER = 8;

/** A stored data set around its pixel data, which stay in the object. */
export class DataSetSource {
  private readonly objects: ObjectStore;
  private readonly picture: Picture;
  private readonly pixelData: PixelDataLocation | undefined;

  constructor(objects: ObjectStore, picture: Picture, pixelData: PixelDataLocation | undefined) {
    this.objects = objects;
    this.picture = picture;
    this.pixelData = pixelData;
  }

  /** Elements before the pixel data; all, where there are none. */
  async before(): Promise<Part10> {
    const reader = this.reader(this.pixelData && Number.parseInt(this.pixelData.tag, 16));
    await feed(reader, (await this.objects.open(this.picture.sha256)) as AsyncIterable<Uint8Array>);
    return reader.end();
  }

  /** Elements after the pixel data: private groups, signatures. Their offsets count from `offset`. */
  async after(): Promise<{ readonly dataSet: DataSet; readonly offset: number } | undefined> {
    const { pixelData } = this;
    if (!pixelData) return undefined;
    const offset = pixelData.offset + pixelData.length + (pixelData.fragments ? DELIMITER : 0);
    const reader = this.reader(TRAILING_PADDING, pixelData.deflated && 'inflated');
    let length = 0;
    await feed(reader, this.bytes({ start: offset }), (chunk) => {
      length += chunk.length;
    });
    if (length < DELIMITER) return undefined;
    try {
      return { dataSet: reader.end().dataSet, offset };
    } catch (error) {
      // Nothing but padding.
      if (error instanceof DicomError && error.code === 'truncated') return undefined;
      throw error;
    }
  }

  /** Bytes of the object, of a deflated one after inflating, counted as elements are. */
  async *bytes(range: ByteRange): AsyncGenerator<Uint8Array, void, void> {
    if (range.end !== undefined && range.end <= range.start) return;
    const { objects, picture } = this;
    if (picture.transferSyntaxUid === DeflatedExplicitVRLittleEndian) yield* inflatedRange(objects, picture, range);
    else yield* (await objects.open(picture.sha256, range)) as AsyncIterable<Uint8Array>;
  }

  /** Re-encoded segments as bytes; those to be copied count from `origin`. */
  async *written(segments: readonly ReencodedSegment[], origin = 0): AsyncGenerator<Uint8Array, void, void> {
    for (const segment of segments) {
      if ('bytes' in segment) yield segment.bytes;
      else {
        const start = origin + segment.copy.offset;
        yield* swappedUnits(this.bytes({ start, end: start + segment.copy.length }), segment.swap);
      }
    }
  }

  private reader(stopBefore: Tag | undefined, inflated?: 'inflated' | false | undefined): Part10Reader {
    const { transferSyntaxUid } = this.picture;
    return new Part10Reader({
      keep: KEEP,
      keepTotal: KEEP_TOTAL,
      transferSyntaxUid: inflated ? '1.2.840.10008.1.2.1' : transferSyntaxUid,
      ...(stopBefore !== undefined && { stopBefore }),
    });
  }
}

async function feed(
  reader: Part10Reader,
  source: AsyncIterable<Uint8Array>,
  seen: (chunk: Uint8Array) => void = () => undefined,
): Promise<void> {
  for await (const chunk of source) {
    seen(chunk);
    reader.push(chunk);
    if (reader.done) return;
  }
}
