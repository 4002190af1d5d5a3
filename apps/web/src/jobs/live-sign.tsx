import { useSyncExternalStore } from 'react';
import { liveState } from '../api/events.ts';
import { t } from '../text/t.ts';
import classes from './jobs-page.module.css';

const words = { live: 'jobs.live', connecting: 'jobs.live.connecting', broken: 'jobs.live.broken' } as const;

/** Whether what one sees changes by itself. */
export function LiveSign() {
  const state = useSyncExternalStore(liveState.subscribe, liveState.get);
  return (
    <span className={classes.live} data-state={state} role="status">
      <span aria-hidden />
      {t(words[state])}
    </span>
  );
}
