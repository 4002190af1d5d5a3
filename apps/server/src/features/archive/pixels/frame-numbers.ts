import { Problem } from '../../../platform/http/index.ts';

/** Frames of one request: one frame is held at a time, but the answer names them all. */
const MOST = 10_000;

/** The frame list of an address, `1,3,5` (PS3.18 10.1.2): numbers from 1, in the order wanted. */
export function frameNumbers(list: string): number[] {
  const numbers = list.split(',').map((text) => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : 0));
  if (numbers.some((number) => number < 1))
    throw invalid('is a list of frame numbers from 1, separated by commas, such as 1,3,5');
  if (numbers.length > MOST) throw invalid(`names more than ${MOST} frames`);
  return numbers;
}

const invalid = (problem: string): Problem =>
  new Problem('invalid-request', { fields: [{ field: 'path.frames', problem }] });

/** Refuses frames that an instance with so many of them has not. */
export function checkFrames(numbers: readonly number[], frames: number): void {
  const missing = numbers.find((number) => number > frames);
  if (missing !== undefined) throw new Problem('no-such-frame', { frame: missing, frames });
}
