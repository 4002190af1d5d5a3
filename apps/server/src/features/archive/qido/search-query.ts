import { parseTag, tagHex, tagOf } from '@isocenter/dicom';
import { Problem } from '../../../platform/http/index.ts';
import {
  isWithin,
  type Level,
  type SearchAttribute,
  searchAttributeOf,
  searchAttributes,
} from './search-attributes.ts';

/** A search as the address gives it (PS3.18 8.3.4), parsed. */
export interface SearchQuery {
  readonly level: Level;
  readonly matches: readonly { readonly attribute: SearchAttribute; readonly value: string }[];
  /** Attributes wanted beside the usual ones, as tags of the DICOM JSON model. */
  readonly include: ReadonlySet<string>;
  readonly includeAll: boolean;
  readonly fuzzy: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** Answers without a stated limit; a search without end is rarely meant. */
export const DEFAULT_LIMIT = 5_000;
export const HIGHEST_LIMIT = 50_000;

type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** @throws Problem that names every parameter that isn't understood: ignoring one would answer more than was asked for. */
export function parseSearch(level: Level, parameters: Parameters): SearchQuery {
  const problems: { field: string; problem: string }[] = [];
  const matches: { attribute: SearchAttribute; value: string }[] = [];
  const include = new Set<string>();
  let includeAll = false;
  for (const [name, given] of Object.entries(parameters)) {
    const values = given === undefined ? [] : typeof given === 'string' ? [given] : given;
    if (name === 'includefield') {
      for (const field of values.flatMap((value) => value.split(','))) {
        if (field.trim() === 'all') includeAll = true;
        else addField(include, field.trim(), problems);
      }
    } else if (!RESERVED.has(name)) addMatches(level, matches, name, values, problems);
  }
  const limit = wholeNumber(parameters, 'limit', problems) ?? DEFAULT_LIMIT;
  const offset = wholeNumber(parameters, 'offset', problems) ?? 0;
  const fuzzy = flag(parameters, 'fuzzymatching', problems);
  for (const name of ['emptyvaluematching', 'multiplevaluematching']) {
    if (flag(parameters, name, problems)) problems.push({ field: `query.${name}`, problem: 'is not supported' });
  }
  if (problems.length > 0) throw new Problem('invalid-request', { fields: problems });
  return { level, matches, include, includeAll, fuzzy, limit: Math.min(limit, HIGHEST_LIMIT), offset };
}

const RESERVED = new Set([
  'limit',
  'offset',
  'fuzzymatching',
  'accept',
  'emptyvaluematching',
  'multiplevaluematching',
  'zone',
]);

function addMatches(
  level: Level,
  matches: { attribute: SearchAttribute; value: string }[],
  name: string,
  values: readonly string[],
  problems: { field: string; problem: string }[],
): void {
  const attribute = searchAttributeOf(name);
  if (!attribute || !isWithin(attribute.level, level)) {
    const known = searchAttributes.filter((each) => isWithin(each.level, level)).map(({ keyword }) => keyword);
    problems.push({
      field: `query.${name.slice(0, 64)}`,
      problem: `is nothing to search ${level} level by; there are ${known.join(', ')}`,
    });
    return;
  }
  if (values.some((value) => value.includes('\0'))) {
    problems.push({ field: `query.${attribute.keyword}`, problem: 'holds a character that no value has' });
    return;
  }
  // An empty value matches everything (PS3.4 C.2.2.2.3).
  for (const value of values) if (value !== '' && value !== '*') matches.push({ attribute, value });
}

function addField(include: Set<string>, field: string, problems: { field: string; problem: string }[]): void {
  // Of an attribute within a sequence the whole sequence is answered.
  const outermost = field.split('.')[0]!;
  const tag = parseTag(outermost) ?? tagOf(outermost);
  if (tag === undefined)
    problems.push({ field: 'query.includefield', problem: 'names what is neither a keyword nor a tag' });
  else include.add(tagHex(tag));
}

function wholeNumber(
  parameters: Parameters,
  name: string,
  problems: { field: string; problem: string }[],
): number | undefined {
  const given = parameters[name];
  if (given === undefined) return undefined;
  const number = typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (!Number.isNaN(number)) return number;
  problems.push({ field: `query.${name}`, problem: 'must be a whole number' });
  return undefined;
}

function flag(parameters: Parameters, name: string, problems: { field: string; problem: string }[]): boolean {
  const given = parameters[name] ?? 'false';
  if (given !== 'true' && given !== 'false')
    problems.push({ field: `query.${name}`, problem: 'is neither true nor false' });
  return given === 'true';
}
