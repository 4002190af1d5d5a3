import { t } from './t.ts';

const number = new Intl.NumberFormat('en');
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });

export function formatNumber(value: number): string {
  return number.format(value);
}

/** Decimal units (1 MB = 10^6 bytes), as storage is sold and as most systems show it. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? oneDigit.format(value) : number.format(Math.round(value))} ${units[unit]}`;
}

/** Local date and time without seconds, `2026-11-23 14:05`: unambiguous in every country. */
export function formatDateTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `5 min ago`; within a minute, `now`. */
export function formatAgo(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) {
      // The abbreviating dots of `5 min. ago` only make noise in a column.
      return relative.format(Math.trunc(seconds / size), unit).replace('.', '');
    }
  }
  return t('time.now');
}

/** A length of time in at most two units: `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return pair(Math.floor(whole / 60), 'min', whole % 60, 's');
  if (whole < 86_400) return pair(Math.floor(whole / 3_600), 'h', Math.floor((whole % 3_600) / 60), 'min');
  return pair(Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3_600), 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/**
 * A person name as people read it: `Family, Given Middle`. The value is PS3.5 6.2.1's
 * `family^given^middle^prefix^suffix`; ideographic and phonetic groups follow after `=` and are kept in brackets.
 */
export function formatPersonName(name: string): string {
  const groups = name.split('=').map((group) => {
    const [family = '', given = '', middle = '', prefix = '', suffix = ''] = group
      .split('^')
      .map((part) => part.trim());
    const first = [prefix, given, middle].filter(Boolean).join(' ');
    return [family, first, suffix].filter(Boolean).join(', ');
  });
  const [main = '', ...others] = groups.filter(Boolean);
  return others.length > 0 ? `${main} (${others.join(', ')})` : main;
}

/** Whole years between two `YYYY-MM-DD` dates, or null when either is missing or the order is wrong. */
export function ageAt(birthDate: string | null, date: string | null): number | null {
  if (!birthDate || !date || birthDate > date) return null;
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
