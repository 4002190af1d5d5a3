export { type Pruners, pruneJob } from './prune-job.ts';
export { jobRoutes } from './routes.ts';
