import type { Sha256 } from '@isocenter/contract';
import type { Fragment } from '@isocenter/dicom';
import { frameFragments, type ImagePixelModule } from '@isocenter/dicom/pixel';
import type { ObjectStore } from '../../../platform/storage/index.ts';
import type { PixelDataLocation } from '../ingest/instance-record.ts';

/** Where the frames of an instance lie. */
export interface FrameIndex {
  /** Undefined where the data set doesn't describe its pixels: compressed frames can then be sent, but not decoded. */
  readonly module: ImagePixelModule | undefined;
  readonly numberOfFrames: number;
  /** The value field of the pixel data, in the object (or in the inflated data set). */
  readonly offset: number;
  readonly length: number;
  readonly deflated: boolean;
  readonly fragments: FrameFragments | undefined;
}

/** Fragments of every frame, in typed arrays: a whole-slide image has a hundred thousand. */
export class FrameFragments {
  /** Of each frame, its first fragment; and one more, the end. */
  private readonly starts: Uint32Array;
  private readonly offsets: Float64Array;
  private readonly lengths: Float64Array;

  constructor(frames: readonly (readonly Fragment[])[]) {
    const all = frames.flat();
    this.starts = new Uint32Array(frames.length + 1);
    let at = 0;
    for (const [i, fragments] of frames.entries()) {
      this.starts[i] = at;
      at += fragments.length;
    }
    this.starts[frames.length] = at;
    this.offsets = Float64Array.from(all, ({ offset }) => offset);
    this.lengths = Float64Array.from(all, ({ length }) => length);
  }

  get count(): number {
    return this.starts.length - 1;
  }

  get byteLength(): number {
    return this.starts.byteLength + this.offsets.byteLength + this.lengths.byteLength;
  }

  of(frame: number): Fragment[] {
    const fragments: Fragment[] = [];
    for (let i = this.starts[frame] ?? 0; i < (this.starts[frame + 1] ?? 0); i++) {
      fragments.push({ offset: this.offsets[i] ?? 0, length: this.lengths[i] ?? 0 });
    }
    return fragments;
  }
}

/** Finds the frames of an instance, by its offset tables or by looking into the object where there are none. */
export async function indexFrames(
  objects: ObjectStore,
  sha256: Sha256,
  location: PixelDataLocation,
): Promise<FrameIndex> {
  const { module, offset, length } = location;
  const numberOfFrames = module?.numberOfFrames ?? 1;
  const whole = { module, offset, length, deflated: location.deflated === true };
  if (!location.fragments) return { ...whole, numberOfFrames, fragments: undefined };
  const read = (at: number, size: number) => objects.read(sha256, { start: at, end: at + size });
  const valueAt = (place: readonly [number, number] | undefined) => place && read(...place);
  const frames = await frameFragments({
    fragments: pairs(location.fragments),
    numberOfFrames,
    extendedOffsetTable: await valueAt(location.extendedOffsetTable),
    extendedOffsetTableLengths: await valueAt(location.extendedOffsetTableLengths),
    read,
  });
  return { ...whole, numberOfFrames: frames.length, fragments: new FrameFragments(frames) };
}

function pairs(flat: readonly number[]): Fragment[] {
  const fragments: Fragment[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) fragments.push({ offset: flat[i] ?? 0, length: flat[i + 1] ?? 0 });
  return fragments;
}
