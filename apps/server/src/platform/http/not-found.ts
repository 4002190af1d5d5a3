import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.ts';
import { methodsFor, type Route, routeTable } from './route-table.ts';

/** An address without a route is 404; one that has routes for other methods is 405, or tells them to OPTIONS. */
export function answerNotFound(app: FastifyInstance): void {
  let routes: readonly Route[] | undefined;
  app.setNotFoundHandler(async (request, reply) => {
    routes ??= routeTable(app);
    const allowed = methodsFor(routes, request.url.split('?', 1)[0] ?? '/');
    if (allowed.length === 0) throw new Problem('not-found', { what: 'address' });
    const allow = [...allowed, 'OPTIONS'].join(', ');
    if (request.method === 'OPTIONS') return reply.code(204).header('allow', allow).send();
    throw new Problem('method-not-allowed', { method: request.method, allowed }).withHeader('allow', allow);
  });
}
