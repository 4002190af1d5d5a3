import { decide, type Resource } from '@isocenter/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authenticator, Caller } from './caller.ts';
import { Problem } from './problem.ts';
import { requireSameSite } from './same-site.ts';

/** Makes every route ask who is calling and whether they may: 401 when not known, 403 when not allowed. */
export function guardRoutes(app: FastifyInstance, authenticators: readonly Authenticator[]): void {
  app.decorateRequest('knownCaller', undefined);
  app.decorateRequest('caller', {
    getter(this: FastifyRequest): Caller {
      if (this.knownCaller === undefined) throw notAuthenticated();
      return this.knownCaller;
    },
  });
  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const { action } = request.routeOptions.config;
    if (action === undefined) throw new Error(`${request.routeOptions.url} names no action`);
    if (decide(undefined, action) === 'allowed') return;
    request.knownCaller = await authenticate(request, authenticators);
    demand(request);
  });
}

/** Throws unless the caller may do the route's action on this resource. */
export function demand(request: FastifyRequest, resource: Resource = {}, what = 'resource'): void {
  const { action } = request.routeOptions.config;
  if (action === undefined) throw new Error('The route names no action');
  switch (decide(request.knownCaller, action, resource)) {
    case 'allowed':
      return;
    case 'unknown':
      throw notAuthenticated();
    case 'obliged':
      throw new Problem(request.caller.obligations?.includes('terms') ? 'terms-not-accepted' : 'second-factor-needed');
    case 'forbidden':
      throw new Problem('not-allowed', { action });
    case 'hidden':
      throw new Problem('not-found', { what });
  }
}

async function authenticate(
  request: FastifyRequest,
  authenticators: readonly Authenticator[],
): Promise<Caller | undefined> {
  for (const authenticator of authenticators) {
    const found = await authenticator(request);
    if (found === undefined) continue;
    if (found.means === 'cookie') requireSameSite(request);
    return found.caller;
  }
  return undefined;
}

const notAuthenticated = (): Problem => new Problem('not-authenticated').withHeader('www-authenticate', 'Bearer');
