import { en } from './en.ts';

/** A text, or its forms by plural category of `count` (Unicode CLDR). */
export type Text = string | { readonly one: string; readonly other: string };

type Catalogue = typeof en;
export type TextKey = keyof Catalogue;

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Placeholders<T> = T extends string
  ? Names<T>
  : T extends { one: infer One; other: infer Other }
    ? Names<One> | Names<Other> | 'count'
    : never;
type Values<K extends TextKey> = { [Name in Placeholders<Catalogue[K]>]: string | number };
/** The keys of texts without placeholders: what a table of labels may hold. */
export type PlainKey = { [K in TextKey]: [Placeholders<Catalogue[K]>] extends [never] ? K : never }[TextKey];
type Arguments<K extends TextKey> = [Placeholders<Catalogue[K]>] extends [never] ? [] : [values: Values<K>];

const language = 'en';
const plural = new Intl.PluralRules(language);
const integer = new Intl.NumberFormat(language);

/** The text of `key` with its `{placeholders}` filled in; numbers are grouped by thousands. */
export function t<K extends TextKey>(key: K, ...[values]: Arguments<K>): string {
  return fill(en[key], values ?? {});
}

/** Looks a text up by a key known only at run time, such as a code that a server sent. */
export function textOf(key: string): string | undefined {
  const text: Text | undefined = (en as Record<string, Text>)[key];
  return text === undefined ? undefined : fill(text, {});
}

function fill(text: Text, values: Readonly<Record<string, string | number>>): string {
  const form = typeof text === 'string' ? text : text[plural.select(Number(values.count)) === 'one' ? 'one' : 'other'];
  return form.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? integer.format(value) : value;
  });
}
