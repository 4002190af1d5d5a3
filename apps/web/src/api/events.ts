import type { EventType } from '@isocenter/contract';
import type { QueryClient } from '@tanstack/react-query';
import { createStore } from '../parts/store.ts';
import { client } from './client.ts';
import type { Job, JobList } from './jobs.ts';

export type LiveState = 'connecting' | 'live' | 'broken';

/** Whether news arrive by themselves at the moment. */
export const liveState = createStore<LiveState>('connecting');

/** What an event makes stale, by the first part of the queries' keys. */
const stale: Record<EventType, readonly string[]> = {
  'job.changed': ['jobs', 'job', 'status'],
  // It may say that someone asks for an account.
  'notification.created': ['notifications', 'people'],
  'study.changed': ['studies', 'study', 'status'],
};

/** The least time between two refreshes of the same list, milliseconds. */
const pause = 1_000;

/** Follows the server's events and refreshes what they concern. Returns how to stop. */
export function followEvents(queries: QueryClient): () => void {
  const stop = new AbortController();
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const refresh = (key: string) => {
    if (waiting.has(key)) return;
    const run = () => {
      waiting.delete(key);
      void queries.invalidateQueries({ queryKey: [key] });
    };
    waiting.set(key, setTimeout(run, pause));
  };
  void listen(queries, refresh, stop.signal);
  return () => {
    stop.abort();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}

async function listen(queries: QueryClient, refresh: (key: string) => void, signal: AbortSignal): Promise<void> {
  const onState = (state: 'open' | 'lost') => liveState.set(state === 'open' ? 'live' : 'connecting');
  try {
    for await (const event of client.events({ signal, onState })) {
      if (event.type === 'reset') Object.values(stale).flat().forEach(refresh);
      // A job's progress is in the event itself; only a change of its state concerns lists and counts.
      else if (event.type !== 'job.changed' || !showProgress(queries, event.data)) stale[event.type].forEach(refresh);
    }
  } catch {
    if (!signal.aborted) liveState.set('broken');
  }
}

/** Writes a running job's progress where it is shown. True when nothing but the progress changed. */
function showProgress(queries: QueryClient, { id, state, progress }: Pick<Job, 'id' | 'state' | 'progress'>): boolean {
  let same = false;
  const update = (job: Job): Job => {
    if (job.id !== id || job.state !== state) return job;
    same = true;
    return { ...job, progress };
  };
  queries.setQueriesData<JobList>({ queryKey: ['jobs'] }, (list) => list && { ...list, items: list.items.map(update) });
  queries.setQueriesData<Job>({ queryKey: ['job', id] }, (job) => job && update(job));
  return same;
}
