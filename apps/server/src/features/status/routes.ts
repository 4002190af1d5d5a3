import { getLiveness, getReadiness, getStatus, type Status, type Zone } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import type { Health } from '../../platform/health/index.ts';
import { endpoint } from '../../platform/http/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import { diskOf } from '../../platform/metrics/index.ts';
import type { Threads } from '../../platform/threads/index.ts';

/** Numbers that features tell of themselves, by what they count. */
export type Counters = () => Promise<Readonly<Record<string, number>>>;

export interface StatusDeps {
  readonly version: string;
  readonly zones: readonly Zone[];
  readonly dataDir: string;
  readonly startedAt: Date;
  readonly health: Health;
  readonly jobs: Jobs;
  readonly threads: Threads;
  readonly counters: Counters;
}

export function statusRoutes(app: FastifyInstance, deps: StatusDeps): void {
  endpoint(app, getLiveness, () => ({ live: true as const }));
  endpoint(app, getReadiness, async (_input, { reply }) => {
    const readiness = await deps.health.readiness();
    if (!readiness.ready) reply.code(503);
    return readiness;
  });
  endpoint(app, getStatus, () => statusOf(deps));
}

async function statusOf({
  version,
  zones,
  dataDir,
  startedAt,
  health,
  jobs,
  threads,
  counters,
}: StatusDeps): Promise<Status> {
  const [readiness, jobCounts, processes, disk, counts] = await Promise.all([
    health.readiness(),
    jobs.counts(),
    jobs.processes(),
    diskOf(dataDir),
    counters(),
  ]);
  const { rss, heapUsed } = process.memoryUsage();
  return {
    version,
    startedAt: startedAt.toISOString(),
    ...readiness,
    zones: [...zones],
    jobs: jobCounts,
    workers: processes.map(({ seenAt, ...rest }) => ({ ...rest, seenAt: seenAt.toISOString() })),
    threads: threads.load(),
    disk,
    memory: { residentBytes: rss, heapUsedBytes: heapUsed },
    counts,
  };
}
