/** What the first bytes of a file say about it. */
export type Peeked =
  /** The instance's UID comes from the file meta information; null when the file has none and only the server can tell. */
  | { readonly kind: 'instance'; readonly sopInstanceUid: string | null }
  /** A DICOMDIR: an index of a medium, not an instance. */
  | { readonly kind: 'directory' }
  | { readonly kind: 'other' };

/** Enough for the preamble and the file meta information (PS3.10 7.1), which rarely exceeds 500 bytes. */
const window = 4_096;
const mediaStorageDirectory = '1.2.840.10008.1.3.10';
/** Value representations with two reserved bytes and a 32-bit length (PS3.5 7.1.2). */
const longVrs = new Set(['OB', 'OW', 'UN', 'UT', 'SQ', 'OF', 'OD', 'OL', 'UC', 'UR']);

export async function peek(file: Blob): Promise<Peeked> {
  return peekBytes(new Uint8Array(await file.slice(0, window).arrayBuffer()));
}

export function peekBytes(bytes: Uint8Array): Peeked {
  if (ascii(bytes, 128, 4) === 'DICM') return readMeta(bytes, 132);
  if (bytes.length < 8) return { kind: 'other' };
  const group = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
  if (group === 0x0002) return readMeta(bytes, 0);
  // Without preamble and meta information: a data set starts at group 8 in either byte order.
  const starts = group === 0x0008 || group === 0x0800;
  return starts ? { kind: 'instance', sopInstanceUid: null } : { kind: 'other' };
}

function readMeta(bytes: Uint8Array, start: number): Peeked {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sopClass = '';
  let offset = start;
  while (offset + 8 <= bytes.length && view.getUint16(offset, true) === 0x0002) {
    const element = view.getUint16(offset + 2, true);
    const long = longVrs.has(ascii(bytes, offset + 4, 2));
    if (long && offset + 12 > bytes.length) break;
    const length = long ? view.getUint32(offset + 8, true) : view.getUint16(offset + 6, true);
    const value = offset + (long ? 12 : 8);
    if (element === 0x0002) sopClass = uid(bytes, value, length);
    if (sopClass === mediaStorageDirectory) return { kind: 'directory' };
    if (element === 0x0003) return { kind: 'instance', sopInstanceUid: uid(bytes, value, length) || null };
    offset = value + length;
  }
  return { kind: 'instance', sopInstanceUid: null };
}

function uid(bytes: Uint8Array, offset: number, length: number): string {
  // UIDs are padded with one NUL; a space is a common mistake.
  return ascii(bytes, offset, length).replace(/[\0 ]+$/, '');
}

function ascii(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
