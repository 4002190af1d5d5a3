import type { FastifyInstance } from 'fastify';

const REQUEST_HEADERS = 'Accept, Authorization, Content-Type, If-Match, If-None-Match, Range, X-Request-Id';
const EXPOSED_HEADERS =
  'Accept-Ranges, Content-Disposition, Content-Length, Content-Location, Content-Range, ETag, Location, Retry-After, Warning, X-Request-Id';
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/**
 * Lets pages of the configured origins call with a bearer token (viewers on another server). Cookies are never
 * allowed across origins. An OPTIONS that is no preflight goes on to its route (PS3.18 8.9 asks for it).
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  const any = origins.includes('*');
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origins.length > 0) reply.header('vary', 'Origin');
    const allowed = origin !== undefined && (any || origins.includes(origin));
    if (allowed) {
      reply.header('access-control-allow-origin', any ? '*' : origin);
      reply.header('access-control-expose-headers', EXPOSED_HEADERS);
    }
    const preflight =
      request.method === 'OPTIONS' &&
      origin !== undefined &&
      request.headers['access-control-request-method'] !== undefined;
    if (!preflight) return;
    if (allowed) {
      reply.header('access-control-allow-methods', METHODS);
      reply.header('access-control-allow-headers', REQUEST_HEADERS);
      reply.header('access-control-max-age', '600');
    }
    return reply.code(204).send();
  });
}
