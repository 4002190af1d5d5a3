import { type JsonDataSet, numberValue, textValue } from '../api/data-set.ts';
import { Problem } from '../api/problem.ts';

export interface StoredInstance {
  readonly sopInstanceUid: string;
  readonly studyUid: string | null;
  /** Set when the instance was stored, but changed or found odd (PS3.18 Table 10.5.3-1). */
  readonly warning: number | null;
}

export interface RefusedInstance {
  readonly sopInstanceUid: string;
  /** PS3.18 Table I.2-2. */
  readonly reason: number | null;
  readonly comment: string;
}

export interface StowAnswer {
  readonly stored: readonly StoredInstance[];
  readonly refused: readonly RefusedInstance[];
}

interface Progress {
  readonly onSent: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Where instances of an area are stored; without one the server finds out which. */
const pathOf = (area: number | null): string => `${area === null ? '' : `/areas/${area}`}/dicom-web/studies`;

/** Answers that carry outcomes per instance (PS3.18 10.5.3.1). */
const answers = new Set([200, 202, 409]);

/**
 * Stores files in one request (PS3.18 10.5). The body refers to the files and is read from disk while it is sent, so
 * that its size costs no memory. `XMLHttpRequest`, since `fetch` doesn't tell how much has been sent.
 */
export function store(files: readonly Blob[], area: number | null, { onSent, signal }: Progress): Promise<StowAnswer> {
  const boundary = `isocenter-${crypto.randomUUID()}`;
  const body = new Blob([
    ...files.flatMap((file) => [`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`, file, '\r\n']),
    `--${boundary}--\r\n`,
  ]);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open('POST', pathOf(area));
    request.setRequestHeader('Accept', 'application/dicom+json');
    request.setRequestHeader('Content-Type', `multipart/related; type="application/dicom"; boundary=${boundary}`);
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      const answer = answers.has(request.status) ? parseAnswer(request.responseText) : null;
      if (answer) resolve(answer);
      else reject(Problem.from(request.status, request.responseText, request.getResponseHeader('x-request-id')));
    };
    request.onerror = () => reject(Problem.network());
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    request.onloadend = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort);
    if (signal.aborted) reject(new DOMException('Cancelled', 'AbortError'));
    else request.send(body);
  });
}

/** Referenced SOP Sequence, Failed SOP Sequence, and Other Failures Sequence for what has no UID that could be read. */
const [stored, failed, other] = ['00081199', '00081198', '0008119A'] as const;

/** Reads the outcome per instance (PS3.18 10.5.3); null when the text is something else. */
export function parseAnswer(text: string): StowAnswer | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const dataSet: unknown = Array.isArray(json) ? json[0] : json;
  if (typeof dataSet !== 'object' || dataSet === null) return null;
  const set = dataSet as JsonDataSet;
  if (![stored, failed, other].some((tag) => tag in set)) return null;
  return {
    stored: items(set, stored).map((item) => ({
      sopInstanceUid: textValue(item, '00081155'),
      studyUid: /\/studies\/([0-9.]+)/.exec(textValue(item, '00081190'))?.[1] ?? null,
      warning: numberValue(item, '00081196') || null,
    })),
    refused: [...items(set, failed), ...items(set, other)].map((item) => ({
      sopInstanceUid: textValue(item, '00081155'),
      reason: numberValue(item, '00081197'),
      comment: textValue(item, '00000902'),
    })),
  };
}

function items(dataSet: JsonDataSet, tag: string): readonly JsonDataSet[] {
  return (dataSet[tag]?.Value ?? []) as readonly JsonDataSet[];
}
