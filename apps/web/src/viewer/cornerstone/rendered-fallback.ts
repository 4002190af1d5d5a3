import { imageLoader, metaData, type Types, utilities } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import { client } from '../../api/client.ts';
import { problemOf } from '../../api/problem.ts';
import { t } from '../../text/t.ts';
import { noteTold, noteTrouble, reasonOf } from './failures.ts';

/** Answers after which the rendered picture would be refused too. */
const hopeless = new Set([0, 401, 403, 404]);

/**
 * Puts a second chance behind the loader of stored frames: a frame that can't be decoded here is shown as the server
 * renders it. What happened is noted for the page to tell.
 */
export function addRenderedFallback(): void {
  imageLoader.registerImageLoader('wadors', (imageId, options) => {
    const { promise } = wadors.loadImage(imageId, options);
    const checked = (promise as Promise<Types.IImage>).then(assertWhole);
    return { promise: checked.catch((error: unknown) => loadRendered(imageId, error)) };
  });
}

/** Some decoders give less than the picture without an error; WebGL would then show nothing at all. */
function assertWhole(image: Types.IImage): Types.IImage {
  const wanted = image.rows * image.columns * image.numberOfComponents;
  if (!Number.isFinite(image.minPixelValue) || image.getPixelData().length < wanted) {
    throw new Error(t('viewer.failed.incomplete'));
  }
  return image;
}

async function loadRendered(imageId: string, error: unknown): Promise<Types.IImage> {
  const first = reasonOf(error);
  try {
    if (error instanceof XMLHttpRequest && hopeless.has(error.status)) throw error;
    const path = `${imageId.slice('wadors:'.length)}/rendered`;
    const response = await client.fetch(path, { headers: { accept: 'image/png, image/jpeg;q=0.9' } });
    const image = await imageOf(imageId, await response.blob());
    noteTrouble(imageId, { kind: 'rendered', ...first });
    return image;
  } catch (second) {
    const { reason, requestId } = reasonOf(second);
    // The server's word on why it can't render tells more than what its picture lacked here.
    const trouble = problemOf(second) && reason ? { reason, requestId } : first;
    noteTrouble(imageId, { kind: 'failed', ...trouble });
    noteTold(second);
    throw second;
  }
}

/** Makes a Cornerstone image out of a picture file, with one component where it has no colour. */
async function imageOf(imageId: string, file: Blob): Promise<Types.IImage> {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('No canvas');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const color = !isGrey(data);
  const inverted = metaData.get('imagePixelModule', imageId)?.photometricInterpretation === 'MONOCHROME1';
  // The viewport turns MONOCHROME1 around; the server has done so already.
  const pixels = color ? rgbOf(data) : greyOf(data, inverted);
  const numberOfComponents = color ? 3 : 1;
  const plane = metaData.get('imagePlaneModule', imageId) ?? {};
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    scalarData: pixels,
    width,
    height,
    numberOfComponents,
  });
  const image = {
    imageId,
    color,
    rgba: false,
    numberOfComponents,
    rows: height,
    columns: width,
    height,
    width,
    slope: 1,
    intercept: 0,
    minPixelValue: 0,
    maxPixelValue: 255,
    windowCenter: 127.5,
    windowWidth: 255,
    voiLUTFunction: 'LINEAR_EXACT',
    invert: inverted,
    columnPixelSpacing: plane.columnPixelSpacing,
    rowPixelSpacing: plane.rowPixelSpacing,
    sizeInBytes: pixels.byteLength,
    dataType: 'Uint8Array',
    preScale: { enabled: false },
    imageFrame: { pixelData: pixels, rows: height, columns: width },
    voxelManager,
    getPixelData: () => pixels,
    getCanvas: undefined,
  };
  return image as object as Types.IImage;
}

function isGrey(rgba: Uint8ClampedArray): boolean {
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at] !== rgba[at + 1] || rgba[at] !== rgba[at + 2]) return false;
  }
  return true;
}

function greyOf(rgba: Uint8ClampedArray, inverted: boolean): Uint8Array {
  const grey = new Uint8Array(rgba.length / 4);
  for (let at = 0; at < grey.length; at += 1) {
    const value = rgba[at * 4] ?? 0;
    grey[at] = inverted ? 255 - value : value;
  }
  return grey;
}

function rgbOf(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}
