import type { JsonDataSet } from '@isocenter/dicom';

/**
 * Metadata as it is stored: JSON, every BulkDataURI beginning with U+0001 where the address of the service
 * belongs. Text values can't look like one: their quotes are escaped.
 */
const PLACEHOLDER = '"BulkDataURI":"\\u0001';

/** JSON with the addresses of this view. `latin1` carries UTF-8 bytes through a replacement unharmed and fast. */
export function withBase(json: Buffer, base: string): Buffer {
  if (!json.includes(PLACEHOLDER)) return json;
  return Buffer.from(json.toString('latin1').replaceAll(PLACEHOLDER, `"BulkDataURI":"${base}`), 'latin1');
}

export const parseStored = (stored: Buffer, base: string): JsonDataSet =>
  JSON.parse(withBase(stored, base).toString('utf8')) as JsonDataSet;
