import { toRgb } from './color.ts';
import type { DecodedFrame } from './decoded-frame.ts';
import type { DisplayAttributes } from './display-attributes.ts';
import { grayscale } from './grayscale.ts';
import { drawOverlay } from './overlay.ts';
import { paletteToRgb } from './palette.ts';
import { RenderError } from './pixel-error.ts';
import { type Raster, type Region, scale } from './scale.ts';
import { isSoundWindow, type Window } from './voi.ts';

/** Where the picture is to fit, and which part of it is wanted (PS3.18 8.3.5.1.3). */
export interface Viewport {
  /** Absent: as wide as the height asks for; with neither, the pixels of the picture are kept. */
  readonly width?: number;
  readonly height?: number;
  /** Default: the whole picture. */
  readonly region?: Region;
}

export interface RenderOptions {
  /** Instead of the data set's own window or VOI table. */
  readonly window?: Window;
  readonly viewport?: Viewport;
  /** Draw the overlays of the data set. */
  readonly overlays?: boolean;
  /** Which of the instance's frames this is, from 0, for its overlays. */
  readonly frame?: number;
  /** Default: 1 for gray, 3 for colour. 4 adds an opaque alpha, for a canvas. */
  readonly channels?: 1 | 3 | 4;
}

/** The largest side of a rendered picture. */
const maxSide = 16384;

/**
 * Renders a frame as 8-bit pixels (PS3.18 8.3.5, PS3.4 N.2). A viewport is filled as far as the picture's proportions
 * allow, pixels that aren't square counted in; nothing is padded. A window doesn't apply to colour.
 */
export function renderFrame(frame: DecodedFrame, display: DisplayAttributes, options: RenderOptions = {}): Raster {
  if (options.window && !isSoundWindow(options.window)) throw new RenderError("A window without width can't be shown");
  const picture = frame.samples === 1 ? oneSample(frame, display, options.window) : threeSamples(frame);
  if (options.overlays) {
    for (const overlay of display.overlays)
      drawOverlay(overlay, frame, options.frame ?? 0, picture.data, picture.channels);
  }
  const scaled = options.viewport ? fitted(picture, options.viewport, display.pixelAspectRatio) : picture;
  return withChannels(scaled, options.channels ?? scaled.channels);
}

function oneSample(frame: DecodedFrame, display: DisplayAttributes, window: Window | undefined): Raster {
  const { columns: width, rows: height } = frame;
  if (frame.photometricInterpretation === 'PALETTE COLOR') {
    if (!display.palette) throw new RenderError('PALETTE COLOR without a palette');
    return { width, height, channels: 3, data: paletteToRgb(frame, display.palette) };
  }
  return { width, height, channels: 1, data: grayscale(frame, display, window) };
}

function threeSamples(frame: DecodedFrame): Raster {
  const { columns: width, rows: height } = frame;
  const { pixels, bitsStored, bitsAllocated } = toRgb(frame);
  if (bitsAllocated === 8 && bitsStored === 8) {
    return { width, height, channels: 3, data: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length) };
  }
  const most = 2 ** bitsStored - 1;
  return { width, height, channels: 3, data: Uint8Array.from(pixels, (value) => Math.round((value * 255) / most)) };
}

function fitted(picture: Raster, viewport: Viewport, pixelAspectRatio: number): Raster {
  const across = viewport.width ?? maxSide;
  const down = viewport.height ?? maxSide;
  if (!isSide(across) || !isSide(down)) throw new RenderError(`A viewport of ${across} by ${down} can't be filled`);
  const region = clipped(viewport.region ?? { x: 0, y: 0, width: picture.width, height: picture.height }, picture);
  const [width, height] = [Math.abs(region.width), Math.abs(region.height) * pixelAspectRatio];
  const free = viewport.width === undefined && viewport.height === undefined;
  const factor = Math.min(free ? 1 : Number.POSITIVE_INFINITY, across / width, down / height);
  const side = (length: number, most: number): number => Math.min(most, Math.max(1, Math.round(length * factor)));
  return scale(picture, region, side(width, across), side(height, down));
}

const isSide = (pixels: number): boolean => Number.isInteger(pixels) && pixels >= 1 && pixels <= maxSide;

/** The region within the picture; its sign, which mirrors, stays. */
function clipped({ x, y, width, height }: Region, picture: Raster): Region {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const right = Math.min(picture.width, x + Math.abs(width));
  const bottom = Math.min(picture.height, y + Math.abs(height));
  if (!(right > left && bottom > top)) throw new RenderError('The region lies outside of the picture');
  return { x: left, y: top, width: (right - left) * Math.sign(width), height: (bottom - top) * Math.sign(height) };
}

function withChannels(picture: Raster, channels: number): Raster {
  if (channels === picture.channels) return picture;
  const { width, height, data } = picture;
  const count = width * height;
  const out = new Uint8Array(count * channels);
  if (channels === 1) {
    // ITU-R BT.601 luma, in 1/256.
    for (let i = 0; i < count; i++) out[i] = (77 * data[i * 3]! + 150 * data[i * 3 + 1]! + 29 * data[i * 3 + 2]!) >> 8;
    return { width, height, channels, data: out };
  }
  const from = picture.channels;
  const [green, blue] = from === 1 ? [0, 0] : [1, 2];
  for (let i = 0; i < count; i++) {
    const [source, to] = [i * from, i * channels];
    out[to] = data[source]!;
    out[to + 1] = data[source + green]!;
    out[to + 2] = data[source + blue]!;
    if (channels === 4) out[to + 3] = 255;
  }
  return { width, height, channels, data: out };
}
