import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import type { TokenSource } from '../login/credentials.ts';
import type { InstanceFile } from './instance-file.ts';

/** Where instances go. */
export interface Target {
  /** The address of the STOW-RS resource. */
  readonly address: string;
  readonly token: TokenSource | undefined;
  readonly dispatcher: Dispatcher;
}

/** What a request came to. */
export type StoreAnswer =
  | { readonly kind: 'answered'; readonly outcomes: ReadonlyMap<InstanceFile, FileOutcome>; readonly present: number }
  /** Worth another try: the connection broke, or the server is busy, restarting or out of room. */
  | { readonly kind: 'again'; readonly reason: string; readonly afterMs?: number }
  /** The request is too large, or one of its instances makes the server refuse all of them. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No request will succeed: wrong address, token or rights. */
  | { readonly kind: 'hopeless'; readonly reason: string };

export type FileOutcome =
  | { readonly kind: 'stored' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'again'; readonly reason: string };

const CRLF = '\r\n';

/** Sends the files in one STOW-RS request (PS3.18 10.5). `onBytes` is told of every piece that leaves. */
export async function store(
  target: Target,
  files: readonly InstanceFile[],
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<StoreAnswer> {
  const boundary = `isocenter-${randomBytes(12).toString('hex')}`;
  const head = `--${boundary}${CRLF}Content-Type: application/dicom${CRLF}${CRLF}`;
  const tail = `--${boundary}--${CRLF}`;
  const length = files.reduce((sum, file) => sum + head.length + file.size + CRLF.length, tail.length);
  const body = Readable.from(multipart(files, head, tail, onBytes), { objectMode: false, highWaterMark: 2 ** 20 });
  try {
    const token = await target.token?.();
    const answer = await request(target.address, {
      method: 'POST',
      dispatcher: target.dispatcher,
      signal,
      body,
      headers: {
        accept: 'application/dicom+json',
        'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
        'content-length': String(length),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    return await understand(answer, files);
  } catch (error) {
    if (signal.aborted || error instanceof FileChanged) throw error;
    return { kind: 'again', reason: `the connection broke (${codeOf(error)})` };
  } finally {
    body.destroy();
  }
}

/** A file was cut or grew while it was sent. */
export class FileChanged extends Error {
  readonly file: InstanceFile;
  constructor(file: InstanceFile, reason: string) {
    super(reason);
    this.file = file;
  }
}

async function* multipart(
  files: readonly InstanceFile[],
  head: string,
  tail: string,
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer, void, void> {
  for (const file of files) {
    yield Buffer.from(head, 'latin1');
    let sent = 0;
    try {
      for await (const chunk of createReadStream(file.path, { highWaterMark: 2 ** 18 }) as AsyncIterable<Buffer>) {
        sent += chunk.length;
        if (sent > file.size) break;
        onBytes(chunk.length);
        yield chunk;
      }
    } catch (error) {
      throw new FileChanged(file, `it can't be read (${codeOf(error)})`);
    }
    if (sent !== file.size) throw new FileChanged(file, 'it changed while it was sent');
    yield Buffer.from(CRLF, 'latin1');
  }
  yield Buffer.from(tail, 'latin1');
}

/** Statuses of servers and proxies that pass by themselves. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);
const hopeless: Readonly<Record<number, string>> = {
  401: 'the server does not accept the token (401); give the right one with --token or ISOCENTER_TOKEN',
  403: 'the token has no right to store (403)',
  404: 'the server has no such address (404); check --url and --zone',
  405: 'the address does not take instances (405); check --url',
};

async function understand(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  files: readonly InstanceFile[],
): Promise<StoreAnswer> {
  const text = await body.text();
  if (statusCode === 200 || statusCode === 202 || statusCode === 409) {
    const answer = parseAnswer(text);
    if (answer === undefined)
      return { kind: 'hopeless', reason: `the answer is not that of a DICOMweb server (${statusCode})` };
    const present = Number(headers['isocenter-already-there'] ?? 0);
    return { kind: 'answered', outcomes: outcomesOf(files, answer), present: Number.isInteger(present) ? present : 0 };
  }
  const why = hopeless[statusCode];
  if (why !== undefined) return { kind: 'hopeless', reason: why };
  const detail = `the server answered ${statusCode}${detailOf(text)}`;
  if (!passing.has(statusCode)) return { kind: 'refused', reason: detail };
  const seconds = Number(headers['retry-after']);
  return { kind: 'again', reason: detail, ...(seconds > 0 ? { afterMs: seconds * 1000 } : {}) };
}

/** The Store Instances Response Module (PS3.18 Table I.1-1) in DICOM JSON, as far as we look. */
type JsonItem = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

function parseAnswer(text: string): JsonItem | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const item: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return typeof item === 'object' && item !== null ? (item as JsonItem) : undefined;
  } catch {
    return undefined;
  }
}

const itemsOf = (item: JsonItem, tag: string): JsonItem[] => (item[tag]?.Value ?? []) as JsonItem[];
const textOf = (item: JsonItem, tag: string): string | undefined => {
  const value = item[tag]?.Value?.[0];
  return value === undefined ? undefined : String(value);
};

function outcomesOf(files: readonly InstanceFile[], answer: JsonItem): Map<InstanceFile, FileOutcome> {
  const stored = new Set(itemsOf(answer, '00081199').map((item) => textOf(item, '00081155')));
  const failures = [...itemsOf(answer, '00081198'), ...itemsOf(answer, '0008119A')];
  const failed = new Map(failures.map((item) => [textOf(item, '00081155'), item]));
  const onlyFailure = files.length === 1 ? failures[0] : undefined;
  return new Map(
    files.map((file): [InstanceFile, FileOutcome] => {
      const failure = failed.get(file.sopInstanceUid) ?? onlyFailure;
      if (failure) return [file, failureOf(failure)];
      if (stored.has(file.sopInstanceUid) || (files.length === 1 && stored.size === 1))
        return [file, { kind: 'stored' }];
      return [file, { kind: 'again', reason: 'the answer does not mention it' }];
    }),
  );
}

/** (0008,1197): A7xx out of resources and 0110 processing failure may pass (PS3.18 Table I.2-2). */
function failureOf(item: JsonItem): FileOutcome {
  const code = Number(textOf(item, '00081197') ?? 0);
  const words = textOf(item, '00000902');
  const hex = code.toString(16).toUpperCase().padStart(4, '0');
  const reason = words === undefined ? `reason ${hex}` : `${words} (${hex})`;
  return code >> 8 === 0xa7 || code === 0x0110 ? { kind: 'again', reason } : { kind: 'failed', reason };
}

/** What a problem document (RFC 9457) says. */
function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? `: ${detail}` : '';
  } catch {
    return '';
  }
}

function codeOf(error: unknown): string {
  const { code, message, cause } = error as { code?: string; message?: string; cause?: unknown };
  return code ?? (cause ? codeOf(cause) : (message ?? 'unknown'));
}
