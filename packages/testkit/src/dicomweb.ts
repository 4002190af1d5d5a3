import { randomUUID } from 'node:crypto';
import type { JsonDataSet } from '@isocenter/dicom';

export interface OutgoingPart {
  readonly contentType?: string;
  readonly contentLocation?: string;
  readonly body: Uint8Array | string;
}

/** A multipart/related request body, as RFC 2387 has it. */
export function relatedBody(
  type: string,
  parts: readonly OutgoingPart[],
  boundary: string = randomUUID(),
): { headers: { 'content-type': string }; body: Buffer<ArrayBuffer> } {
  const chunks = parts.flatMap(({ contentType = type, contentLocation, body }) => [
    `\r\n--${boundary}\r\nContent-Type: ${contentType}\r\n`,
    contentLocation === undefined ? '\r\n' : `Content-Location: ${contentLocation}\r\n\r\n`,
    body,
  ]);
  return {
    headers: { 'content-type': `multipart/related; type="${type}"; boundary=${boundary}` },
    body: Buffer.concat([...chunks, `\r\n--${boundary}--\r\n`].map(bytesOf)),
  };
}

const bytesOf = (chunk: string | Uint8Array): Uint8Array => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk);

/** A STOW request of DICOM files. */
export const storeRequest = (files: readonly Uint8Array[]): RequestInit => ({
  method: 'POST',
  ...relatedBody(
    'application/dicom',
    files.map((body) => ({ body })),
  ),
});

export interface AnsweredPart {
  readonly headers: Headers;
  readonly body: Buffer<ArrayBuffer>;
}

/** The parts of a multipart answer. */
export async function answeredParts(answer: Response): Promise<AnsweredPart[]> {
  const boundary = /boundary="?([^;"]+)/.exec(answer.headers.get('content-type') ?? '')?.[1];
  if (!boundary) throw new Error(`no multipart answer but ${answer.status} ${await answer.text()}`);
  const body = Buffer.concat([Buffer.from('\r\n'), Buffer.from(await answer.arrayBuffer())]);
  const mark = Buffer.from(`\r\n--${boundary}`);
  const parts: AnsweredPart[] = [];
  let at = body.indexOf(mark);
  for (let next = body.indexOf(mark, at + 1); next >= 0; at = next, next = body.indexOf(mark, at + 1)) {
    const part = body.subarray(at + mark.length, next);
    const end = part.indexOf('\r\n\r\n');
    const lines = part.subarray(0, end).toString('latin1').split('\r\n').filter(Boolean);
    const headers = new Headers(lines.map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
    parts.push({ headers, body: part.subarray(end + 4) });
  }
  return parts;
}

export interface StoreFailure {
  readonly instance: string | undefined;
  readonly reason: number;
  readonly comment: string;
}

/** What a Store Instances Response (PS3.18 Table I.1-1) says. */
export interface StoreAnswer {
  readonly status: number;
  readonly stored: readonly { readonly instance: string; readonly url: string; readonly warning?: number }[];
  readonly failed: readonly StoreFailure[];
}

export async function storeAnswer(answer: Response): Promise<StoreAnswer> {
  const text = await answer.text();
  let json: JsonDataSet;
  try {
    json = JSON.parse(text) as JsonDataSet;
  } catch {
    throw new Error(`no DICOM JSON but ${answer.status} ${text.slice(0, 500)}`);
  }
  if ('code' in json) throw new Error(`a problem: ${answer.status} ${text.slice(0, 500)}`);
  const items = (tag: string): JsonDataSet[] => (json[tag]?.Value ?? []) as JsonDataSet[];
  return {
    status: answer.status,
    stored: items('00081199').map((item) => {
      const warning = item['00081196']?.Value?.[0];
      return {
        instance: String(item['00081155']?.Value?.[0]),
        url: String(item['00081190']?.Value?.[0]),
        ...(warning !== undefined && { warning: Number(warning) }),
      };
    }),
    failed: [...items('00081198'), ...items('0008119A')].map((item) => ({
      instance: item['00081155']?.Value?.[0] as string | undefined,
      reason: Number(item['00081197']?.Value?.[0]),
      comment: String(item['00000902']?.Value?.[0]),
    })),
  };
}
