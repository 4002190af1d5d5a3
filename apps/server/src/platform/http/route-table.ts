import { type Action, type EndpointDefinition, isAction } from '@isocenter/contract';
import type { FastifyContextConfig, FastifyInstance, FastifySchema } from 'fastify';

export interface Route {
  readonly method: string;
  /** As Fastify writes it: `/api/studies/:studyUid`. */
  readonly url: string;
  readonly action: Action;
  readonly schema: FastifySchema | undefined;
  /** Of the JSON API; absent on raw routes. */
  readonly definition: EndpointDefinition | undefined;
}

interface Collected {
  readonly method: string;
  readonly url: string;
  readonly options: { config?: FastifyContextConfig; schema?: FastifySchema };
}

const collections = new WeakMap<object, Collected[]>();

/** Begins to collect the routes of an app; call before any is added. */
export function collectRoutes(app: FastifyInstance): void {
  const routes: Collected[] = [];
  collections.set(app, routes);
  app.addHook('onRoute', (options) => {
    for (const method of [options.method].flat()) routes.push({ method, url: options.url, options });
  });
  app.addHook('onReady', async () => {
    routeTable(app);
  });
}

/** Every route with the right that it needs. Throws for a route that names none: nothing is open by oversight. */
export function routeTable(app: FastifyInstance): readonly Route[] {
  const routes = collections.get(app);
  if (routes === undefined) throw new Error('The app was not made by createApp');
  return routes.map(({ method, url, options }) => {
    const action = options.config?.action;
    if (!isAction(action)) throw new Error(`${method} ${url} names no action of the permission catalogue`);
    return { method, url, action, schema: options.schema, definition: options.config?.definition };
  });
}

/** The methods that some route has for a path; for answering 405 and OPTIONS. */
export function methodsFor(routes: readonly Route[], path: string): string[] {
  const segments = path.split('/');
  return [...new Set(routes.filter(({ url }) => matches(url.split('/'), segments)).map(({ method }) => method))].sort();
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  for (const [at, expected] of pattern.entries()) {
    // A wildcard over the whole tree serves pages and says nothing about which methods a resource has.
    if (expected === '*') return at > 1;
    const found = path[at];
    if (found === undefined) return false;
    if (expected.includes(':') ? found === '' : expected !== found) return false;
  }
  return pattern.length === path.length;
}
