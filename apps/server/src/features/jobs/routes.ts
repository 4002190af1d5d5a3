import { cancelJob, getJob, type JobId, listJobs, retryJob } from '@isocenter/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';
import { endpoint } from '../../platform/http/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import { actorOf, type Tracer } from '../../platform/tracer/index.ts';

export function jobRoutes(app: FastifyInstance, jobs: Jobs, tracer: Tracer): void {
  const recording =
    (action: 'job.cancel' | 'job.retry', id: JobId, { caller }: FastifyRequest) =>
    (tx: Kysely<Tables>) =>
      tracer.record(tx, { actor: actorOf(caller), action, objects: [{ kind: 'job', id }] });
  endpoint(app, listJobs, async ({ query }) => {
    const [{ items, total }, counts] = await Promise.all([jobs.list(query), jobs.counts()]);
    return { items, total, counts };
  });
  endpoint(app, getJob, ({ params }) => jobs.get(params.id));
  endpoint(app, cancelJob, ({ params: { id } }, { request }) => jobs.cancel(id, recording('job.cancel', id, request)));
  endpoint(app, retryJob, ({ params: { id } }, { request }) => jobs.retry(id, recording('job.retry', id, request)));
}
