import {
  DicomError,
  ExplicitVRLittleEndian,
  fromXml,
  isVR,
  type JsonDataSet,
  type JsonElement,
  parseTag,
  transferSyntaxOf,
  writePart10,
} from '@isocenter/dicom';
import { Problem } from '../../../platform/http/index.ts';
import type { Archive } from '../archive.ts';
import type { StoreOutcome } from '../ingest/failure-reason.ts';
import type { IngestContext } from '../ingest/ingest.ts';
import { parseMediaType } from '../media/media-type.ts';
import type { MultipartPart } from '../media/multipart-reader.ts';

/** Metadata of one request, and bulk data of one request that isn't pixel data of its own part. Both stand in memory. */
const METADATA_LIMIT = 64 * 1024 * 1024;
const BULK_LIMIT = 512 * 1024 * 1024;

/** The transfer syntax that a media type of compressed frames means when it names none (PS3.18 Table 8.7.3-5). */
const impliedSyntax: Readonly<Record<string, string>> = {
  'image/jpeg': '1.2.840.10008.1.2.4.50',
  'image/jls': '1.2.840.10008.1.2.4.80',
  'image/jp2': '1.2.840.10008.1.2.4.90',
  'image/jphc': '1.2.840.10008.1.2.4.201',
  'image/jxl': '1.2.840.10008.1.2.4.110',
  'image/dicom-rle': '1.2.840.10008.1.2.5',
};

interface BulkData {
  readonly pieces: Buffer[];
  /** Undefined: uncompressed, little endian. */
  readonly transferSyntaxUid?: string;
}

/** Instances that come as metadata and bulk data (PS3.18 10.5.1.1, 8.6.1.2): put together, then stored like any other. */
export async function receiveComposed(
  archive: Archive,
  parts: AsyncIterable<MultipartPart>,
  context: IngestContext,
): Promise<StoreOutcome[]> {
  const metadata: JsonDataSet[] = [];
  const bulk = new Map<string, BulkData>();
  const budget = { metadata: METADATA_LIMIT, bulk: BULK_LIMIT };
  for await (const part of parts) {
    const type = parseMediaType(part.headers.get('content-type') ?? '');
    if (type?.name === 'application/dicom+json' || type?.name === 'application/json') {
      metadata.push(...parseJson(await collect(part.body, budget, 'metadata')));
    } else if (type?.name === 'application/dicom+xml') {
      metadata.push(parseXml(await collect(part.body, budget, 'metadata')));
    } else await addBulk(bulk, part, budget);
  }
  const outcomes: StoreOutcome[] = [];
  for (const json of metadata) outcomes.push(await storeComposed(archive, json, bulk, context));
  return outcomes;
}

async function addBulk(
  bulk: Map<string, BulkData>,
  part: MultipartPart,
  budget: Record<'metadata' | 'bulk', number>,
): Promise<void> {
  const location = part.headers.get('content-location');
  if (location === undefined)
    throw new Problem('malformed-request', { reason: 'A bulk data part has no Content-Location.' });
  const type = parseMediaType(part.headers.get('content-type') ?? 'application/octet-stream');
  const named = type?.parameters.get('transfer-syntax') ?? impliedSyntax[type?.name ?? ''];
  const piece = await collect(part.body, budget, 'bulk');
  const known = bulk.get(location);
  if (known) known.pieces.push(piece);
  else bulk.set(location, { pieces: [piece], ...(named !== undefined && { transferSyntaxUid: named }) });
}

async function collect(
  body: AsyncIterable<Buffer>,
  budget: Record<'metadata' | 'bulk', number>,
  kind: 'metadata' | 'bulk',
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) {
    budget[kind] -= chunk.length;
    if (budget[kind] < 0)
      throw new Problem('payload-too-large', { limitBytes: kind === 'bulk' ? BULK_LIMIT : METADATA_LIMIT });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(bytes: Buffer): JsonDataSet[] {
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'));
    const list = Array.isArray(parsed) ? parsed : [parsed];
    if (list.every((each) => isDataSet(each))) return list;
  } catch {
    // Answered below: the parser's words would quote the data.
  }
  throw new Problem('malformed-request', { reason: 'A part is no DICOM JSON.' });
}

/** Sequences in sequences; deeper is no image but an attack. */
const MOST_DEPTH = 64;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

const isDataSet = (value: unknown, depth = 0): value is JsonDataSet =>
  isObject(value) &&
  depth <= MOST_DEPTH &&
  Object.entries(value).every(([tag, element]) => parseTag(tag) !== undefined && isElement(element, depth));

function isElement(element: unknown, depth: number): element is JsonElement {
  if (!isObject(element) || typeof element.vr !== 'string' || !isVR(element.vr)) return false;
  const { Value, InlineBinary, BulkDataURI } = element;
  if (!isText(InlineBinary) || !isText(BulkDataURI)) return false;
  if (Value === undefined) return true;
  if (!Array.isArray(Value)) return false;
  return element.vr === 'SQ' ? Value.every((item) => isDataSet(item, depth + 1)) : Value.every(isValue);
}

const isValue = (value: unknown): boolean =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'number' ||
  (isObject(value) && Object.values(value).every((group) => typeof group === 'string'));

function parseXml(bytes: Buffer): JsonDataSet {
  try {
    return fromXml(bytes.toString('utf8'));
  } catch {
    throw new Problem('malformed-request', { reason: 'A part is no Native DICOM Model XML.' });
  }
}

async function storeComposed(
  archive: Archive,
  json: JsonDataSet,
  bulk: ReadonlyMap<string, BulkData>,
  context: IngestContext,
): Promise<StoreOutcome> {
  const pixelData = json['7FE00010']?.BulkDataURI;
  const pixels = pixelData === undefined ? undefined : bulk.get(pixelData);
  const transferSyntaxUid = pixels?.transferSyntaxUid ?? ExplicitVRLittleEndian;
  const compressed = transferSyntaxOf(transferSyntaxUid).encapsulated;
  const dataSet = Object.fromEntries(Object.entries(json).filter(([tag]) => !tag.startsWith('0002')));
  try {
    const file = writePart10(withUnicode(dataSet), {
      transferSyntaxUid,
      bulkData: (uri) => {
        const found = bulk.get(uri);
        return found && Buffer.concat(found.pieces);
      },
      ...(compressed && pixels && { fragments: pixels.pieces }),
    });
    return await archive.ingest.receive(one(file), context);
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    const sopClassUid = String(json['00080016']?.Value?.[0] ?? '');
    const sopInstanceUid = String(json['00080018']?.Value?.[0] ?? '');
    const instance = sopClassUid && sopInstanceUid ? { sopClassUid, sopInstanceUid } : {};
    return { kind: 'failed', instance, reason: 'cannot-understand', detail: error.message };
  }
}

/** JSON and XML carry Unicode: what says nothing else, or isn't ASCII in a set that may not hold it, is written as UTF-8. */
function withUnicode(json: JsonDataSet): JsonDataSet {
  if (json['00080005']?.Value?.length || !/[^\0-\x7f]/.test(JSON.stringify(json))) return json;
  return { ...json, '00080005': { vr: 'CS', Value: ['ISO_IR 192'] } };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes;
}
