import { Link } from '@tanstack/react-router';
import type { Status } from '../api/status.ts';
import { jobStates } from '../jobs/jobs-search.ts';
import { formatNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import classes from './status-page.module.css';

/** How many jobs are in which state, each the way to them. */
export function QueueNumbers({ jobs }: { readonly jobs: Status['jobs'] }) {
  return (
    <dl className={classes.counts}>
      {jobStates.map((state) => (
        <div key={state}>
          <dt>{t(`jobs.state.${state}`)}</dt>
          <dd data-bad={(state === 'failed' && jobs[state] > 0) || undefined}>
            <Link to="/jobs" search={{ state }}>
              {formatNumber(jobs[state])}
            </Link>
          </dd>
        </div>
      ))}
    </dl>
  );
}
