import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';

/** JSON, XML and text; never event streams, pictures, multipart or DICOM, which are compressed already or streamed. */
const COMPRESSIBLE =
  /^(?!text\/event-stream)(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|javascript)\b|image\/svg\+xml)/u;

/** Smaller answers gain nothing. */
const THRESHOLD_BYTES = 1024;

export async function compressAnswers(app: FastifyInstance): Promise<void> {
  // The plugin would also compress what its table of media types calls compressible, such as octet streams of pixels.
  app.addHook('onSend', async (request, reply) => {
    const type = reply.getHeader('content-type');
    if (type !== undefined && !COMPRESSIBLE.test(String(type))) request.headers['x-no-compression'] = 'true';
  });
  await app.register(compress, {
    customTypes: COMPRESSIBLE,
    encodings: ['br', 'gzip'],
    globalDecompression: false,
    threshold: THRESHOLD_BYTES,
  });
}
