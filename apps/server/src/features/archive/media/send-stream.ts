import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Sends what is made while it is sent; a client that goes away ends the making. */
export function sendStream(reply: FastifyReply, stream: AsyncIterable<Uint8Array>): FastifyReply {
  return reply.send(Readable.from(stream, { objectMode: false }));
}

/** Sends bytes that are at hand one after the other, without copying them together. */
export function sendChunks(reply: FastifyReply, chunks: readonly Uint8Array[]): FastifyReply {
  const body = new Readable({ read: () => undefined });
  for (const chunk of chunks) body.push(chunk);
  body.push(null);
  return reply
    .header(
      'content-length',
      chunks.reduce((sum, { length }) => sum + length, 0),
    )
    .send(body);
}
