import type { JsonValue } from '@isocenter/dicom';

/**
 * The form in which names and descriptions are compared: upper case, without accents (PS3.4 C.2.2.2.1 leaves the
 * matching of names to the archive). Components without content at the end of a name do not count.
 */
export function searchKey(text: string): string {
  return text.replaceAll('\0', '').normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase().trim();
}

/** The search key of a person's name: its groups, joined by `=`. */
export function nameKey(name: JsonValue | undefined): string {
  if (name === null || typeof name !== 'object') return searchKey(String(name ?? ''));
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = name as Record<string, string>;
  return [Alphabetic, Ideographic, Phonetic].map(withoutTrailingCarets).map(searchKey).join('=').replace(/=+$/, '');
}

export const withoutTrailingCarets = (name: string): string => name.replace(/[\^\s]+$/, '');
