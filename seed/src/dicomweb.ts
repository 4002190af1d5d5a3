import { randomBytes } from 'node:crypto';
import type { JsonDataSet } from '@isocenter/dicom';

/** A DICOMweb server to fill. */
export interface Server {
  /** e.g. http://127.0.0.1:8080 */
  readonly url: string;
  readonly token: string;
}

/** The server refused; the message names UIDs and reasons, never a person. */
export class StoreRefused extends Error {}

const JSON_TYPE = 'application/dicom+json';

/** How many instances of each series of a study are there (QIDO-RS, PS3.18 10.6). */
export async function storedSeries(
  { url, token }: Server,
  studyUid: string,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const address = `${url}/dicom-web/studies/${studyUid}/series?includefield=00201209`;
  const response = await fetch(address, { signal, headers: { accept: JSON_TYPE, authorization: `Bearer ${token}` } });
  if (response.status === 404 || response.status === 204) return new Map();
  if (!response.ok)
    throw new StoreRefused(`asking for the series of study ${studyUid} was answered ${response.status}`);
  const rows = (await response.json()) as JsonDataSet[];
  return new Map(rows.map((row) => [String(row['0020000E']?.Value?.[0]), Number(row['00201209']?.Value?.[0] ?? 0)]));
}

/** A server that takes longer for one request has been lost. */
const STORE_MS = 180_000;

/**
 * Stores files in one request (STOW-RS, PS3.18 10.5), which is let end once it has begun.
 *
 * @param area where they go; without one, where the server puts what belongs to nobody.
 */
export async function storeFiles({ url, token }: Server, files: readonly Uint8Array[], area?: number): Promise<void> {
  const boundary = `isocenter-${randomBytes(12).toString('hex')}`;
  const head = Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
  const end = Buffer.from('\r\n');
  const body = Buffer.concat([...files.flatMap((file) => [head, file, end]), Buffer.from(`--${boundary}--\r\n`)]);
  const root = area === undefined ? url : `${url}/areas/${area}`;
  const response = await fetch(`${root}/dicom-web/studies`, {
    method: 'POST',
    signal: AbortSignal.timeout(STORE_MS),
    body,
    headers: {
      accept: JSON_TYPE,
      authorization: `Bearer ${token}`,
      'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
    },
  });
  const text = await response.text();
  if (response.status === 200) return;
  throw new StoreRefused(`storing ${files.length} instances was answered ${response.status}${failures(text)}`);
}

/** UIDs and reasons from a store response (PS3.18 10.5.3.2). */
function failures(text: string): string {
  try {
    const answer = JSON.parse(text) as JsonDataSet;
    const failed = (answer['00081198']?.Value ?? []) as JsonDataSet[];
    return failed.map((one) => `; ${one['00081155']?.Value?.[0]}: reason ${one['00081197']?.Value?.[0]}`).join('');
  } catch {
    return '';
  }
}
