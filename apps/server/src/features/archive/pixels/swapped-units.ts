/** A stream of bytes with those of each unit turned round; chunks may end within a unit. A last part of one stays as it is. */
export async function* swappedUnits(
  source: AsyncIterable<Uint8Array>,
  unit: 1 | 2 | 4 | 8,
): AsyncGenerator<Uint8Array, void, void> {
  if (unit === 1) {
    yield* source;
    return;
  }
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    const whole = Buffer.concat([rest, chunk]);
    const end = whole.length - (whole.length % unit);
    rest = whole.subarray(end);
    const ready = whole.subarray(0, end);
    if (unit === 2) ready.swap16();
    else if (unit === 4) ready.swap32();
    else ready.swap64();
    if (end > 0) yield ready;
  }
  if (rest.length > 0) yield rest;
}
