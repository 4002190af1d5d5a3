import { DecodeError } from './pixel-error.ts';

/** What the markers of a JPEG or JPEG-LS stream say before its first scan's data (ISO 10918-1 B.2, ISO 14495-1 C.2). */
export interface JpegHeader {
  readonly process: 'baseline' | 'extended' | 'progressive' | 'lossless' | 'jpeg-ls' | 'arithmetic' | 'hierarchical';
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  readonly components: readonly JpegComponent[];
  readonly jfif: boolean;
  /** The transform byte of Adobe's APP14: 0 none, 1 YCbCr, 2 YCCK. */
  readonly adobeTransform?: number;
  /** JPEG-LS: 0 a scan per component, 1 by line, 2 by sample. */
  readonly interleave: number;
}

export interface JpegComponent {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
}

const processes: Record<number, JpegHeader['process']> = {
  192: 'baseline',
  193: 'extended',
  194: 'progressive',
  195: 'lossless',
  247: 'jpeg-ls',
  197: 'hierarchical',
  198: 'hierarchical',
  199: 'hierarchical',
  201: 'arithmetic',
  202: 'arithmetic',
  203: 'arithmetic',
  205: 'arithmetic',
  206: 'arithmetic',
  207: 'arithmetic',
};
const marker = { soi: 0xd8, eoi: 0xd9, sos: 0xda, app0: 0xe0, app14: 0xee };

/** Reads the header up to the first scan. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== marker.soi) throw new DecodeError('Not a JPEG stream: no SOI marker');
  let jfif = false;
  let adobeTransform: number | undefined;
  let frame: Omit<JpegHeader, 'jfif' | 'adobeTransform' | 'interleave'> | undefined;
  let at = 2;
  for (;;) {
    const { code, segment, next } = nextSegment(bytes, at);
    if (processes[code]) frame ??= readFrameHeader(processes[code], segment);
    else if (code === marker.app0) jfif ||= startsWith(segment, 'JFIF\0');
    else if (code === marker.app14 && startsWith(segment, 'Adobe')) adobeTransform = segment[11];
    else if (code === marker.sos) {
      if (!frame) throw new DecodeError('JPEG scan before its frame header');
      const interleave = segment[2 + 2 * (segment[0] ?? 0)] ?? 0;
      return { ...frame, jfif, interleave, ...(adobeTransform === undefined ? {} : { adobeTransform }) };
    }
    at = next;
  }
}

function nextSegment(bytes: Uint8Array, start: number): { code: number; segment: Uint8Array; next: number } {
  let at = start;
  if (bytes[at] !== 0xff) throw new DecodeError(`JPEG marker expected at byte ${at}`);
  while (bytes[at] === 0xff) at++;
  const code = bytes[at];
  const length = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  const next = at + 1 + length;
  // Markers without a segment have no place here, and the C library's look-ahead goes round for ever at TEM (0x01).
  const alone = code === undefined || code < 0xc0 || (code >= 0xd0 && code <= marker.eoi);
  if (alone || length < 2 || next > bytes.length) throw new DecodeError('JPEG header is broken');
  return { code, segment: bytes.subarray(at + 3, next), next };
}

function readFrameHeader(process: JpegHeader['process'], segment: Uint8Array) {
  const count = segment[5] ?? 0;
  if (segment.length < 6 + count * 3 || count === 0) throw new DecodeError('JPEG frame header is truncated');
  const components = Array.from({ length: count }, (_, i) => {
    const factors = segment[7 + i * 3]!;
    return { id: segment[6 + i * 3]!, horizontal: factors >> 4, vertical: factors & 15 };
  });
  return {
    process,
    precision: segment[0]!,
    rows: (segment[1]! << 8) | segment[2]!,
    columns: (segment[3]! << 8) | segment[4]!,
    components,
  };
}

const startsWith = (bytes: Uint8Array, text: string): boolean =>
  [...text].every((character, i) => bytes[i] === character.charCodeAt(0));

/**
 * Whether three components hold YCbCr. The stream's own marks come first, for Photometric Interpretation is often wrong:
 * Adobe's transform, components named R G B, JFIF (always YCbCr), subsampled chroma (never RGB); then the data set.
 */
export function holdsYCbCr(header: JpegHeader, photometric: string): boolean {
  const [first, ...others] = header.components;
  if (header.components.length !== 3 || !first) return false;
  if (header.adobeTransform !== undefined) return header.adobeTransform !== 0;
  if (header.components.map(({ id }) => String.fromCharCode(id)).join('') === 'RGB') return false;
  if (header.jfif) return true;
  if (others.some(({ horizontal, vertical }) => horizontal !== first.horizontal || vertical !== first.vertical))
    return true;
  return photometric !== 'RGB';
}

/** Whether the stream ends as it should, with EOI (in JPEG 2000: EOC, the same), padding aside. */
export function hasEndMarker(bytes: Uint8Array): boolean {
  let end = bytes.length;
  while (end > 2 && bytes[end - 1] === 0) end--;
  // A writer may pad with a second 0xff before the marker's code, or leave a stray one behind it.
  if (bytes[end - 1] === 0xff) end--;
  return bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9;
}
