import { type DataSet, ExplicitVRLittleEndian, readDataSet, readPart10, transferSyntaxOf } from '@isocenter/dicom';
import { decodeFrame, displayAttributesOf, type Raster, renderFrame } from '@isocenter/dicom/pixel';
import sharp, { type Sharp } from 'sharp';
import { annotationSvg, patientLines, techniqueLines } from '../features/archive/pixels/annotation.ts';
import type { FrameToRender } from '../features/archive/pixels/frame-tasks.ts';
import { Transferred } from '../platform/threads/index.ts';
import { codecs } from './thread-codecs.ts';

// Threads of the pool are the parallelism: more of libvips' own would only get in their way.
sharp.concurrency(1);
sharp.cache(false);

const PIXEL_DATA_GROUP = 0x7fe00000;
const DEFAULT_QUALITY = 90;

export async function run(input: FrameToRender): Promise<Transferred<Uint8Array<ArrayBuffer>>> {
  const { bytes, module, from, skipBits, frame, window, viewport } = input;
  const dataSet = headerOf(input);
  const decoded = await decodeFrame(codecs, bytes, module, from, { skipBits });
  const raster = renderFrame(decoded, displayAttributesOf(dataSet, frame), {
    frame,
    ...(window && { window }),
    ...(viewport && { viewport }),
  });
  const picture = new Uint8Array(await encoded(annotated(raster, input, dataSet), input));
  return new Transferred(picture, [picture.buffer]);
}

function headerOf({ header, inflated, from }: FrameToRender): DataSet {
  return inflated
    ? readDataSet(header, transferSyntaxOf(ExplicitVRLittleEndian))
    : readPart10(header, { stopBefore: PIXEL_DATA_GROUP, transferSyntaxUid: from }).dataSet;
}

function annotated(raster: Raster, { patient, technique, frame, module }: FrameToRender, dataSet: DataSet): Sharp {
  const { data, width, height } = raster;
  const picture = sharp(data, { raw: { width, height, channels: raster.channels === 1 ? 1 : 3 } });
  const text = {
    topLeft: patient ? patientLines(dataSet) : [],
    bottomLeft: technique ? techniqueLines(dataSet, frame + 1, module.numberOfFrames) : [],
  };
  // Without being told, libvips makes colour of it.
  if (raster.channels === 1) picture.toColourspace('b-w');
  if (text.topLeft.length + text.bottomLeft.length === 0) return picture;
  return picture.composite([{ input: Buffer.from(annotationSvg(text, width, height)) }]).removeAlpha();
}

function encoded(picture: Sharp, { type, quality = DEFAULT_QUALITY }: FrameToRender): Promise<Buffer> {
  // Full chroma: edges in colour Doppler and stained tissue are the picture.
  return (type === 'image/png' ? picture.png() : picture.jpeg({ quality, chromaSubsampling: '4:4:4' })).toBuffer();
}
