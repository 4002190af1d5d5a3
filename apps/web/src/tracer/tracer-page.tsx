import { Alert, Button } from '@mantine/core';
import { IconSearchOff, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { type LogRow, logQuery } from '../api/log.ts';
import { compact } from '../app/search-string.ts';
import table from '../list/data-table.module.css';
import { SkeletonRows } from '../list/skeleton-rows.tsx';
import { useListKeys } from '../list/use-list-keys.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Page } from '../parts/page.tsx';
import { StateBox } from '../parts/state-box.tsx';
import { useMay } from '../session/use-may.ts';
import list from '../studies/studies-page.module.css';
import { t } from '../text/t.ts';
import { CheckpointBar } from './checkpoint-bar.tsx';
import { EntryPreview } from './entry-preview.tsx';
import { EntryTable } from './entry-table.tsx';
import { type Changes, TracerFilters } from './tracer-filters.tsx';
import { TracerPager } from './tracer-pager.tsx';
import { isFiltered, logPageOf, type TracerSearch } from './tracer-search.ts';
import { useVerdict } from './use-verdict.ts';

const idOf = ({ leaf }: LogRow) => String(leaf);

/** Who did what with which data. Each entry is proved here, by this browser, against a checkpoint that the node signed. */
export function TracerPage() {
  const search = useSearch({ from: '/shell/tracer' });
  const navigate = useNavigate({ from: '/tracer' });
  const may = useMay();
  const all = may('log.read-all');
  const others = may('log.read-project');
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(logQuery(logPageOf(search)));
  const rows = data?.items ?? [];
  const { verdict, error: unverified } = useVerdict(rows[0]?.leaf ?? 0);
  const checkpoint = verdict?.kind === 'holds' ? verdict.checkpoint : undefined;
  const searchBox = useRef<HTMLInputElement>(null);

  const show = (next: TracerSearch, replace = true) => void navigate({ search: next, replace });
  const change = (part: Changes) => show(compact({ ...search, after: undefined, ...part }));
  const preview = (row: LogRow | undefined) => show(compact({ ...search, entry: row?.leaf }));
  const clear = () => show({});
  useListKeys({
    rows,
    idOf,
    onMove: (row) => search.entry !== undefined && preview(row),
    onOpen: preview,
    onPreview: (row) => preview(search.entry === row.leaf ? undefined : row),
    onSearch: () => searchBox.current?.focus(),
    onClose: () => preview(undefined),
  });

  return (
    <Page
      title={t('tracer.title')}
      about={all ? undefined : t(others ? 'tracer.about.projects' : 'tracer.about.own')}
      fill
    >
      {unverified && !verdict ? <ErrorState error={unverified} /> : <CheckpointBar verdict={verdict} />}
      <TracerFilters search={search} all={others} onChange={change} onClear={clear} inputRef={searchBox} />
      <div className={list.body}>
        <section className={list.list} aria-label={t('tracer.list')}>
          {error && data && <Alert color="yellow">{t('list.stale')}</Alert>}
          <div className={table.scroll}>
            {isPending && <SkeletonRows />}
            {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
            {data && rows.length === 0 && (
              <TracerEmpty filtered={isFiltered(search)} further={data.next !== null} onClear={clear} />
            )}
            {rows.length > 0 && (
              <EntryTable
                rows={rows}
                search={search}
                checkpoint={checkpoint}
                stale={isPlaceholderData}
                onPick={preview}
              />
            )}
          </div>
          {data && (rows.length > 0 || data.next !== null) && (
            <TracerPager
              {...data}
              count={rows.length}
              first={search.after === undefined}
              onNext={(after) => show({ ...search, after }, false)}
              onNewest={() => show(compact({ ...search, after: undefined }), false)}
            />
          )}
        </section>
        {search.entry !== undefined && (
          <EntryPreview
            key={search.entry}
            leaf={search.entry}
            row={rows.find(({ leaf }) => leaf === search.entry)}
            checkpoint={checkpoint}
            onClose={() => preview(undefined)}
          />
        )}
      </div>
    </Page>
  );
}

interface TracerEmptyProps {
  readonly filtered: boolean;
  /** There may be more, further back. */
  readonly further: boolean;
  readonly onClear: () => void;
}

function TracerEmpty({ filtered, further, onClear }: TracerEmptyProps) {
  if (!filtered) {
    return (
      <StateBox icon={IconShieldCheck} title={t('tracer.empty.title')} role="status">
        <p>{t('tracer.empty.what')}</p>
      </StateBox>
    );
  }
  return (
    <StateBox icon={IconSearchOff} title={further ? t('tracer.none.yet') : t('list.none.title')} role="status">
      <p>{further ? t('tracer.none.further') : t('list.none.what')}</p>
      <Button variant="default" onClick={onClear}>
        {t('list.filters.clear')}
      </Button>
    </StateBox>
  );
}
