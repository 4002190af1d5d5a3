import { z } from 'zod';
import { defineJob, type JobDefinition } from '../../platform/jobs/index.ts';

/** What is forgotten after some time, by name. Each answers how many it removed. */
export type Pruners = Readonly<Record<string, () => Promise<number>>>;

export const pruneJob = (pruners: Pruners): JobDefinition<Record<string, never>> =>
  defineJob({
    kind: 'maintenance.prune',
    title: 'Forget old sessions, events, jobs and notifications',
    input: z.record(z.string(), z.never()),
    schedule: { cron: '*/10 * * * *', input: {} },
    async run({ signal, progress }) {
      const removed: Record<string, number> = {};
      const all = Object.entries(pruners);
      for (const [at, [name, prune]] of all.entries()) {
        signal.throwIfAborted();
        removed[name] = await prune();
        progress(at + 1, all.length);
      }
      return removed;
    },
  });
