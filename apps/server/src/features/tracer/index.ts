export { logRoutes } from './log-routes.ts';
export { recordConfiguration } from './record-configuration.ts';
export { RequestTracing } from './trace-requests.ts';
export { readOf } from './traced-routes.ts';
