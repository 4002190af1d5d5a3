import { DecodeError, type ImagePixelModule, RenderError, type Viewport } from '@isocenter/dicom/pixel';
import { Problem } from '../../../platform/http/index.ts';
import type { Archive } from '../archive.ts';
import type { FrameIndex } from './frame-index.ts';
import { framesOf } from './frame-source.ts';
import { type PictureType, renderInThread } from './frame-tasks.ts';
import { readInflated } from './inflated.ts';
import type { Picture } from './picture-store.ts';
import { MAX_SIDE, type RenderParameters, type SourceRegion, type View } from './render-parameters.ts';

/** Headers beyond this are no reason to fill the memory for one picture. */
const HEADER_LIMIT = 64 * 1024 * 1024;

export interface Rendering extends RenderParameters {
  readonly type: PictureType;
}

/** The instance has no pixels. */
export class NothingToShow extends RenderError {
  constructor() {
    super('The instance has no pixel data');
  }
}

/** The frames of an instance that is to be shown. Throws {@link NothingToShow} where it has none. */
export async function framesToShow(archive: Archive, picture: Picture): Promise<FrameIndex> {
  const index = await framesOf(archive).indexOf(picture);
  if (!index) throw new NothingToShow();
  return index;
}

/**
 * A frame as a picture that any browser shows. Made in a thread: decoded, its values taken through modality, VOI and
 * palette transformations, cut and scaled, annotated. Patients' data are burnt in from the landing zone only, whatever
 * is asked for.
 *
 * @param frame from 1
 */
export async function renderFrame(
  archive: Archive,
  picture: Picture,
  index: FrameIndex,
  frame: number,
  rendering: Rendering,
  signal: AbortSignal,
): Promise<Buffer> {
  const { module } = index;
  if (!module) throw new DecodeError('Rows, Columns or Bits Allocated is missing');
  const { bytes, skipBits } = await framesOf(archive).read(picture, index, frame - 1);
  const { annotation, viewport, ...parameters } = rendering;
  const rendered = await renderInThread(
    archive.threads,
    {
      ...parameters,
      ...(viewport && { viewport: viewportOf(viewport, module) }),
      bytes,
      skipBits,
      module,
      from: picture.transferSyntaxUid,
      header: await headerOf(archive, picture, index),
      inflated: index.deflated,
      frame: frame - 1,
      patient: annotation.includes('patient') && picture.zone === 'landing',
      technique: annotation.includes('technique'),
    },
    signal,
  );
  return Buffer.from(rendered.buffer, rendered.byteOffset, rendered.byteLength);
}

function viewportOf({ width = MAX_SIDE, height = MAX_SIDE, source }: View, module: ImagePixelModule): Viewport {
  if (!source) return { width, height };
  const region = regionOf(source, module);
  // Without a size the region keeps its own.
  const own = width === MAX_SIDE && height === MAX_SIDE;
  const side = (length: number): number => Math.max(1, Math.round(Math.abs(length)));
  return own ? { width: side(region.width), height: side(region.height), region } : { width, height, region };
}

function regionOf({ left, top, width, height, unit }: SourceRegion, { columns, rows }: ImagePixelModule) {
  const [across, down] = unit === 'part' ? [columns, rows] : [1, 1];
  const [x, y] = [left * across, top * down];
  if (x >= columns || y >= rows) {
    const problem = `lies outside of the picture of ${columns} by ${rows} pixels`;
    throw new Problem('invalid-request', {
      fields: [{ field: unit === 'part' ? 'query.region' : 'query.viewport', problem }],
    });
  }
  return {
    x,
    y,
    width: width === null ? columns - x : width * across,
    height: height === null ? rows - y : height * down,
  };
}

async function headerOf(
  { objects }: Archive,
  picture: Picture,
  { offset, deflated }: FrameIndex,
): Promise<Buffer<ArrayBuffer>> {
  if (offset > HEADER_LIMIT) throw new RenderError('The header is too large to be read for a picture');
  const range = { start: 0, end: offset };
  return deflated
    ? readInflated(objects, picture, range)
    : ((await objects.read(picture.sha256, range)) as Buffer<ArrayBuffer>);
}
