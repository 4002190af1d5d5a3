import { type JsonDataSet, toXml } from '@isocenter/dicom';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../platform/http/index.ts';
import { covers, parseAccept } from './media-type.ts';
import { type OutgoingPart, writeMultipart } from './multipart-writer.ts';
import { sendStream } from './send-stream.ts';

export type DataSetForm = 'json' | 'xml';

const JSON_TYPE = 'application/dicom+json';
const XML_TYPE = 'application/dicom+xml';

/** JSON, or multipart XML where that is asked for first (PS3.18 8.7.3.3); 406 when neither will do. */
export function dataSetForm(request: FastifyRequest): DataSetForm {
  const { accept } = request.query as { accept?: string };
  for (const type of parseAccept(accept ?? request.headers.accept)) {
    if (covers(type.name, JSON_TYPE) || type.name === 'application/json') return 'json';
    if (type.name === XML_TYPE) return 'xml';
    const related = covers(type.name, 'multipart/related');
    const part = type.parameters.get('type')?.toLowerCase() ?? XML_TYPE;
    if (related && covers(part, XML_TYPE)) return 'xml';
    if (related && covers(part, JSON_TYPE)) return 'json';
  }
  throw new Problem('not-acceptable', {
    reason: 'This is answered as DICOM JSON or as multipart Native DICOM Model XML.',
    available: [JSON_TYPE, `multipart/related; type="${XML_TYPE}"`],
  });
}

/** One data set per result of a search. */
export function sendDataSets(
  reply: FastifyReply,
  request: FastifyRequest,
  dataSets: readonly JsonDataSet[],
): FastifyReply {
  reply.header('vary', 'Accept, Authorization, Cookie');
  if (dataSetForm(request) === 'json') return sendJson(reply, JSON.stringify(dataSets));
  const { contentType, stream } = writeMultipart(XML_TYPE, xmlParts(dataSets));
  return sendStream(reply.type(contentType), stream);
}

/**
 * Sends DICOM JSON as bytes: to text Fastify adds a charset. JSON has none (RFC 8259 11), and clients that compare the
 * whole media type don't read an answer that names one.
 */
export const sendJson = (reply: FastifyReply, json: string | Buffer): FastifyReply =>
  reply.type(JSON_TYPE).send(typeof json === 'string' ? Buffer.from(json) : json);

async function* xmlParts(dataSets: Iterable<JsonDataSet>): AsyncGenerator<OutgoingPart, void, void> {
  for (const dataSet of dataSets) yield { headers: { 'Content-Type': XML_TYPE }, body: Buffer.from(toXml(dataSet)) };
}
