import { type RawBuilder, sql } from 'kysely';
import { Problem } from '../../../platform/http/index.ts';
import { isoDate, isoTime } from '../ingest/date-and-time.ts';
import { searchKey, withoutTrailingCarets } from '../ingest/search-key.ts';
import type { SearchAttribute } from './search-attributes.ts';

type Condition = RawBuilder<boolean>;

/** The SQL of one match of a search (PS3.4 C.2.2.2): single value, list of UIDs, wildcard, range. */
export function condition(attribute: SearchAttribute, value: string, fuzzy: boolean): Condition {
  const column = sql.ref(attribute.column);
  switch (attribute.matching) {
    case 'uid':
      return sql`${column} = any(${listOf(value)}::text[])`;
    case 'text':
      return textCondition(column, value);
    case 'key':
      return textCondition(column, searchKey(value));
    case 'name':
      return fuzzy ? fuzzyName(column, value) : nameCondition(column, value);
    case 'date':
      return rangeCondition(attribute, column, value, isoDate, 'date');
    case 'time':
      return rangeCondition(attribute, column, value, isoTime, 'time');
    case 'integer':
      return integerCondition(attribute, column, value);
    case 'any-of':
      return sql`${column} && ${listOf(value)}::text[]`;
  }
}

/** Lists stand with backslashes, or with commas as PS3.18 8.3.4.1 writes them. */
const listOf = (value: string): string[] => value.split(/[\\,]/).map((each) => each.trim());

const hasWildcard = (value: string): boolean => /[*?]/.test(value);
const likePattern = (value: string): string =>
  value
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');

function textCondition(column: RawBuilder<unknown>, value: string): Condition {
  const pattern = likePattern(value);
  return hasWildcard(value) ? sql`${column} like ${pattern}` : sql`${column} = ${value}`;
}

/** A name without `=` matches any of its groups; whether it ends there is up to the value. */
function nameCondition(column: RawBuilder<unknown>, value: string): Condition {
  const wanted = searchKey(withoutTrailingCarets(value));
  const pattern = likePattern(wanted);
  if (wanted.includes('=')) return hasWildcard(wanted) ? sql`${column} like ${pattern}` : sql`${column} = ${wanted}`;
  const alphabetic = hasWildcard(wanted)
    ? sql<boolean>`${column} like ${pattern} or ${column} like ${`${pattern}=%`}`
    : sql<boolean>`${column} = ${wanted} or ${column} like ${`${pattern}=%`}`;
  // Only a value beyond ASCII can mean the ideographic or phonetic group: the index by prefix stays of use for the rest.
  if (!/[^\0-\x7f]/.test(wanted)) return sql`(${alphabetic})`;
  return sql`(${alphabetic} or ${column} like ${`%=${pattern}`} or ${column} like ${`%=${pattern}=%`})`;
}

/** Every word of the value begins some word of the name, in any order. */
function fuzzyName(column: RawBuilder<unknown>, value: string): Condition {
  const words = searchKey(value)
    .split(/[\s^=*?,]+/)
    .filter(Boolean);
  if (words.length === 0) return sql`true`;
  const each = words.map((word) => {
    const pattern = likePattern(word);
    return sql`(${column} like ${`${pattern}%`} or ${column} like ${`%^${pattern}%`} or ${column} like ${`%=${pattern}%`} or ${column} like ${`% ${pattern}%`})`;
  });
  return sql`(${sql.join(each, sql` and `)})`;
}

function rangeCondition(
  attribute: SearchAttribute,
  column: RawBuilder<unknown>,
  value: string,
  parse: (text: string) => string | undefined,
  type: 'date' | 'time',
): Condition {
  const cast = sql.raw(type);
  const bound = (text: string): string => {
    const parsed = parse(text);
    if (parsed === undefined) throw invalid(attribute, `is no ${type} of DICOM, nor a range of two`);
    return parsed;
  };
  const dash = value.indexOf('-');
  if (dash < 0) {
    const only = bound(value);
    // A time of less precision stands for all it could be.
    if (type === 'time') return sql`${column} between ${only}::time and ${latest(value, only)}::time`;
    return sql`${column} = ${only}::${cast}`;
  }
  const [from, to] = [value.slice(0, dash), value.slice(dash + 1)];
  if (from === '' && to === '') throw invalid(attribute, 'is a range without bounds');
  if (from === '') return sql`${column} <= ${type === 'time' ? latest(to, bound(to)) : bound(to)}::${cast}`;
  if (to === '') return sql`${column} >= ${bound(from)}::${cast}`;
  return sql`${column} between ${bound(from)}::${cast} and ${type === 'time' ? latest(to, bound(to)) : bound(to)}::${cast}`;
}

/** The last moment that a time given to the hour, minute or second stands for. */
function latest(given: string, iso: string): string {
  const digits = given.replace(/[^0-9]/g, '').length;
  if (digits <= 2) return `${iso.slice(0, 2)}:59:59.999999`;
  if (digits <= 4) return `${iso.slice(0, 5)}:59.999999`;
  return given.includes('.') ? iso : `${iso.slice(0, 8)}.999999`;
}

function integerCondition(attribute: SearchAttribute, column: RawBuilder<unknown>, value: string): Condition {
  if (!/^[+-]?\d{1,9}$/.test(value.trim())) throw invalid(attribute, 'must be a whole number');
  return sql`${column} = ${Number(value)}`;
}

const invalid = (attribute: SearchAttribute, problem: string): Problem =>
  new Problem('invalid-request', { fields: [{ field: `query.${attribute.keyword}`, problem }] });
