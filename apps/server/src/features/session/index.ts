export { sessionRoutes } from './routes.ts';
export { Sessions, type SessionsOptions } from './sessions.ts';
