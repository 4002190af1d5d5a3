import { saveText } from '../parts/save-text.ts';

type Cell = string | number | null;

/** A table as RFC 4180 text. Cells that a spreadsheet would run as a formula are defused by an apostrophe. */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map(cell).join(',')).join('\r\n');
}

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands a table to the browser as a file. The byte order mark tells Excel that it is UTF-8. */
export function saveCsv(name: string, rows: readonly (readonly Cell[])[]): void {
  saveText(name, `\ufeff${toCsv(rows)}`, 'text/csv');
}
