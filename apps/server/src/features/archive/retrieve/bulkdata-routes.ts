import {
  byteUnit,
  type DataSet,
  DicomError,
  type Element,
  knownAs,
  type Part10,
  Part10Reader,
  parseTag,
  swapUnits,
} from '@isocenter/dicom';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../platform/http/index.ts';
import type { Archive } from '../archive.ts';
import { covers, parseAccept } from '../media/media-type.ts';
import { writeMultipart } from '../media/multipart-writer.ts';
import { sendStream } from '../media/send-stream.ts';
import { viewOf } from '../view.ts';
import { notModified } from './conditional.ts';
import { findInstance, type InstanceSelector, type StoredInstance } from './instance-store.ts';

const OCTETS = 'application/octet-stream';
/** Values beyond this are sent from the object piece by piece; smaller ones are kept while the header is read. */
const KEEP = 1024 * 1024;
const PIECE = 1024 * 1024;

/** WADO-RS bulk data (PS3.18 10.4.1.1.5): the value of one element, little endian, whole or a range of its bytes. */
export function bulkDataRoutes(app: FastifyInstance, archive: Archive): void {
  app.get(
    '/studies/:study/series/:series/instances/:instance/bulkdata/*',
    {
      config: { action: 'instance.read' },
      schema: { tags: ['DICOMweb'], summary: 'Retrieve the value of one element (WADO-RS)' },
    },
    (request, reply) => retrieve(archive, request, reply),
  );
}

async function retrieve(archive: Archive, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const view = viewOf(request, archive);
  const { '*': path, ...selector } = request.params as Required<InstanceSelector> & { '*': string };
  const instance = await findInstance(archive.db, view.ids, selector);
  if (!instance) throw new Problem('not-found', { what: 'instance' });
  const value = await valueAt(archive, instance, path);
  if (!value) throw new Problem('not-found', { what: 'bulk data' });
  if (notModified(request, reply, [instance.sha256, path], 'bulkdata')) return reply;
  const range = rangeOf(request, reply.getHeader('etag'), value.length);
  const body = slices(archive, instance, value, range ?? { start: 0, end: value.length });
  if (!singlePart(request)) {
    const headers = {
      'Content-Type': OCTETS,
      'Content-Location': `${view.base}${request.url.slice(request.url.indexOf('/studies/'))}`,
    };
    const { contentType, stream } = writeMultipart(OCTETS, one({ headers, body }));
    return sendStream(reply.type(contentType), stream);
  }
  reply.header('accept-ranges', 'bytes').type(OCTETS);
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end - 1}/${value.length}`);
  reply.header('content-length', (range ? range.end - range.start : value.length).toString());
  return sendStream(reply, body);
}

async function* one<T>(value: T): AsyncGenerator<T, void, void> {
  yield value;
}

function singlePart(request: FastifyRequest): boolean {
  const { accept } = request.query as { accept?: string };
  for (const type of parseAccept(accept ?? request.headers.accept)) {
    if (type.name === 'multipart/related' && covers(type.parameters.get('type')?.toLowerCase() ?? OCTETS, OCTETS))
      return false;
    if (covers(type.name, OCTETS)) return true;
  }
  throw new Problem('not-acceptable', {
    reason: 'Bulk data are answered as octets.',
    available: [OCTETS, `multipart/related; type="${OCTETS}"`],
  });
}

/**
 * One range of bytes (RFC 9110 14.1.2); undefined when none is asked for, or what makes no sense, or several, or of
 * another version than the caller knows (If-Range): then the whole is answered.
 */
function rangeOf(request: FastifyRequest, tag: unknown, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] !== '' && match[2] !== '' && Number(match[1]) > Number(match[2])) return undefined;
  const version = request.headers['if-range'];
  if (version !== undefined && version !== tag) return undefined;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size : Math.min(size, Number(match[2]) + 1);
  if (start >= size || start >= end)
    throw new Problem('range-not-satisfiable', { size }).withHeader('content-range', `bytes */${size}`);
  return { start, end };
}

/** A value found: in memory, or by its place in the object. */
interface Value {
  readonly length: number;
  readonly bytes?: Uint8Array;
  readonly offset: number;
  /** Size of the units whose bytes are to be turned round; 1: none. */
  readonly swap: number;
}

async function valueAt(archive: Archive, instance: StoredInstance, path: string): Promise<Value | undefined> {
  const part10 = await readHeader(archive, instance);
  let dataSet: DataSet | undefined = part10.dataSet;
  const steps = path.split('/');
  for (let i = 0; i < steps.length; i += 2) {
    const tag = parseTag(steps[i]!);
    const element: Element | undefined = tag === undefined ? undefined : dataSet?.elements.get(tag);
    if (!element || !dataSet) return undefined;
    if (i === steps.length - 1) return asValue(element, dataSet, part10);
    dataSet = knownAs(element, dataSet).items?.[Number(steps[i + 1])]?.dataSet;
  }
  return undefined;
}

function asValue(element: Element, dataSet: DataSet, part10: Part10): Value | undefined {
  if (element.items) return undefined;
  const swap = dataSet.encoding.littleEndian ? 1 : byteUnit(element.vr);
  // The value of encapsulated pixel data is its whole sequence of fragments, as it stands.
  const value = { length: element.length, offset: element.valueOffset, swap };
  if (element.value) return { ...value, bytes: element.value };
  // Offsets of a deflated data set lead nowhere in the object.
  return part10.transferSyntax.deflated ? undefined : value;
}

async function readHeader(archive: Archive, instance: StoredInstance): Promise<Part10> {
  const deflated = instance.transferSyntaxUid === '1.2.840.10008.1.2.1.99';
  const reader = new Part10Reader({
    keep: deflated ? Number.POSITIVE_INFINITY : KEEP,
    transferSyntaxUid: instance.transferSyntaxUid,
  });
  try {
    for await (const chunk of (await archive.objects.open(instance.sha256)) as AsyncIterable<Uint8Array>)
      reader.push(chunk);
    return reader.end();
  } catch (error) {
    if (error instanceof DicomError)
      archive.log.error({ err: error, sha256: instance.sha256 }, 'a stored object could not be read');
    throw error;
  }
}

async function* slices(
  archive: Archive,
  { sha256 }: StoredInstance,
  value: Value,
  range: { start: number; end: number },
): AsyncGenerator<Uint8Array, void, void> {
  // Whole units are read and turned round, then cut to what was asked for.
  const first = range.start - (range.start % value.swap);
  for (let at = first; at < range.end; at += PIECE) {
    const end = Math.min(value.length, at + PIECE, Math.ceil(range.end / value.swap) * value.swap);
    const piece =
      value.bytes?.subarray(at, end) ??
      (await archive.objects.read(sha256, { start: value.offset + at, end: value.offset + end }));
    const ordered = swapUnits(piece, value.swap);
    yield ordered.subarray(Math.max(0, range.start - at), Math.min(ordered.length, range.end - at));
  }
}
