import { Anchor, Code, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type Job, jobQuery } from '../api/jobs.ts';
import { Ago } from '../parts/ago.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { Facts } from '../parts/facts.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { t } from '../text/t.ts';
import { JobActions } from './job-actions.tsx';
import { JobProgress } from './job-progress.tsx';
import { JobStateSign } from './job-state.tsx';
import classes from './jobs-page.module.css';
import { LiveSign } from './live-sign.tsx';

/** One job, live. */
export function JobPage() {
  const { id } = useParams({ from: '/shell/jobs/$id' });
  const { data: job, error, refetch } = useQuery(jobQuery(id));
  return (
    <Page
      title={job?.title ?? t('jobs.title')}
      about={
        <Anchor component={Link} to="/jobs" inherit>
          {t('jobs.title')}
        </Anchor>
      }
      actions={
        <>
          <LiveSign />
          {job && <JobActions job={job} />}
        </>
      }
    >
      <Panel>
        {error && !job && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!error && !job && <Skeleton height={160} m="md" width="auto" />}
        {job && <Body job={job} />}
      </Panel>
    </Page>
  );
}

function Body({ job }: { readonly job: Job }) {
  return (
    <div className={classes.body}>
      <JobProgress job={job} />
      <Facts
        facts={[
          [t('job.state'), <JobStateSign key="state" job={job} />],
          [t('job.error'), job.state === 'failed' && job.error?.detail],
          [t('job.result'), resultText(job.result)],
          [t('job.kind'), <Code key="kind">{job.kind}</Code>],
          [t('job.by'), job.createdBy ?? t('job.by.server')],
          [t('job.created'), <Ago key="created" iso={job.createdAt} />],
          [t('job.started'), job.startedAt && <Ago iso={job.startedAt} />],
          [t('job.ended'), job.endedAt && <Ago iso={job.endedAt} />],
          [t('job.attempts'), job.attempt],
          [t('job.id'), <Code key="id">{job.id}</Code>],
        ]}
      />
    </div>
  );
}

function resultText(result: unknown) {
  if (result === null || result === undefined) return '';
  return typeof result === 'string' ? result : <Code block>{JSON.stringify(result, null, 2)}</Code>;
}
