import type { FastifyInstance } from 'fastify';
import type { Listener } from './listener.ts';

const safe: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Whoever changed something by the API finds it changed with their next request: before the answer goes out, this process has
 * heard what the change had to say, and forgotten what it knew.
 */
export function hearOwnChanges(app: FastifyInstance, listener: Pick<Listener, 'catchUp'>): void {
  app.addHook('onSend', async ({ method, url }, reply) => {
    if (!safe.includes(method) && url.startsWith('/api/') && reply.statusCode < 400) await listener.catchUp();
  });
}
