import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Sets ETag and Cache-Control for an answer that is made of objects alone, and answers 304 when the caller has it.
 * Instances never change under their address, but who may see them can: caches are private and ask again after a day.
 */
export function notModified(
  request: FastifyRequest,
  reply: FastifyReply,
  contents: readonly string[],
  variant: string,
): boolean {
  const hash = createHash('sha256').update(variant);
  for (const content of contents) hash.update(content);
  const tag = `"${hash.digest('base64url').slice(0, 27)}"`;
  reply.headers({
    etag: tag,
    'cache-control': 'private, max-age=86400, immutable',
    vary: 'Accept, Authorization, Cookie',
  });
  const known = request.headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, ''));
  if (!known?.includes(tag) && !known?.includes('*')) return false;
  reply.code(304).send();
  return true;
}
