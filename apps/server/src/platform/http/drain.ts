import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when the server begins to shut down; long answers end themselves on it. */
    readonly draining: AbortSignal;
  }
}

const controllers = new WeakMap<FastifyInstance, AbortController>();

/** From the moment of draining, requests on connections that are still open get 503 and go elsewhere. */
export function refuseWhileDraining(app: FastifyInstance): void {
  const controller = new AbortController();
  controllers.set(app, controller);
  app.decorate('draining', controller.signal);
  app.addHook('onRequest', async () => {
    if (controller.signal.aborted)
      throw new Problem('draining').withHeader('connection', 'close').withHeader('retry-after', '5');
  });
  app.addHook('preClose', async () => controller.abort());
}

const SWEEP_MS = 50;

/** Lets requests in flight end, at most for so long, then cuts the rest off. */
export async function drain(app: FastifyInstance, limitMs: number): Promise<void> {
  controllers.get(app)?.abort();
  const limit = setTimeout(() => app.server.closeAllConnections(), limitMs);
  // A connection that was busy when the server closed stays open for further requests once it is idle.
  const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(limit);
    clearInterval(sweep);
  }
}
