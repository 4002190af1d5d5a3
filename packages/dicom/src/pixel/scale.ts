/** A part of a picture; a negative width or height mirrors it (PS3.18 8.3.5.1.3). */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels of 8 bits, `channels` of them together. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Which samples of a line make up each sample of the scaled one, and with what weight. */
interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `most` for each target sample. */
  readonly weights: Float32Array;
  readonly most: number;
}

/**
 * Scales a region of a picture to a size: each side by the average of the area that a pixel covers where it gets
 * smaller, linearly between neighbours where it grows.
 */
export function scale(source: Raster, region: Region, width: number, height: number): Raster {
  const across = taps(region.x, region.width, source.width, width);
  const down = taps(region.y, region.height, source.height, height);
  const { channels } = source;
  const line = width * channels;
  const data = new Uint8Array(line * height);
  const lines = new Map<number, Float32Array>();
  const sum = new Float32Array(line);
  for (let y = 0; y < height; y++) {
    sum.fill(0.5);
    const first = down.starts[y]!;
    for (let i = 0; i < down.counts[y]!; i++) {
      const weight = down.weights[y * down.most + i]!;
      const scaled = lines.get(first + i) ?? scaledLine(source, first + i, across, width);
      if (!lines.has(first + i)) lines.set(first + i, scaled);
      for (let x = 0; x < line; x++) sum[x]! += weight * scaled[x]!;
    }
    data.set(sum, y * line);
    forget(lines, first, first + down.counts[y]!);
  }
  return { width, height, channels, data };
}

/** Lines that the next target line may need are those of this one. */
function forget(lines: Map<number, Float32Array>, from: number, to: number): void {
  for (const row of lines.keys()) if (row < from || row >= to) lines.delete(row);
}

function scaledLine(source: Raster, row: number, across: Taps, width: number): Float32Array {
  const { channels, data } = source;
  const out = new Float32Array(width * channels);
  const base = row * source.width * channels;
  for (let x = 0; x < width; x++) {
    for (let i = 0; i < across.counts[x]!; i++) {
      const weight = across.weights[x * across.most + i]!;
      const from = base + (across.starts[x]! + i) * channels;
      for (let c = 0; c < channels; c++) out[x * channels + c]! += weight * data[from + c]!;
    }
  }
  return out;
}

function taps(start: number, length: number, available: number, target: number): Taps {
  const size = Math.abs(length);
  const step = size / target;
  const most = Math.ceil(Math.max(step, 1)) + 2;
  const starts = new Int32Array(target);
  const counts = new Int32Array(target);
  const weights = new Float32Array(target * most);
  for (let i = 0; i < target; i++) {
    const place = length < 0 ? target - 1 - i : i;
    const [from, to] = [start + place * step, start + (place + 1) * step];
    // Growing: a window of one pixel around the middle covers its two neighbours in proportion to their distance.
    const middle = (from + to) / 2;
    const [a, b] = step >= 1 ? [from, to] : [middle - 0.5, middle + 0.5];
    const first = Math.max(0, Math.min(available - 1, Math.floor(a)));
    const last = Math.max(first, Math.min(available - 1, Math.ceil(b) - 1));
    starts[i] = first;
    counts[i] = last - first + 1;
    let total = 0;
    for (let s = first; s <= last; s++) {
      const weight = Math.max(0, Math.min(b, s + 1) - Math.max(a, s));
      weights[i * most + s - first] = weight;
      total += weight;
    }
    // Past the edge the outermost pixel goes on.
    if (total === 0) weights[i * most] = 1;
    else for (let k = 0; k < counts[i]!; k++) weights[i * most + k]! /= total;
  }
  return { starts, counts, weights, most };
}
