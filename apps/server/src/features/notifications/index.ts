export { notifyOfJobs } from './job-ended.ts';
export { notificationRoutes } from './routes.ts';
