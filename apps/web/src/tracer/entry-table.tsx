import type { Checkpoint } from '@isocenter/ledger';
import { Link } from '@tanstack/react-router';
import { entryOf, type LogRow } from '../api/log.ts';
import table from '../list/data-table.module.css';
import { type Heading, PlainTable } from '../list/plain-table.tsx';
import { formatDateTime } from '../text/format.ts';
import { t } from '../text/t.ts';
import { actorText, objectsText } from './entry-words.ts';
import { OutcomeSign } from './outcome-sign.tsx';
import { ProofSign } from './proof-sign.tsx';
import classes from './tracer-page.module.css';
import type { TracerSearch } from './tracer-search.ts';

interface EntryTableProps {
  readonly rows: readonly LogRow[];
  readonly search: TracerSearch;
  readonly checkpoint: Checkpoint | undefined;
  readonly stale: boolean;
  readonly onPick: (row: LogRow) => void;
}

const headings: readonly Heading[] = [
  { label: 'tracer.what', priority: 1 },
  { label: 'tracer.who', width: '136px', priority: 2 },
  { label: 'tracer.objects', width: '34%', priority: 3 },
  { label: 'tracer.outcome', width: '100px', priority: 2 },
  { label: 'tracer.time', width: '148px', priority: 2 },
  { label: 'tracer.proof', width: '124px', priority: 1 },
];

/** Entries of the log, the newest first, each with its proof. */
export function EntryTable({ rows, search, checkpoint, stale, onPick }: EntryTableProps) {
  return (
    <PlainTable
      label={t('tracer.list')}
      headings={headings}
      rows={rows}
      idOf={({ leaf }) => String(leaf)}
      current={search.entry === undefined ? undefined : String(search.entry)}
      stale={stale}
      onPick={onPick}
    >
      {(row) => <EntryCells row={row} search={search} checkpoint={checkpoint} />}
    </PlainTable>
  );
}

function EntryCells({
  row,
  search,
  checkpoint,
}: Pick<EntryTableProps, 'search' | 'checkpoint'> & { readonly row: LogRow }) {
  const entry = entryOf(row);
  const time = entry ? formatDateTime(entry.time) : '';
  const objects = entry ? objectsText(entry) : '';
  return (
    <>
      <td data-priority="1">
        <Link to="/tracer" search={{ ...search, entry: row.leaf }} replace>
          {entry ? t(`tracer.action.${entry.action}`) : t('tracer.unknown')}
        </Link>
        <span className={table.under}>{entry && [actorText(entry), time].join(' · ')}</span>
      </td>
      <td data-priority="2">{entry && actorText(entry)}</td>
      <td data-priority="3" title={objects}>
        {objects || <span aria-hidden>{t('app.none')}</span>}
      </td>
      <td data-priority="2">{entry && <OutcomeSign outcome={entry.outcome} />}</td>
      <td data-priority="2" className={classes.time}>
        {entry && <time dateTime={entry.time}>{time}</time>}
      </td>
      <td data-priority="1">
        <ProofSign row={row} checkpoint={checkpoint} />
      </td>
    </>
  );
}
