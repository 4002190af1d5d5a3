import { describe, expect, test } from 'vitest';
import type { Fragment } from '../model.ts';
import { basicOffsetTable, frameFragments, frameSpan, joinFragments } from './frame-fragments.ts';
import { DecodeError } from './pixel-error.ts';

/** Encapsulated pixel data of these fragments, the first being the Basic Offset Table, as a file holds them. */
function encapsulated(...values: number[][]): { bytes: Uint8Array; fragments: Fragment[] } {
  const bytes: number[] = [];
  const fragments = values.map((value) => {
    bytes.push(0xfe, 0xff, 0x00, 0xe0, value.length, 0, 0, 0);
    const fragment = { offset: bytes.length, length: value.length };
    bytes.push(...value);
    return fragment;
  });
  return { bytes: Uint8Array.from(bytes), fragments };
}

const offsets32 = (...offsets: number[]): number[] => [...new Uint8Array(Uint32Array.from(offsets).buffer)];
const offsets64 = (...offsets: number[]): Uint8Array => new Uint8Array(BigUint64Array.from(offsets.map(BigInt)).buffer);
const start = [0xff, 0xd8, 0xff, 0xe0];
const end = [1, 2, 0xff, 0xd9];

async function grouped(values: number[][], numberOfFrames: number, more: object = {}): Promise<number[][][]> {
  const { bytes, fragments } = encapsulated(...values);
  const read = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
  const frames = await frameFragments({ fragments, numberOfFrames, read, ...more });
  return frames.map((frame) => frame.map(({ offset, length }) => [...read(offset, length)]));
}

describe('[ARCH-6] the fragments of a frame', () => {
  const [a, b, c] = [
    [1, 1],
    [2, 2],
    [3, 3],
  ] as const;

  test('a single frame is made of all of them', async () => {
    expect(await grouped([[], [...a], [...b]], 1)).toEqual([[a, b]]);
  });

  test('as many fragments as frames are one each, whatever a wrong offset table says', async () => {
    expect(await grouped([[], [...a], [...b]], 2)).toEqual([[a], [b]]);
    expect(await grouped([offsets32(0, 4), [...a], [...b]], 2)).toEqual([[a], [b]]);
    expect(await grouped([offsets32(0), [...a], [...b]], 2)).toEqual([[a], [b]]);
  });

  test('the Basic Offset Table tells them apart', async () => {
    expect(await grouped([offsets32(0, 20), [...a], [...b], [...c]], 2)).toEqual([[a, b], [c]]);
    expect(await grouped([offsets32(0, 10), [...a], [...b], [...c]], 2)).toEqual([[a], [b, c]]);
  });

  test('the Extended Offset Table comes first, and its lengths leave padding out', async () => {
    const more = { extendedOffsetTable: offsets64(0, 10), extendedOffsetTableLengths: offsets64(1, 2) };
    expect(await grouped([[], [...a], [...b]], 2, more)).toEqual([[[1]], [b]]);
    expect(await grouped([[], [...a], [...b]], 2, { extendedOffsetTable: offsets64(0, 11) })).toEqual([[a], [b]]);
  });

  test('without tables, the markers that a picture starts and ends with do', async () => {
    expect(await grouped([[], start, end, start, end], 2)).toEqual([
      [start, end],
      [start, end],
    ]);
    const nameless = [9, 9];
    expect(await grouped([[], nameless, end, nameless, nameless, [...end, 0]], 2)).toEqual([
      [nameless, end],
      [nameless, nameless, [...end, 0]],
    ]);
  });

  test('what can’t be told apart is an error', async () => {
    await expect(grouped([[], [...a], [...b], [...c]], 2)).rejects.toThrow(DecodeError);
    await expect(grouped([[]], 1)).rejects.toThrow(DecodeError);
  });

  test('a frame is one span to read, and joined from it', () => {
    const { bytes, fragments } = encapsulated([], [1, 2], [3, 4], [5, 6]);
    const frame = fragments.slice(1, 3);
    const { offset, length } = frameSpan(frame);
    expect([...joinFragments(bytes.subarray(offset, offset + length), frame)]).toEqual([1, 2, 3, 4]);
  });

  test('a Basic Offset Table is written for frames of a fragment each, up to 4 GiB', () => {
    expect([...new Uint32Array(basicOffsetTable([3, 10, 7])?.buffer ?? [])]).toEqual([0, 12, 30]);
    expect(basicOffsetTable([2 ** 32, 10])).toBeUndefined();
  });
});
