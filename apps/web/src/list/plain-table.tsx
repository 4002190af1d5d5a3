import type { ReactNode } from 'react';
import { type PlainKey, t } from '../text/t.ts';
import classes from './data-table.module.css';

/** A heading; of a higher `priority` number it gives way first where there is no room. */
export interface Heading {
  readonly label: PlainKey;
  readonly width?: string;
  readonly priority: number;
}

interface PlainTableProps<Row> {
  readonly label: string;
  readonly headings: readonly Heading[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** The row whose preview is shown. */
  readonly current: string | undefined;
  /** The rows belong to what was asked before; the new ones are on their way. */
  readonly stale: boolean;
  readonly onPick: (row: Row) => void;
  /** The cells of a row. */
  readonly children: (row: Row) => ReactNode;
}

/** A table in an order of its own, with a current row. */
export function PlainTable<Row>({ headings, rows, idOf, current, stale, onPick, ...props }: PlainTableProps<Row>) {
  return (
    <table
      className={classes.table}
      aria-label={props.label}
      aria-busy={stale || undefined}
      data-stale={stale || undefined}
    >
      <thead>
        <tr>
          {headings.map(({ label, width, priority }) => (
            <th key={label} scope="col" style={width ? { width } : {}} data-priority={priority}>
              {t(label)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          // The row's link does the same by keyboard; a click anywhere is for the mouse.
          <tr
            key={idOf(row)}
            data-row={idOf(row)}
            data-current={idOf(row) === current || undefined}
            onClick={(event) => !(event.target instanceof Element && event.target.closest('a')) && onPick(row)}
          >
            {props.children(row)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
