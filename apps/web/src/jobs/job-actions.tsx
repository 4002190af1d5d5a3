import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { cancelJob, type Job, retryJob } from '../api/jobs.ts';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';

/** What one can do about a job in its state. */
export function JobActions({ job }: { readonly job: Job }) {
  const may = useMay();
  const client = useQueryClient();
  const refresh = () =>
    Promise.all(['jobs', 'job', 'status'].map((key) => client.invalidateQueries({ queryKey: [key] })));
  const cancel = useMutation({ mutationFn: () => cancelJob(job.id), onSettled: refresh });
  const retry = useMutation({ mutationFn: () => retryJob(job.id), onSettled: refresh });
  if (!may('job.manage')) return null;
  if (job.state === 'queued' || job.state === 'running') {
    return (
      <Button
        variant="default"
        size="compact-sm"
        loading={cancel.isPending}
        disabled={job.cancelling}
        onClick={() => cancel.mutate()}
        aria-label={t('jobs.cancel.name', { title: job.title })}
      >
        {t('jobs.cancel')}
      </Button>
    );
  }
  if (job.state === 'failed' || job.state === 'cancelled') {
    return (
      <Button
        variant="default"
        size="compact-sm"
        loading={retry.isPending}
        onClick={() => retry.mutate()}
        aria-label={t('jobs.retry.name', { title: job.title })}
      >
        {t('jobs.retry')}
      </Button>
    );
  }
  return null;
}
