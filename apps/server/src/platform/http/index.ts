export { demand } from './access.ts';
export { type AppOptions, createApp } from './app.ts';
export type { Authentication, Authenticator, Caller } from './caller.ts';
export { drain } from './drain.ts';
export { type EndpointContext, type EndpointHandler, endpoint } from './endpoint.ts';
export { originOf } from './origin.ts';
export { Problem } from './problem.ts';
export { type Route, routeTable } from './route-table.ts';
export { requireSameSite } from './same-site.ts';
