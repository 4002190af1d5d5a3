import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { Column } from './column.ts';
import classes from './data-table.module.css';

interface SortHeadingProps<Row, Sort extends string> {
  readonly column: Column<Row, Sort>;
  readonly sort: Sort | `-${Sort}`;
  readonly onSort: (sort: Sort | `-${Sort}`) => void;
}

/** A column's heading; pressing it sorts, pressing again turns the order. */
export function SortHeading<Row, Sort extends string>({ column, sort, onSort }: SortHeadingProps<Row, Sort>) {
  const key = column.sort;
  const common = {
    scope: 'col',
    style: column.width ? { width: column.width } : {},
    'data-priority': column.priority,
    'data-align': column.align,
  } as const;
  if (!key) return <th {...common}>{column.label}</th>;

  const down = `-${key}` as const;
  const sorted = sort === key ? 'ascending' : sort === down ? 'descending' : undefined;
  const press = () => {
    if (sorted) onSort(sorted === 'ascending' ? down : key);
    else onSort(column.descendingFirst ? down : key);
  };
  return (
    <th {...common} aria-sort={sorted ?? 'none'}>
      <button type="button" className={classes.heading} onClick={press}>
        {column.label}
        {sorted === 'ascending' && <IconArrowUp size={14} aria-hidden />}
        {sorted === 'descending' && <IconArrowDown size={14} aria-hidden />}
      </button>
    </th>
  );
}
