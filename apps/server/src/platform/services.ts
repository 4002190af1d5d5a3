import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import { createEvents, type Events, type Listener, openListener } from './events/index.ts';
import { createHealth, type Health } from './health/index.ts';
import { Jobs } from './jobs/index.ts';
import type { Log } from './log.ts';
import { createMetrics, type Metrics, measureProcess } from './metrics/index.ts';
import { createNotifications, type Notifications } from './notifications/index.ts';
import { createThreads, type Threads } from './threads/index.ts';
import { openTracer, type Tracer } from './tracer/index.ts';

/** What every feature may use. */
export interface Services {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly listener: Listener;
  readonly events: Events;
  readonly notifications: Notifications;
  readonly jobs: Jobs;
  readonly threads: Threads;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly tracer: Tracer;
  /** After requests and jobs have ended. */
  close(): Promise<void>;
}

export async function openServices(config: Config, log: Log, database: Database): Promise<Services> {
  await using begun = new AsyncDisposableStack();
  const tracer = await openTracer(database.pool, config);
  const metrics = begun.adopt(createMetrics(), (made) => made.close());
  const listener = begun.adopt(await openListener(database, log), (opened) => opened.close());
  const events = await createEvents(database, listener, log);
  const jobs = new Jobs({ database, listener, events, log });
  const threads = begun.adopt(createThreads({ size: config.workerThreads }), (made) => made.close());
  begun.defer(measureProcess(metrics, config.dataDir));
  measureWork(metrics, jobs, threads);
  measureLog(metrics, database);
  const running = begun.move();
  return {
    config,
    log,
    database,
    listener,
    events,
    notifications: createNotifications(database, events),
    jobs,
    threads,
    metrics,
    health: createHealth([databaseCheck(database)]),
    tracer,
    close: () => running.disposeAsync(),
  };
}

const databaseCheck = ({ pool }: Database) => ({
  name: 'database',
  check: async () => {
    await pool.query('select 1');
    return undefined;
  },
});

function measureLog(metrics: Metrics, { pool }: Database): void {
  metrics.gauge(
    'isocenter_tracer_entries',
    'Entries of the tracer that have their place in the log, and that wait for it',
    async () => {
      const { rows } = await pool.query<{ placed: number; waiting: number }>(
        'select size as placed, (select count(*) from log_pending) as waiting from log_head',
      );
      return Object.entries(rows[0]!).map(([state, value]) => ({ value, labels: { state } }));
    },
  );
}

function measureWork(metrics: Metrics, jobs: Jobs, threads: Threads): void {
  metrics.gauge('isocenter_jobs', 'Jobs by state', async () =>
    Object.entries(await jobs.counts()).map(([state, value]) => ({ value, labels: { state } })),
  );
  metrics.gauge('isocenter_threads', 'Worker threads and the tasks that run and wait', () =>
    Object.entries(threads.load()).map(([state, value]) => ({ value, labels: { state } })),
  );
}
