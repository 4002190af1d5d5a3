import type { EventType, JobProgress, JobState } from '@isocenter/contract';
import type { QueryClient } from '@tanstack/react-query';
import { createStore } from '../parts/store.ts';
import type { Job, JobList } from './jobs.ts';

export type LiveState = 'connecting' | 'live' | 'broken';

/** Whether news arrive by themselves at the moment. */
export const liveState = createStore<LiveState>('connecting');

/** What an event makes stale, by the first part of the queries' keys. */
const stale: Record<EventType, readonly string[]> = {
  'job.changed': ['jobs', 'job', 'status'],
  'notification.created': ['notifications'],
  'study.changed': ['studies', 'study', 'status'],
};
const types = Object.keys(stale) as EventType[];
/** The server no longer has the events since the last one seen: everything is asked for anew. */
const reset = 'reset';

/** The least time between two refreshes of the same list, milliseconds. */
const pause = 1_000;

/**
 * Follows the server's events and refreshes what they concern. The browser reconnects by itself and says which event
 * it saw last. Returns how to stop.
 */
export function followEvents(client: QueryClient): () => void {
  const source = new EventSource('/api/events');
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const refresh = (key: string) => {
    if (waiting.has(key)) return;
    const run = () => {
      waiting.delete(key);
      void client.invalidateQueries({ queryKey: [key] });
    };
    waiting.set(key, setTimeout(run, pause));
  };
  const refreshAll = () => Object.values(stale).flat().forEach(refresh);
  for (const type of types) {
    source.addEventListener(type, (event: MessageEvent<string>) => {
      const known = type === 'job.changed' && showProgress(client, event.data);
      // Progress is in the event itself; only a change of state concerns lists and counts.
      if (!known) stale[type].forEach(refresh);
    });
  }
  source.addEventListener(reset, refreshAll);
  source.onopen = () => liveState.set('live');
  source.onerror = () => liveState.set(source.readyState === EventSource.CLOSED ? 'broken' : 'connecting');
  return () => {
    source.close();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}

/** Writes a running job's progress where it is shown. True when nothing but the progress changed. */
function showProgress(client: QueryClient, text: string): boolean {
  const { id, state, progress } = JSON.parse(text) as { id: string; state: JobState; progress: JobProgress | null };
  let same = false;
  const update = (job: Job): Job => {
    if (job.id !== id || job.state !== state) return job;
    same = true;
    return { ...job, progress };
  };
  client.setQueriesData<JobList>({ queryKey: ['jobs'] }, (list) => list && { ...list, items: list.items.map(update) });
  client.setQueriesData<Job>({ queryKey: ['job', id] }, (job) => job && update(job));
  return same;
}
