import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type Job, type JobState, jobsQuery } from '../api/jobs.ts';
import { Pager } from '../list/pager.tsx';
import { useListKeys } from '../list/use-list-keys.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { StateBox } from '../parts/state-box.tsx';
import { formatNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { JobRow } from './job-row.tsx';
import classes from './jobs-page.module.css';
import { jobStates } from './jobs-search.ts';
import { LiveSign } from './live-sign.tsx';

const size = 50;

/** Long work: how far it is, and what became of it. */
export function JobsPage() {
  const search = useSearch({ from: '/shell/jobs' });
  const navigate = useNavigate({ from: '/jobs' });
  const page = search.page ?? 1;
  const { data, error, isPending, refetch } = useQuery(
    jobsQuery({ ...(search.state ? { state: [search.state] } : {}), offset: (page - 1) * size, limit: size }),
  );
  const items = data?.items ?? [];
  useListKeys<Job>({
    rows: items,
    idOf: (job) => job.id,
    onOpen: (job) => void navigate({ to: '/jobs/$id', params: { id: job.id } }),
  });
  const show = (state: string) => void navigate({ search: state === 'all' ? {} : { state: state as JobState } });
  return (
    <Page title={t('jobs.title')} about={t('jobs.about')} actions={<LiveSign />}>
      <div className={classes.filter}>
        <SegmentedControl
          aria-label={t('jobs.filter.label')}
          value={search.state ?? 'all'}
          onChange={show}
          data={[
            { value: 'all', label: t('jobs.filter.all') },
            ...jobStates.map((state) => ({
              value: state,
              label: data
                ? `${t(`jobs.state.${state}`)} ${formatNumber(data.counts[state])}`
                : t(`jobs.state.${state}`),
            })),
          ]}
        />
      </div>
      <Panel>
        {isPending && <Waiting />}
        {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data && items.length === 0 && (
          <StateBox icon={IconListCheck} title={t('jobs.empty.title')} role="status">
            <p>{t(search.state ? 'jobs.none.what' : 'jobs.empty.what')}</p>
            {search.state && (
              <Button variant="default" onClick={() => show('all')}>
                {t('list.filters.clear')}
              </Button>
            )}
          </StateBox>
        )}
        {items.length > 0 && (
          <ul className={classes.list} aria-label={t('jobs.list')}>
            {items.map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </ul>
        )}
        {data && data.total > size && (
          <Pager
            page={page}
            size={size}
            total={data.total}
            exact
            onPage={(next) => void navigate({ search: { ...search, page: next } })}
          />
        )}
      </Panel>
    </Page>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label={t('app.loading')}>
      {[0, 1, 2, 3, 4].map((index) => (
        <div key={index} className={classes.waiting}>
          <Skeleton height={12} width="36%" mb={12} />
          <Skeleton height={6} />
        </div>
      ))}
    </div>
  );
}
