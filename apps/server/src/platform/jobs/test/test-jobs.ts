import type { Job, JobId, JobState } from '@isocenter/contract';
import type { Database } from '../../database/database.ts';
import { createEvents, type Events, openListener } from '../../events/index.ts';
import { silentLog } from '../../log.ts';
import { type AnyJobDefinition, type JobEndListener, Jobs } from '../index.ts';

/** One process that works, as far as jobs are concerned. */
export interface TestJobs {
  readonly jobs: Jobs;
  readonly events: Events;
  /** Answers when the job is in one of the states, told by events. */
  until(id: JobId, ...states: readonly JobState[]): Promise<Job>;
  stop(limitMs?: number): Promise<void>;
}

export async function startJobs(
  database: Database,
  definitions: readonly AnyJobDefinition[],
  options: { working?: boolean; onEnd?: JobEndListener } = {},
): Promise<TestJobs> {
  const log = silentLog();
  const listener = await openListener(database, log);
  const events = await createEvents(database, listener, log);
  const jobs = new Jobs({ database, listener, events, log, working: options.working ?? true });
  jobs.define(...definitions);
  if (options.onEnd !== undefined) jobs.onEnd(options.onEnd);
  await jobs.start();
  return {
    jobs,
    events,
    async until(id, ...states) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const unsubscribe = events.subscribe(({ event }) => {
        if (event.type === 'job.changed' && event.data.id === id && states.includes(event.data.state)) resolve();
      });
      const now = await jobs.get(id);
      if (!states.includes(now.state)) await promise;
      unsubscribe();
      return jobs.get(id);
    },
    async stop(limitMs = 1000) {
      await jobs.stop(limitMs);
      await listener.close();
    },
  };
}
