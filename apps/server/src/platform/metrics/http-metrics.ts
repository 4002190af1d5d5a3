import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** Measures every request by its route, never by its address: labels are few and hold no identifiers. */
export function measureRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onRequest', async (_request, reply) => {
    metrics.requestsInFlight.add(1);
    reply.raw.once('close', () => metrics.requestsInFlight.add(-1));
  });
  app.addHook('onResponse', async (request, reply) => {
    const { routeOptions, method, is404 } = request;
    metrics.requestDuration.record(reply.elapsedTime / 1000, {
      method,
      route: is404 ? 'none' : (routeOptions.url ?? 'none'),
      status: String(reply.statusCode),
    });
  });
}

/** `GET /metrics` for Prometheus. */
export function serveMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.get(
    '/metrics',
    {
      config: { action: 'status.read' },
      schema: {
        summary: 'Metrics in the text format of Prometheus',
        tags: ['Operation'],
        response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } } },
      },
    },
    async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.render()),
  );
}
