import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Sends what is made while it is sent; a client that goes away ends the making. */
export function sendStream(reply: FastifyReply, stream: AsyncIterable<Uint8Array>): FastifyReply {
  return reply.send(Readable.from(stream, { objectMode: false }));
}
