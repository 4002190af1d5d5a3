import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether an answer stays what it is, or may grow. */
export type Lasting = 'unchanging' | 'growing';

/** How long an answer lasts that is made of what a selector names. */
export const lastingOf = ({ instance }: { readonly instance?: string }): Lasting =>
  instance === undefined ? 'growing' : 'unchanging';

/**
 * Sets ETag and Cache-Control for an answer that is made of objects alone, and answers 304 when the caller has it.
 * Instances never change under their address, but who may see them can: caches are private and ask again after a day.
 * Studies and series grow: what is kept of them is asked for again each time.
 */
export function notModified(
  request: FastifyRequest,
  reply: FastifyReply,
  contents: readonly string[],
  variant: string,
  lasting: Lasting = 'unchanging',
): boolean {
  const hash = createHash('sha256').update(variant);
  for (const content of contents) hash.update(`\n${content}`);
  const tag = `"${hash.digest('base64url').slice(0, 27)}"`;
  reply.headers({
    etag: tag,
    'cache-control': lasting === 'unchanging' ? 'private, max-age=86400, immutable' : 'private, no-cache',
    vary: 'Accept, Authorization, Cookie',
  });
  const known = request.headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, ''));
  if (!known?.includes(tag) && !known?.includes('*')) return false;
  reply.code(304).send();
  return true;
}
