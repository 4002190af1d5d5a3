import { Link } from '@tanstack/react-router';
import type { Job } from '../api/jobs.ts';
import { Ago } from '../parts/ago.tsx';
import { formatDuration } from '../text/format.ts';
import { t } from '../text/t.ts';
import { JobActions } from './job-actions.tsx';
import { JobProgress } from './job-progress.tsx';
import { JobStateSign } from './job-state.tsx';
import classes from './jobs-page.module.css';

/** One job in a list. */
export function JobRow({ job }: { readonly job: Job }) {
  return (
    <li className={classes.row} data-row={job.id}>
      <JobStateSign job={job} />
      <div className={classes.middle}>
        <div className={classes.line}>
          <Link to="/jobs/$id" params={{ id: job.id }} className={classes.title}>
            {job.title}
          </Link>
          <span className={classes.soft}>
            <Ago iso={job.endedAt ?? job.startedAt ?? job.createdAt} />
            {job.state === 'done' &&
              job.startedAt &&
              job.endedAt &&
              `, ${t('jobs.took', { time: formatDuration((Date.parse(job.endedAt) - Date.parse(job.startedAt)) / 1_000) })}`}
            {job.attempt > 1 && `, ${t('jobs.attempt', { count: job.attempt })}`}
          </span>
        </div>
        <JobProgress job={job} />
        {job.error && job.state === 'failed' && <p className={classes.error}>{job.error.detail}</p>}
      </div>
      <div className={classes.actions}>
        <JobActions job={job} />
      </div>
    </li>
  );
}
