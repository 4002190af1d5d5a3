import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { describeApi } from './openapi.ts';
import { routeTable } from './route-table.ts';

/** Serves the description of the API, for programs at /api/openapi.json and for people at /api/docs. */
export async function serveDocs(app: FastifyInstance, version: string): Promise<void> {
  let document: Record<string, unknown> | undefined;
  const describe = (): Record<string, unknown> => (document ??= describeApi(routeTable(app), version));
  app.get(
    '/api/openapi.json',
    { config: { action: 'api.describe' }, schema: { hide: true } },
    async (_request, reply) => reply.header('cache-control', 'no-cache').send(describe()),
  );
  await app.register(async (scope) => {
    scope.addHook('onRoute', (options) => {
      options.config = { ...options.config, action: 'api.describe' };
      options.schema = { ...options.schema, hide: true };
    });
    // The page asks the plugin for the document; it gets ours.
    await scope.register(swagger, { openapi: { info: { title: 'Isocenter', version } }, transformObject: describe });
    await scope.register(swaggerUi, {
      routePrefix: '/api/docs',
      theme: { title: 'Isocenter API' },
      uiConfig: { layout: 'BaseLayout', deepLinking: true, displayRequestDuration: true, docExpansion: 'list' },
    });
  });
}
