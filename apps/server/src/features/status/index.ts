export { type Counters, type StatusDeps, statusRoutes } from './routes.ts';
