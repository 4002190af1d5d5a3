import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type JsonDataSet, toXml } from '@isocenter/dicom';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../platform/http/index.ts';
import { actorOf } from '../../../platform/tracer/index.ts';
import type { Archive } from '../archive.ts';
import type { StoreOutcome } from '../ingest/failure-reason.ts';
import type { IngestContext } from '../ingest/ingest.ts';
import { sendJson } from '../media/data-set-answer.ts';
import { covers, type MediaType, parseAccept, parseMediaType } from '../media/media-type.ts';
import { MultipartError, readMultipart } from '../media/multipart-reader.ts';
import { storeAreaOf, viewOf } from '../view.ts';
import { receiveComposed } from './composed-instances.ts';
import { storeResponse } from './store-response.ts';

/** Instances of one request whose bytes are read and whose outcome is awaited. */
const UNDER_WAY = 32;
const SUPPORTED = [
  'multipart/related; type="application/dicom"',
  'multipart/related; type="application/dicom+json"',
  'multipart/related; type="application/dicom+xml"',
  'application/dicom',
];

/** STOW-RS (PS3.18 10.5). */
export function storeRoutes(app: FastifyInstance, archive: Archive): void {
  // Every body is streamed; which ones are taken is for the handler to say.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  const options = { bodyLimit: archive.maxBodyBytes, config: { action: 'instance.store' as const } };
  const schema = { tags: ['DICOMweb'], summary: 'Store instances (STOW-RS)' };
  const handler = (request: FastifyRequest, reply: FastifyReply) => store(archive, request, reply);
  app.post('/studies', { ...options, schema }, handler);
  app.post(
    '/studies/:study',
    { ...options, schema: { ...schema, summary: 'Store instances of one study (STOW-RS)' } },
    handler,
  );
}

async function store(archive: Archive, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const view = viewOf(request, archive);
  const { study } = request.params as { study?: string };
  const context: IngestContext = {
    area: storeAreaOf(request, archive, view),
    actor: actorOf(request.caller),
    ...(study !== undefined && { studyInstanceUid: study }),
  };
  const type = parseMediaType(request.headers['content-type'] ?? '');
  const { 'content-encoding': encoding = 'identity' } = request.headers;
  if (encoding !== 'identity')
    throw new Problem('unsupported-media-type', { supported: SUPPORTED }).withHeader('accept-encoding', 'identity');
  const outcomes = await receiveAll(archive, limited(request.body as Readable, archive.maxBodyBytes), type, context);
  if (outcomes.length === 0) throw new Problem('malformed-request', { reason: 'The body holds no instance.' });
  const { status, body } = storeResponse(outcomes, view.base);
  if (status === 503) reply.header('retry-after', '30');
  // The standard's answer doesn't tell new instances from those that were there; senders that resume like to know.
  const present = outcomes.filter((outcome) => outcome.kind === 'stored' && outcome.alreadyThere).length;
  if (present > 0) reply.header('isocenter-already-there', String(present));
  return sendDataSet(reply.code(status), request, body);
}

function sendDataSet(reply: FastifyReply, request: FastifyRequest, body: JsonDataSet): FastifyReply {
  const wanted = parseAccept(request.headers.accept).map(({ name }) => name);
  const xml = wanted.indexOf('application/dicom+xml');
  const json = wanted.findIndex((name) => covers(name, 'application/dicom+json') || name === 'application/json');
  if (xml >= 0 && (json < 0 || xml < json)) return reply.type('application/dicom+xml').send(toXml(body));
  return sendJson(reply, JSON.stringify(body));
}

async function receiveAll(
  archive: Archive,
  body: AsyncIterable<Buffer>,
  type: MediaType | undefined,
  context: IngestContext,
): Promise<StoreOutcome[]> {
  if (type?.name === 'application/dicom') return [await archive.ingest.receive(body, context)];
  const boundary = type?.parameters.get('boundary');
  const root = type?.parameters.get('type')?.toLowerCase() ?? 'application/dicom';
  if (type?.name !== 'multipart/related') throw new Problem('unsupported-media-type', { supported: SUPPORTED });
  if (!boundary) throw new Problem('malformed-request', { reason: 'The Content-Type names no boundary.' });
  try {
    if (root === 'application/dicom') return await receiveInstances(archive, body, boundary, context);
    if (root === 'application/dicom+json' || root === 'application/dicom+xml' || root === 'application/json') {
      return await receiveComposed(archive, readMultipart(body, boundary), context);
    }
  } catch (error) {
    if (error instanceof MultipartError) throw new Problem('malformed-request', { reason: `${error.message}.` });
    throw error;
  }
  throw new Problem('unsupported-media-type', { supported: SUPPORTED });
}

/** Reads one instance after the other, while those before are being committed. */
async function receiveInstances(
  archive: Archive,
  body: AsyncIterable<Buffer>,
  boundary: string,
  context: IngestContext,
): Promise<StoreOutcome[]> {
  const outcomes: Promise<StoreOutcome>[] = [];
  for await (const part of readMultipart(body, boundary)) {
    const { outcome } = await archive.ingest.receiveFirst(part.body, context);
    // An outcome that is awaited later must not count as unhandled meanwhile.
    outcome.catch(() => undefined);
    outcomes.push(outcome);
    if (outcomes.length >= UNDER_WAY) await outcomes[outcomes.length - UNDER_WAY];
  }
  return Promise.all(outcomes);
}

async function* limited(body: Readable, limit: number): AsyncGenerator<Buffer, void, void> {
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new Problem('payload-too-large', { limitBytes: limit });
    yield chunk;
  }
  if (!body.readableEnded) await once(body, 'end');
}
