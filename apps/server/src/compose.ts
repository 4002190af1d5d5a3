import type { FastifyInstance } from 'fastify';
import { composeIdentity, type Identity } from './compose-identity.ts';
import {
  archiveRoutes,
  cleanJob,
  countArchive,
  createArchive,
  isHiddenStudy,
  projectOfStudy,
  recompressJob,
} from './features/archive/index.ts';
import { type RunningDimse, startDimse } from './features/dimse/index.ts';
import { jobRoutes, pruneJob } from './features/jobs/index.ts';
import { notificationRoutes, notifyOfJobs } from './features/notifications/index.ts';
import { statusRoutes } from './features/status/index.ts';
import { logRoutes, RequestTracing, recordConfiguration } from './features/tracer/index.ts';
import type { Config } from './platform/config.ts';
import type { Database } from './platform/database/database.ts';
import { hearOwnChanges, serveEvents } from './platform/events/index.ts';
import { CheckFailed } from './platform/health/index.ts';
import { type Authenticator, createApp, drain } from './platform/http/index.ts';
import type { Log } from './platform/log.ts';
import { measureRequests, measureStorage, serveMetrics } from './platform/metrics/index.ts';
import { openServices, type Services } from './platform/services.ts';
import { openStorage, type Storage } from './platform/storage/index.ts';
import { Sequencer } from './platform/tracer/index.ts';

/** What the features are made of. */
export interface Dependencies {
  readonly log: Log;
  readonly database: Database;
  /** The administrator's bearer token. */
  readonly bootstrapToken: string;
  readonly version: string;
  /** Lets people of the demo sign in by a click. */
  readonly demo?: boolean;
  /** A worker runs jobs only: it answers no requests and opens no DICOM port. */
  readonly role: 'server' | 'worker';
  /** The built web application's folder. */
  readonly webRoot: string;
  /** Further ways of knowing callers, asked before those of the program itself. */
  readonly authenticators?: readonly Authenticator[];
}

/** The whole server, not listening yet. */
export interface Composed {
  readonly app: FastifyInstance;
  readonly services: Services;
  /** See {@link Identity.administratorLink}. */
  readonly administratorLink: Identity['administratorLink'];
  /** Begins the work that needs no request: jobs, DIMSE. Called once the database is migrated, before listening. */
  start(): Promise<void>;
  /** Ends requests and jobs in order. */
  stop(): Promise<void>;
}

/** Puts the server together: the only file that knows every feature. */
export async function compose(config: Config, deps: Dependencies): Promise<Composed> {
  await using begun = new AsyncDisposableStack();
  const services = begun.adopt(await openServices(config, deps.log, deps.database), (opened) => opened.close());
  const { database, events, health, jobs, metrics, notifications, threads, tracer } = services;
  const storage = begun.adopt(await openStorage(config, measureStorage(metrics)), (opened) => opened.close());
  const identity = await composeIdentity(services, { demo: false, ...deps }, () => app);
  const { areas } = identity;
  const archive = begun.adopt(await createArchive(services, storage, areas), (made) => made.close());
  const sequencer = new Sequencer({ ...database, signer: tracer.signer, log: deps.log });
  begun.defer(() => sequencer.stop());
  const tracing = new RequestTracing({
    tracer,
    log: deps.log,
    isHidden: (request, studyUid) => isHiddenStudy(archive, request, studyUid),
    projectOf: (request, studyUid) => projectOfStudy(archive, request, studyUid),
  });
  begun.defer(() => tracing.settled());
  const app: FastifyInstance = await createApp({
    log: deps.log,
    authenticators: [...(deps.authenticators ?? []), ...identity.authenticators],
    version: deps.version,
    corsOrigins: config.corsOrigins,
    trustProxy: config.trustProxy,
    webRoot: deps.webRoot,
    setUp: (root) => {
      measureRequests(root, metrics);
      hearOwnChanges(root, services.listener);
      tracing.install(root);
    },
    onProblem: (code) => metrics.problems.add(1, { code }),
  });
  const limitMs = config.drainSeconds * 1000;
  let dimse: RunningDimse | undefined;
  begun.defer(async () => {
    await Promise.all([drain(app, limitMs), jobs.stop(limitMs), dimse?.stop()]);
  });
  health.add(servingCheck(app));
  health.add(storageCheck(storage));

  identity.routes(app);
  jobRoutes(app, jobs, tracer);
  notificationRoutes(app, notifications);
  logRoutes(app, { ...database, tracer });
  serveEvents(app, events);
  serveMetrics(app, metrics);
  await archiveRoutes(app, archive);
  statusRoutes(app, {
    ...config,
    version: deps.version,
    startedAt: new Date(),
    health,
    jobs,
    threads,
    counters: () => countArchive(archive, config.zones),
  });

  const clean = cleanJob(archive);
  jobs.define(clean, recompressJob(archive), ...identity.jobs);
  jobs.onEnd(notifyOfJobs(notifications));
  jobs.define(
    pruneJob({
      ...identity.pruners,
      events: () => events.prune(),
      jobs: () => jobs.prune(),
      notifications: () => notifications.prune(),
    }),
  );

  const running = begun.move();
  return {
    app,
    services,
    administratorLink: identity.administratorLink,
    async start() {
      await app.ready();
      await jobs.start();
      if (deps.role !== 'server') return;
      await recordConfiguration(database, tracer, config);
      tracer.onRecorded(() => sequencer.wake());
      sequencer.start();
      // What a crash left behind needn't wait for the clock.
      await jobs.enqueue(clean, {}, { singletonKey: 'start' });
      const area = areas.unassigned(config.storeZone)!;
      dimse = await startDimse({ config, area, ingest: archive.ingest, tracer, log: deps.log });
    },
    stop: () => running.disposeAsync(),
  };
}

const servingCheck = (app: FastifyInstance) => ({
  name: 'serving',
  check: async () => {
    if (app.draining.aborted) throw new CheckFailed('The server is shutting down');
    return undefined;
  },
});

const storageCheck = ({ objects }: Storage) => ({
  name: 'storage',
  check: async () => {
    const found = await objects.check();
    if (!found.ok) throw new CheckFailed(`The object store can't be used (${found.error.code})`);
    return undefined;
  },
});
