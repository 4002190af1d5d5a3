import { Alert, Button } from '@mantine/core';
import { IconSearchOff, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { type Person, peopleQuery } from '../api/people.ts';
import { compact } from '../app/search-string.ts';
import table from '../list/data-table.module.css';
import { Pager } from '../list/pager.tsx';
import { SkeletonRows } from '../list/skeleton-rows.tsx';
import { useListKeys } from '../list/use-list-keys.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Page } from '../parts/page.tsx';
import { StateBox } from '../parts/state-box.tsx';
import { useMay } from '../session/use-may.ts';
import list from '../studies/studies-page.module.css';
import { t } from '../text/t.ts';
import { InvitePerson } from './invite-person.tsx';
import { PeopleFilters } from './people-filters.tsx';
import type { PeopleSearch } from './people-search.ts';
import { PeopleTable } from './people-table.tsx';
import { PersonPreview } from './person-preview.tsx';
import { WaitingPeople } from './waiting-people.tsx';

const size = 50;
const idOf = ({ id }: Person): string => id;

/** Everyone who has, had, or wants an account. */
export function PeoplePage() {
  const search = useSearch({ from: '/shell/admin/people' });
  const navigate = useNavigate({ from: '/admin/people' });
  const may = useMay();
  const [inviting, setInviting] = useState(false);
  const searchBox = useRef<HTMLInputElement>(null);
  const page = search.page ?? 1;
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(
    peopleQuery(compact({ q: search.q, state: search.state, offset: (page - 1) * size, limit: size }) as never),
  );
  const rows = data?.items ?? [];
  const filtered = search.q !== undefined || search.state !== undefined;

  const show = (next: PeopleSearch, replace = true) => void navigate({ search: next, replace });
  const preview = (id: string | undefined) => show(compact({ ...search, preview: id }));
  useListKeys({
    rows,
    idOf,
    onMove: (row) => search.preview !== undefined && preview(row.id),
    onOpen: (row) => void navigate({ to: '/admin/people/$id', params: { id: row.id } }),
    onPreview: (row) => preview(search.preview === row.id ? undefined : row.id),
    onSearch: () => searchBox.current?.focus(),
    onClose: () => preview(undefined),
  });

  return (
    <Page
      title={t('people.title')}
      fill
      actions={
        may('person.manage') && (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setInviting(true)}>
            {t('people.invite')}
          </Button>
        )
      }
    >
      {!filtered && may('person.manage') && <WaitingPeople current={search.preview} onPick={preview} />}
      <PeopleFilters search={search} onChange={show} inputRef={searchBox} />
      <div className={list.body}>
        <section className={list.list} aria-label={t('people.title')}>
          {error && data && <Alert color="yellow">{t('list.stale')}</Alert>}
          <div className={table.scroll}>
            {isPending && <SkeletonRows />}
            {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
            {data && rows.length === 0 && <Empty filtered={filtered} onClear={() => show({})} />}
            {rows.length > 0 && (
              <PeopleTable
                rows={rows}
                current={search.preview}
                stale={isPlaceholderData}
                onPick={({ id }) => preview(id)}
              />
            )}
          </div>
          {data && data.total > 0 && (
            <Pager
              page={page}
              size={size}
              total={data.total}
              exact
              onPage={(next) => show(compact({ ...search, page: next > 1 ? next : undefined }), false)}
            />
          )}
        </section>
        {search.preview !== undefined && (
          <PersonPreview key={search.preview} id={search.preview} onClose={() => preview(undefined)} />
        )}
      </div>
      <InvitePerson opened={inviting} onClose={() => setInviting(false)} />
    </Page>
  );
}

function Empty({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (!filtered) {
    return (
      <StateBox icon={IconUsers} title={t('people.empty.title')} role="status">
        <p>{t('people.empty.what')}</p>
      </StateBox>
    );
  }
  return (
    <StateBox icon={IconSearchOff} title={t('list.none.title')} role="status">
      <p>{t('list.none.what')}</p>
      <Button variant="default" onClick={onClear}>
        {t('list.filters.clear')}
      </Button>
    </StateBox>
  );
}
