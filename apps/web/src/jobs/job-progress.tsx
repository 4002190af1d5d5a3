import type { Job } from '../api/jobs.ts';
import { useNow } from '../parts/ago.tsx';
import { Meter } from '../parts/meter.tsx';
import { formatDuration } from '../text/format.ts';
import { t } from '../text/t.ts';
import classes from './jobs-page.module.css';

/** How far a job is, in a bar, in numbers, and in time left. */
export function JobProgress({ job }: { readonly job: Job }) {
  const now = useNow();
  const { progress } = job;
  if (job.state !== 'running' && !(job.state === 'failed' && progress)) return null;
  const total = progress?.total ?? null;
  const done = progress?.done ?? 0;
  const left = job.state === 'running' ? secondsLeft(job, now) : null;
  return (
    <div className={classes.progress}>
      <Meter
        label={t('jobs.progress', { title: job.title })}
        percent={total ? (done / total) * 100 : null}
        tone={job.state === 'failed' ? 'bad' : 'accent'}
      />
      <span className={classes.numbers}>
        {total !== null && <span>{t('jobs.progress.of', { done, total })}</span>}
        {total === null && done > 0 && <span>{t('jobs.progress.count', { done })}</span>}
        {left !== null && <span>{t('jobs.remaining', { time: formatDuration(left) })}</span>}
        {progress?.message && <span>{progress.message}</span>}
      </span>
    </div>
  );
}

/** As long as it took so far for what is done, in proportion; nothing before there is enough to judge by. */
function secondsLeft({ startedAt, progress }: Job, now: number): number | null {
  if (!startedAt || !progress?.total || progress.done < 1) return null;
  const spent = (Math.max(now, Date.now()) - Date.parse(startedAt)) / 1_000;
  if (spent < 2) return null;
  return (spent / progress.done) * (progress.total - progress.done);
}
