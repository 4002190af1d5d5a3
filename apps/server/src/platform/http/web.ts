import { existsSync, statSync } from 'node:fs';
import { join, normalize } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.ts';

/** Paths of programs, not of pages: what is not found there is a problem, never the page. */
const NOT_PAGES = /^\/(api|dicom-web|health|metrics|zones|areas|oidc|datasets\/[^/]+\/dicom-web)(\/|$)/;

/** The build names these after their content, so they never change. */
const HASHED = /^\/assets\//;

/** Has an extension, which a UID has not. */
const FILE = /\.[a-z]\w*$/i;

const YEAR_SECONDS = 31_536_000;

/** Serves the built web application; every address within it gets its one page. */
export async function serveWeb(app: FastifyInstance, root: string): Promise<void> {
  const built = existsSync(join(root, 'index.html'));
  if (built) await app.register(fastifyStatic, { root, serve: false, cacheControl: false });
  app.get('/*', { config: { action: 'page.read' }, schema: { hide: true } }, async (request, reply) => {
    const path = pathOf(request.url);
    if (path === undefined || NOT_PAGES.test(path)) throw new Problem('not-found', { what: 'address' });
    if (!built) throw new Problem('not-ready', { what: 'The web application (it is not built)' });
    if (isFile(join(root, path))) {
      const lasting = HASHED.test(path) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache';
      return reply.header('cache-control', lasting).sendFile(path);
    }
    if (FILE.test(path)) throw new Problem('not-found', { what: 'file' });
    return reply.header('cache-control', 'no-cache').sendFile('index.html');
  });
}

/** The decoded path without its query; undefined when it is malformed or leaves the root. */
function pathOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.split('?', 1)[0] ?? '/');
    return path.includes('\0') || normalize(path) !== path ? undefined : path;
  } catch {
    return undefined;
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
