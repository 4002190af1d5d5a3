import { Checkbox } from '@mantine/core';
import type { MouseEvent } from 'react';
import { t } from '../text/t.ts';
import type { Column } from './column.ts';
import classes from './data-table.module.css';
import { SortHeading } from './sort-heading.tsx';

interface DataTableProps<Row, Sort extends string> {
  readonly label: string;
  readonly columns: readonly Column<Row, Sort>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** What a row's checkbox is called. */
  readonly nameOf: (row: Row) => string;
  readonly sort: Sort | `-${Sort}`;
  readonly onSort: (sort: Sort | `-${Sort}`) => void;
  readonly selection: ReadonlySet<string>;
  readonly onSelection: (selection: ReadonlySet<string>) => void;
  /** The row whose preview is shown. */
  readonly current?: string | undefined;
  readonly onPick: (row: Row) => void;
  /** The rows belong to what was asked before; the new ones are on their way. */
  readonly stale?: boolean;
}

/** A table with sorting headings, checkboxes and a current row. Which rows it shows is the page's business. */
export function DataTable<Row, Sort extends string>(props: DataTableProps<Row, Sort>) {
  const { columns, rows, idOf, nameOf, selection, onSelection, current, onPick } = props;
  const chosen = rows.filter((row) => selection.has(idOf(row))).length;
  const all = rows.length > 0 && chosen === rows.length;
  const toggle = (row: Row) => onSelection(withToggled(selection, idOf(row)));
  return (
    <table
      className={classes.table}
      aria-label={props.label}
      aria-busy={props.stale || undefined}
      data-stale={props.stale || undefined}
    >
      <thead>
        <tr>
          <th className={classes.check} scope="col">
            <Checkbox
              size="xs"
              checked={all}
              indeterminate={chosen > 0 && !all}
              onChange={() => onSelection(all ? new Set() : new Set([...selection, ...rows.map(idOf)]))}
              aria-label={t('list.selectAll')}
            />
          </th>
          {columns.map((column) => (
            <SortHeading key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const id = idOf(row);
          return (
            // The row's link and checkbox do the same by keyboard; a click anywhere is for the mouse.
            <tr
              key={id}
              data-row={id}
              data-current={id === current || undefined}
              data-selected={selection.has(id) || undefined}
              onClick={(event) => !isControl(event) && onPick(row)}
            >
              <td className={classes.check}>
                <Checkbox
                  size="xs"
                  checked={selection.has(id)}
                  onChange={() => toggle(row)}
                  aria-label={t('list.select', { name: nameOf(row) })}
                />
              </td>
              {columns.map((column) => (
                <td key={column.id} data-priority={column.priority} data-align={column.align} data-column={column.id}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function isControl(event: MouseEvent): boolean {
  return event.target instanceof Element && event.target.closest('a, button, input, label') !== null;
}

export function withToggled(selection: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selection);
  if (!next.delete(id)) next.add(id);
  return next;
}
