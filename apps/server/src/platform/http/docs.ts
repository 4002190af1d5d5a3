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
    // The interface only needs the plugin's presence: its page is pointed at our own document.
    await scope.register(swagger, { openapi: { info: { title: 'Isocenter', version } } });
    await scope.register(swaggerUi, {
      routePrefix: '/api/docs',
      indexPrefix: '',
      uiConfig: { url: '/api/openapi.json', deepLinking: true, displayRequestDuration: true, validatorUrl: null },
      logo: { type: 'image/svg+xml', content: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') },
    });
  });
}
