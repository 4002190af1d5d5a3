/** Search parameters as the address bar has them: text, or a list of texts where a name repeats. */
export type RawSearch = Readonly<Record<string, string | readonly string[]>>;

export function parseSearch(text: string): RawSearch {
  const search: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = search[name];
    if (before === undefined) search[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else search[name] = [before, value];
  }
  return search;
}

/** Readable addresses: `?zone=landing&zone=staging&sort=-size`; what is empty is left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '') continue;
    for (const item of Array.isArray(value) ? value : [value]) parameters.append(name, String(item));
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}

export function textOfSearch(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first !== '' ? first : undefined;
}

export function textsOfSearch(value: unknown): string[] | undefined {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  const texts = all.filter((item): item is string => typeof item === 'string' && item !== '');
  return texts.length > 0 ? texts : undefined;
}

export function wholeNumberOfSearch(value: unknown, least: number, most: number): number | undefined {
  const number = Number(textOfSearch(value) ?? value);
  return Number.isInteger(number) && number >= least && number <= most ? number : undefined;
}

export function oneOf<T extends string>(allowed: readonly T[], value: unknown): T | undefined {
  const text = textOfSearch(value);
  return allowed.find((item) => item === text);
}

/** Drops names without a value, as the types ask for with exact optional properties. */
export function compact<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
