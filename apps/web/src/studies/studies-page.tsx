import { Alert } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { type StudyRow, studiesQuery } from '../api/studies.ts';
import { compact } from '../app/search-string.ts';
import table from '../list/data-table.module.css';
import { DataTable, withToggled } from '../list/data-table.tsx';
import { Pager } from '../list/pager.tsx';
import { SkeletonRows } from '../list/skeleton-rows.tsx';
import { useListKeys } from '../list/use-list-keys.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Page } from '../parts/page.tsx';
import { ZoneFrame } from '../parts/zone.tsx';
import { t } from '../text/t.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { StudiesActions } from './studies-actions.tsx';
import { StudiesEmpty } from './studies-empty.tsx';
import { type Changes, StudiesFilters } from './studies-filters.tsx';
import classes from './studies-page.module.css';
import {
  defaultSize,
  defaultSort,
  isFiltered,
  type StudiesSearch,
  studyPageOf,
  withoutFilters,
} from './studies-search.ts';
import { columnsOf } from './study-columns.tsx';
import { studyLabel } from './study-words.ts';

const idOf = (study: StudyRow) => study.studyInstanceUid;

/** Every study that one may see: find, compare, pick, open. All that it shows stands in the address. */
export function StudiesPage() {
  const search = useSearch({ from: '/shell/studies' });
  const navigate = useNavigate({ from: '/studies' });
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(studiesQuery(studyPageOf(search)));
  const [selected, setSelected] = useState<ReadonlyMap<string, StudyRow>>(new Map());
  const searchBox = useRef<HTMLInputElement>(null);

  const rows = data?.items ?? [];
  const columns = columnsOf(search.columns);
  const selection = new Set(selected.keys());
  const select = (ids: ReadonlySet<string>) => {
    const known = new Map([...selected, ...rows.map((row) => [idOf(row), row] as const)]);
    setSelected(new Map([...ids].flatMap((id) => (known.has(id) ? [[id, known.get(id) as StudyRow]] : []))));
  };
  const show = (next: StudiesSearch, replace = true) => void navigate({ search: next, replace });
  const change = (part: Changes) => show(compact({ ...search, page: undefined, ...part }));
  const preview = (study: StudyRow | undefined) =>
    show(study ? { ...search, preview: idOf(study) } : without(search, 'preview'));
  const open = (study: StudyRow) => void navigate({ to: '/studies/$uid', params: { uid: idOf(study) } });

  useListKeys({
    rows,
    idOf,
    onMove: (study) => search.preview && preview(study),
    onOpen: open,
    onPreview: (study) => preview(search.preview === idOf(study) ? undefined : study),
    onSelect: (study) => select(withToggled(selection, idOf(study))),
    onSearch: () => searchBox.current?.focus(),
    onClose: () => (search.preview ? preview(undefined) : setSelected(new Map())),
  });

  const filtered = isFiltered(search);
  return (
    <ZoneFrame zone={search.zone?.length === 1 ? (search.zone[0] ?? null) : null}>
      <Page
        title={t('studies.title')}
        fill
        actions={<StudiesActions search={search} rows={rows} columns={columns} onChange={show} />}
      >
        <StudiesFilters
          search={search}
          onChange={change}
          onClear={() => show(withoutFilters(search))}
          inputRef={searchBox}
        />
        <div className={classes.body}>
          <section className={classes.list} aria-label={t('studies.list')}>
            {selected.size > 0 && (
              <SelectionBar studies={[...selected.values()]} columns={columns} onClear={() => setSelected(new Map())} />
            )}
            {error && data && (
              <Alert color="yellow" className={classes.alert ?? ''}>
                {t('list.stale')}
              </Alert>
            )}
            <div className={table.scroll}>
              {isPending && <SkeletonRows />}
              {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
              {data && rows.length === 0 && (
                <StudiesEmpty filtered={filtered} onClear={() => show(withoutFilters(search))} />
              )}
              {rows.length > 0 && (
                <DataTable
                  label={t('studies.list')}
                  columns={columns}
                  rows={rows}
                  idOf={idOf}
                  nameOf={studyLabel}
                  sort={search.sort ?? defaultSort}
                  onSort={(sort) => change({ sort })}
                  selection={selection}
                  onSelection={select}
                  current={search.preview}
                  onPick={wide ? preview : open}
                  stale={isPlaceholderData}
                />
              )}
            </div>
            {data && data.total > 0 && (
              <Pager
                page={search.page ?? 1}
                size={search.size ?? defaultSize}
                total={data.total}
                exact={data.totalIsExact}
                onPage={(page) => show(page > 1 ? { ...search, page } : without(search, 'page'), false)}
                onSize={(size) => change({ size })}
              />
            )}
          </section>
          {search.preview && <PreviewPanel uid={search.preview} onClose={() => preview(undefined)} />}
        </div>
      </Page>
    </ZoneFrame>
  );
}

function without<K extends keyof StudiesSearch>(search: StudiesSearch, name: K): Omit<StudiesSearch, K> {
  const { [name]: _, ...rest } = search;
  return rest;
}
