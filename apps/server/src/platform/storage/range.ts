/** Bytes from `start` up to but not including `end`, as `Buffer.subarray` counts; without `end`, to the object's end. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

/** Throws a `RangeError` for what can't be a range: negative, fractional, or backwards. */
export function checkRange(range: ByteRange | undefined): void {
  if (range === undefined) return;
  const { start, end } = range;
  const valid = Number.isSafeInteger(start) && start >= 0 && (end === undefined || Number.isSafeInteger(end));
  if (!valid || (end !== undefined && end < start)) throw new RangeError(`not a byte range: ${start} to ${end}`);
}

/** The part of the range that lies in an object of this size; beyond the end nothing is left, as with `subarray`. */
export function clampRange(range: ByteRange | undefined, size: number): { start: number; end: number } {
  checkRange(range);
  const start = Math.min(range?.start ?? 0, size);
  return { start, end: Math.max(start, Math.min(range?.end ?? size, size)) };
}
