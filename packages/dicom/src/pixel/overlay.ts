import type { DataSet } from '../model.ts';
import { tag } from '../tag.ts';
import { firstNumber, numbersOf } from '../value.ts';
import type { DecodedFrame } from './decoded-frame.ts';

/** An overlay plane (PS3.3 C.9.2). */
export interface Overlay {
  readonly rows: number;
  readonly columns: number;
  /** Of its first pixel in the picture, from 1. */
  readonly originRow: number;
  readonly originColumn: number;
  /** Frames it has, and the picture's frame (from 0) that the first of them belongs to; one overlay frame is for all. */
  readonly frames: number;
  readonly firstFrame: number;
  /** One bit a pixel; absent where the overlay is a bit of the pixel data (retired). */
  readonly data?: Uint8Array;
  readonly bitPosition: number;
}

/** The overlays of groups 6000 to 601E. */
export function overlaysOf(dataSet: DataSet): Overlay[] {
  const overlays: Overlay[] = [];
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    const number = (element: number): number | undefined => firstNumber(dataSet, tag(group, element));
    const [rows, columns] = [number(0x0010), number(0x0011)];
    if (!rows || !columns) continue;
    const [originRow = 1, originColumn = 1] = numbersOf(dataSet, tag(group, 0x0050));
    const frames = Math.max(1, number(0x0015) ?? 1);
    const data = dataSet.elements.get(tag(group, 0x3000))?.value;
    overlays.push({
      rows,
      columns,
      originRow,
      originColumn,
      frames,
      firstFrame: (number(0x0051) ?? 1) - 1,
      bitPosition: number(0x0102) ?? 0,
      ...(data ? { data } : {}),
    });
  }
  return overlays;
}

/** Where the overlay is set on frame `frame` of the picture, it is drawn white into `gray` (`channels` a pixel). */
export function drawOverlay(
  overlay: Overlay,
  source: DecodedFrame,
  frame: number,
  picture: Uint8Array,
  channels: number,
): void {
  const shown = overlay.frames === 1 ? 0 : frame - overlay.firstFrame;
  if (shown < 0 || shown >= overlay.frames) return;
  const isSet = bitsOf(overlay, source, shown);
  for (let row = 0; row < overlay.rows; row++) {
    const y = row + overlay.originRow - 1;
    if (y < 0 || y >= source.rows) continue;
    for (let column = 0; column < overlay.columns; column++) {
      const x = column + overlay.originColumn - 1;
      if (x < 0 || x >= source.columns || !isSet(row * overlay.columns + column, y * source.columns + x)) continue;
      const at = (y * source.columns + x) * channels;
      picture.fill(255, at, at + Math.min(channels, 3));
    }
  }
}

function bitsOf(overlay: Overlay, source: DecodedFrame, shown: number): (own: number, pixel: number) => boolean {
  const { data, bitPosition } = overlay;
  if (!data) return (_, pixel) => ((source.pixels[pixel]! >> bitPosition) & 1) === 1;
  const first = shown * overlay.rows * overlay.columns;
  return (own) => (((data[(first + own) >> 3] ?? 0) >> ((first + own) & 7)) & 1) === 1;
}
