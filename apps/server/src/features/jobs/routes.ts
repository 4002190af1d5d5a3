import { cancelJob, getJob, listJobs, retryJob } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { endpoint } from '../../platform/http/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';

export function jobRoutes(app: FastifyInstance, jobs: Jobs): void {
  endpoint(app, listJobs, async ({ query }) => {
    const [{ items, total }, counts] = await Promise.all([jobs.list(query), jobs.counts()]);
    return { items, total, counts };
  });
  endpoint(app, getJob, ({ params }) => jobs.get(params.id));
  endpoint(app, cancelJob, ({ params }) => jobs.cancel(params.id));
  endpoint(app, retryJob, ({ params }) => jobs.retry(params.id));
}
