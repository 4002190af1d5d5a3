import { type JsonDataSet, jsonText, toJson, toXml } from '@isocenter/dicom';
import type { Seeded } from '@isocenter/dicom/testing';
import { relatedBody } from '@isocenter/testkit/dicomweb';
import { type Base, bytesWithUid } from './bases.ts';

/** A STOW request as it is written to the connection. */
export interface RawRequest {
  readonly contentType: string;
  readonly body: Buffer;
  /** What Content-Length says; by default the truth. */
  readonly length?: number;
}

type Change = (request: RawRequest, random: Seeded) => RawRequest;

const boundaryOf = ({ contentType }: RawRequest): string => /boundary=(.*)/.exec(contentType)?.[1] ?? '';

const spliced = (body: Buffer, at: number, remove: number, insert: string | Uint8Array): Buffer =>
  Buffer.concat([body.subarray(0, at), Buffer.from(insert as Uint8Array), body.subarray(at + remove)]);

/** A place where a boundary stands, or any other. */
function place({ body, contentType }: RawRequest, random: Seeded): number {
  const from = random.below(body.length);
  const found = body.indexOf(`--${boundaryOf({ body, contentType })}`, from);
  return found >= 0 && random.below(4) > 0 ? found : from;
}

const HEADER_LINES = [
  'Content-Type: application/dicom',
  'Content-Type: text/plain',
  'Content-Type:',
  'no colon at all',
  ': nothing',
  `X-Long: ${'x'.repeat(20_000)}`,
  'Content-Location: elsewhere',
  'Content-Transfer-Encoding: base64',
  'Content-Length: 5',
  '\0\0\0',
];
const CONTENT_TYPES = [
  'multipart/related',
  'multipart/related; boundary=',
  'multipart/related; boundary=""; type="application/dicom"',
  'multipart/form-data; boundary=B',
  'application/dicom',
  'application/dicom+json',
  'application/octet-stream',
  'nonsense',
  '',
  `multipart/related; type="application/dicom"; boundary=${'b'.repeat(3000)}`,
];

const CHANGES: readonly Change[] = [
  (request, random) => ({ ...request, body: request.body.subarray(0, random.below(request.body.length)) }),
  (request, random) => ({ ...request, body: spliced(request.body, place(request, random), 1 + random.below(6), '') }),
  (request, random) => ({ ...request, body: spliced(request.body, place(request, random), 0, '\r\n') }),
  (request, random) => {
    const boundary = `\r\n--${boundaryOf(request)}${random.pick(['\r\n', '--\r\n', '--', '\n', ' \t\r\n', 'x\r\n'])}`;
    return { ...request, body: spliced(request.body, place(request, random), 0, boundary) };
  },
  (request, random) => {
    const at = request.body.indexOf('Content-Type', random.below(request.body.length));
    if (at < 0) return request;
    return { ...request, body: spliced(request.body, at, random.pick([0, 32]), `${random.pick(HEADER_LINES)}\r\n`) };
  },
  (request, random) => ({
    ...request,
    body: Buffer.from(
      request.body.toString('latin1').replaceAll('\r\n', random.pick(['\n', '\r', '\r\n\r\n'])),
      'latin1',
    ),
  }),
  (request, random) => ({ ...request, contentType: random.pick(CONTENT_TYPES) }),
  (request) => ({ ...request, contentType: `${request.contentType}x` }),
  (request, random) => ({
    ...request,
    contentType: request.contentType.replace(
      'application/dicom',
      random.pick(['application/dicom+json', 'application/dicom+xml', 'text/html', 'x']),
    ),
  }),
  (request, random) => ({
    ...request,
    length: random.pick([0, 1, request.body.length - 1, request.body.length + 10, random.below(request.body.length)]),
  }),
  (request, random) => ({ ...request, body: Buffer.concat([Buffer.alloc(random.below(100), 0x2d), request.body]) }),
];

/** A request of some files with something wrong around them. */
export function mutatedRequest(bases: readonly Base[], random: Seeded, seed: number): RawRequest {
  const files = bases.map((base, i) => bytesWithUid(base, (seed + i) >>> 0));
  let request = requestOf(
    'application/dicom',
    files.map((body) => ({ body })),
  );
  for (let i = random.below(3); i >= 0; i--) request = random.pick(CHANGES)(request, random);
  return request;
}

function requestOf(type: string, parts: Parameters<typeof relatedBody>[1]): RawRequest {
  const { headers, body } = relatedBody(type, parts, 'a-boundary-of-some-length');
  return { contentType: headers['content-type'], body };
}

const JSON_PIECES = [
  'null',
  '{}',
  '[]',
  '""',
  '1e400',
  '-0',
  '123456789012345678901234567890',
  '"\\ud800"',
  '"\\u0000"',
  '{"Alphabetic":1}',
  '{"Alphabetic":"a=b\\\\c"}',
  '"A\\\\B"',
  '"SQ"',
  '"OB"',
  '"UN"',
  '"PN"',
  '"Value"',
  '"InlineBinary":"!!!"',
  '"BulkDataURI":"elsewhere"',
  '"__proto__"',
  '[[[[]]]]',
];
const XML_PIECES = [
  '<Value number="1"/>',
  '<Item number="99999999999"/>',
  '</NativeDicomModel>',
  '&lt;',
  '&#0;',
  '<!DOCTYPE x [<!ENTITY a "aa">]>',
  '&a;',
  '<![CDATA[x]]>',
  'vr="SQ"',
  'tag="zzz"',
  '\u0001',
  '<BulkData uri="x"/>',
];

/** Where one of the text's tokens begins. */
function token(text: string, random: Seeded): number {
  const from = random.below(text.length);
  const found = text.slice(from).search(/["[{<:,]/);
  return found < 0 ? from : from + found;
}

function mutatedText(text: string, pieces: readonly string[], random: Seeded): string {
  let result = text;
  for (let i = random.below(3); i >= 0; i--) {
    const at = token(result, random);
    const end = random.below(2) === 0 ? at : token(result.slice(at, at + 200), random) + at;
    const insert = random.below(5) === 0 ? result.slice(at, at + random.below(300)) : random.pick(pieces);
    result = result.slice(0, at) + insert + result.slice(Math.max(at, end));
  }
  return result;
}

/** A request of metadata as JSON or XML (PS3.18 8.6.1.2) with something wrong in it. */
export function mutatedMetadata({ part10 }: Base, random: Seeded, seed: number): RawRequest {
  const uid = `2.25.3${String(seed).padStart(10, '0')}`;
  const json: JsonDataSet = { ...toJson(part10.dataSet), '00080018': { vr: 'UI', Value: [uid] } };
  if (random.below(2) === 0) {
    const body = random.below(40) === 0 ? '['.repeat(200_000) : mutatedText(jsonText(json), JSON_PIECES, random);
    return requestOf('application/dicom+json', [{ body }]);
  }
  const body = random.below(40) === 0 ? '<a>'.repeat(200_000) : mutatedText(toXml(json), XML_PIECES, random);
  return requestOf('application/dicom+xml', [{ body }]);
}
