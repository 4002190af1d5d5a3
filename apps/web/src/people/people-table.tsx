import { Link } from '@tanstack/react-router';
import type { Person } from '../api/people.ts';
import table from '../list/data-table.module.css';
import { type Heading, PlainTable } from '../list/plain-table.tsx';
import { Ago } from '../parts/ago.tsx';
import { t } from '../text/t.ts';
import { PersonStateSign } from './person-state.tsx';

interface PeopleTableProps {
  readonly rows: readonly Person[];
  readonly current: string | undefined;
  readonly stale: boolean;
  readonly onPick: (row: Person) => void;
}

const headings: readonly Heading[] = [
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
    <PlainTable
      label={t('people.title')}
      headings={headings}
      rows={rows}
      idOf={({ id }) => id}
      current={current}
      stale={stale}
      onPick={onPick}
    >
      {(row) => <Cells row={row} />}
    </PlainTable>
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
