/** Makes results a few at a time and gives them in order; when one fails or the caller stops, the rest is left alone. */
export async function* inOrder<T>(
  count: number,
  ahead: number,
  make: (i: number) => Promise<T>,
): AsyncGenerator<T, void, void> {
  const making: Promise<T>[] = [];
  for (let next = 0, given = 0; given < count; given++) {
    for (; next < count && next - given < ahead; next++) {
      const result = make(next);
      // One that is never awaited must not count as unhandled.
      result.catch(() => undefined);
      making.push(result);
    }
    yield (await making.shift()) as T;
  }
}
