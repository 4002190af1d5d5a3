import { Link } from '@tanstack/react-router';
import type { Person } from '../api/people.ts';
import table from '../list/data-table.module.css';
import { Ago } from '../parts/ago.tsx';
import { type PlainKey, t } from '../text/t.ts';
import { PersonStateSign } from './person-state.tsx';

interface PeopleTableProps {
  readonly rows: readonly Person[];
  readonly current: string | undefined;
  readonly stale: boolean;
  readonly onPick: (row: Person) => void;
}

const columns: readonly { readonly label: PlainKey; readonly width?: string; readonly priority: number }[] = [
  { label: 'person.name', priority: 1 },
  { label: 'person.email', width: '26%', priority: 3 },
  { label: 'person.organisation', width: '20%', priority: 3 },
  { label: 'person.state', width: '136px', priority: 1 },
  { label: 'person.nodeRoles', width: '128px', priority: 4 },
  { label: 'person.lastSignedIn', width: '124px', priority: 4 },
];

/** People, those who wait first, then the newest. */
export function PeopleTable({ rows, current, stale, onPick }: PeopleTableProps) {
  return (
    <table
      className={table.table}
      aria-label={t('people.title')}
      aria-busy={stale || undefined}
      data-stale={stale || undefined}
    >
      <thead>
        <tr>
          {columns.map(({ label, width, priority }) => (
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
            key={row.id}
            data-row={row.id}
            data-current={row.id === current || undefined}
            onClick={(event) => !(event.target instanceof Element && event.target.closest('a')) && onPick(row)}
          >
            <Cells row={row} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const none = <span aria-hidden>{t('app.none')}</span>;

function Cells({ row }: { readonly row: Person }) {
  const nodeRoles = row.nodeRoles.map((role) => t(`role.${role}`)).join(', ');
  return (
    <>
      <td data-priority="1">
        <Link to="/admin/people/$id" params={{ id: row.id }}>
          {row.name}
        </Link>
        <span className={table.under}>{row.email}</span>
      </td>
      <td data-priority="3" title={row.email}>
        {row.email || none}
      </td>
      <td data-priority="3" title={row.organisationName}>
        {row.organisationName || none}
      </td>
      <td data-priority="1">
        <PersonStateSign state={row.state} />
      </td>
      <td data-priority="4" title={nodeRoles}>
        {nodeRoles || none}
      </td>
      <td data-priority="4">{row.lastSignedInAt ? <Ago iso={row.lastSignedInAt} /> : none}</td>
    </>
  );
}
