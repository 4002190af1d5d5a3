import { IconBan, IconCircleCheck, IconCircleX, IconClock, IconLoader2, type TablerIcon } from '@tabler/icons-react';
import type { Job, JobState } from '../api/jobs.ts';
import { t } from '../text/t.ts';
import classes from './jobs-page.module.css';

const icons: Record<JobState, TablerIcon> = {
  queued: IconClock,
  running: IconLoader2,
  done: IconCircleCheck,
  failed: IconCircleX,
  cancelled: IconBan,
};

/** A job's state as a word with its sign. */
export function JobStateSign({ job }: { readonly job: Job }) {
  const Icon = icons[job.state];
  return (
    <span className={classes.state} data-state={job.state}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {job.cancelling ? t('jobs.cancelling') : t(`jobs.state.${job.state}`)}
    </span>
  );
}
