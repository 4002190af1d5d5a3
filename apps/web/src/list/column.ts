import type { ReactNode } from 'react';

/** One column of a list. */
export interface Column<Row, Sort extends string = string> {
  readonly id: string;
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** What the server sorts by when the heading is pressed. */
  readonly sort?: Sort;
  /** Numbers and times are first wanted from the largest. */
  readonly descendingFirst?: boolean;
  readonly align?: 'end';
  /** CSS width; the one column without takes what is left. */
  readonly width?: string;
  /** 1 stays longest when the room gets narrow, 4 goes first. */
  readonly priority: 1 | 2 | 3 | 4;
  /** Not shown until it is chosen. */
  readonly optional?: boolean;
  /** How the cell reads in an exported table. */
  readonly plain: (row: Row) => string | number | null;
}
