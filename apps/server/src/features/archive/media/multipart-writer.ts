import { randomUUID } from 'node:crypto';

export interface OutgoingPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array> | Uint8Array;
}

/** A multipart/related answer that is made while it is sent. */
export interface MultipartBody {
  readonly contentType: string;
  readonly stream: AsyncIterable<Uint8Array>;
}

/** @param type the media type of the parts, for the header (RFC 2387 3.1). */
export function writeMultipart(type: string, parts: AsyncIterable<OutgoingPart>): MultipartBody {
  const boundary = randomUUID();
  return { contentType: `multipart/related; type="${type}"; boundary=${boundary}`, stream: encode(boundary, parts) };
}

async function* encode(boundary: string, parts: AsyncIterable<OutgoingPart>): AsyncGenerator<Uint8Array, void, void> {
  let start = `--${boundary}\r\n`;
  for await (const { headers, body } of parts) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    yield Buffer.from(`${start}${lines.join('')}\r\n`, 'latin1');
    if (body instanceof Uint8Array) yield body;
    else yield* body;
    start = `\r\n--${boundary}\r\n`;
  }
  yield Buffer.from(`${start === `--${boundary}\r\n` ? '' : '\r\n'}--${boundary}--\r\n`, 'latin1');
}
