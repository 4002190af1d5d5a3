/**
 * Keeps the last thing made, for whoever asks for the same again: the scans of one patient follow one another, and share
 * what does not change in a body.
 */
export function rememberLast<T>(): (key: string, make: () => T) => T {
  let last: { readonly key: string; readonly value: T } | undefined;
  return (key, make) => {
    if (last?.key === key) return last.value;
    last = undefined;
    const value = make();
    last = { key, value };
    return value;
  };
}
