/** Transfer syntaxes (PS3.5 Annex A, PS3.6 Table A-1) and what reading needs to know of each. */

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly littleEndian: boolean;
  readonly explicitVR: boolean;
  readonly deflated: boolean;
  readonly encapsulated: boolean;
  /** The codec of the pixel data; undefined where it isn't compressed frame by frame. */
  readonly codec?: Codec;
  /** May lose information: decoders agree within a tolerance only. */
  readonly lossy: boolean;
}

export type Codec =
  | 'rle'
  | 'jpeg-baseline'
  | 'jpeg-extended'
  | 'jpeg-lossless'
  | 'jpeg-ls'
  | 'jpeg-2000'
  | 'htj2k'
  | 'jpeg-xl'
  | 'mpeg2'
  | 'h264'
  | 'h265'
  | 'deflated-frame'
  | 'other';

export const ImplicitVRLittleEndian = '1.2.840.10008.1.2';
export const ExplicitVRLittleEndian = '1.2.840.10008.1.2.1';
export const DeflatedExplicitVRLittleEndian = '1.2.840.10008.1.2.1.99';
export const ExplicitVRBigEndian = '1.2.840.10008.1.2.2';
export const JPEGBaseline8Bit = '1.2.840.10008.1.2.4.50';
export const JPEGLosslessSV1 = '1.2.840.10008.1.2.4.70';
export const JPEGLSLossless = '1.2.840.10008.1.2.4.80';
export const JPEG2000Lossless = '1.2.840.10008.1.2.4.90';
export const HTJ2KLossless = '1.2.840.10008.1.2.4.201';
export const RLELossless = '1.2.840.10008.1.2.5';

const native = (uid: string, name: string, more: Partial<TransferSyntax> = {}): TransferSyntax => ({
  uid,
  name,
  littleEndian: true,
  explicitVR: true,
  deflated: false,
  encapsulated: false,
  lossy: false,
  ...more,
});
const compressed = (uid: string, name: string, codec: Codec, lossy: boolean): TransferSyntax => ({
  ...native(uid, name),
  encapsulated: true,
  codec,
  lossy,
});

const table: readonly TransferSyntax[] = [
  native(ImplicitVRLittleEndian, 'Implicit VR Little Endian', { explicitVR: false }),
  native(ExplicitVRLittleEndian, 'Explicit VR Little Endian'),
  native(DeflatedExplicitVRLittleEndian, 'Deflated Explicit VR Little Endian', { deflated: true }),
  native(ExplicitVRBigEndian, 'Explicit VR Big Endian', { littleEndian: false }),
  compressed('1.2.840.10008.1.2.1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', 'other', false),
  compressed(JPEGBaseline8Bit, 'JPEG Baseline (Process 1)', 'jpeg-baseline', true),
  compressed('1.2.840.10008.1.2.4.51', 'JPEG Extended (Process 2 and 4)', 'jpeg-extended', true),
  // Retired, and still written by some.
  compressed(
    '1.2.840.10008.1.2.4.53',
    'JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)',
    'jpeg-extended',
    true,
  ),
  compressed(
    '1.2.840.10008.1.2.4.55',
    'JPEG Full Progression, Non-Hierarchical (Process 10 and 12)',
    'jpeg-extended',
    true,
  ),
  compressed('1.2.840.10008.1.2.4.57', 'JPEG Lossless, Non-Hierarchical (Process 14)', 'jpeg-lossless', false),
  compressed(JPEGLosslessSV1, 'JPEG Lossless, Non-Hierarchical, First-Order Prediction', 'jpeg-lossless', false),
  compressed(JPEGLSLossless, 'JPEG-LS Lossless', 'jpeg-ls', false),
  compressed('1.2.840.10008.1.2.4.81', 'JPEG-LS Near-Lossless', 'jpeg-ls', true),
  compressed(JPEG2000Lossless, 'JPEG 2000 (Lossless Only)', 'jpeg-2000', false),
  compressed('1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg-2000', true),
  compressed('1.2.840.10008.1.2.4.92', 'JPEG 2000 Part 2 Multi-component (Lossless Only)', 'other', false),
  compressed('1.2.840.10008.1.2.4.93', 'JPEG 2000 Part 2 Multi-component', 'other', true),
  compressed('1.2.840.10008.1.2.4.94', 'JPIP Referenced', 'other', true),
  compressed('1.2.840.10008.1.2.4.95', 'JPIP Referenced Deflate', 'other', true),
  compressed('1.2.840.10008.1.2.4.100', 'MPEG2 Main Profile / Main Level', 'mpeg2', true),
  compressed('1.2.840.10008.1.2.4.100.1', 'Fragmentable MPEG2 Main Profile / Main Level', 'mpeg2', true),
  compressed('1.2.840.10008.1.2.4.101', 'MPEG2 Main Profile / High Level', 'mpeg2', true),
  compressed('1.2.840.10008.1.2.4.101.1', 'Fragmentable MPEG2 Main Profile / High Level', 'mpeg2', true),
  compressed('1.2.840.10008.1.2.4.102', 'MPEG-4 AVC/H.264 High Profile / Level 4.1', 'h264', true),
  compressed('1.2.840.10008.1.2.4.102.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1', 'h264', true),
  compressed('1.2.840.10008.1.2.4.103', 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', 'h264', true),
  compressed('1.2.840.10008.1.2.4.103.1', 'Fragmentable MPEG-4 AVC/H.264 BD-compatible', 'h264', true),
  compressed('1.2.840.10008.1.2.4.104', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video', 'h264', true),
  compressed('1.2.840.10008.1.2.4.105', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video', 'h264', true),
  compressed('1.2.840.10008.1.2.4.106', 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'h264', true),
  compressed('1.2.840.10008.1.2.4.107', 'HEVC/H.265 Main Profile / Level 5.1', 'h265', true),
  compressed('1.2.840.10008.1.2.4.108', 'HEVC/H.265 Main 10 Profile / Level 5.1', 'h265', true),
  compressed('1.2.840.10008.1.2.4.110', 'JPEG XL Lossless', 'jpeg-xl', false),
  compressed('1.2.840.10008.1.2.4.111', 'JPEG XL JPEG Recompression', 'jpeg-xl', true),
  compressed('1.2.840.10008.1.2.4.112', 'JPEG XL', 'jpeg-xl', true),
  compressed(HTJ2KLossless, 'High-Throughput JPEG 2000 (Lossless Only)', 'htj2k', false),
  compressed('1.2.840.10008.1.2.4.202', 'High-Throughput JPEG 2000 with RPCL Options (Lossless Only)', 'htj2k', false),
  compressed('1.2.840.10008.1.2.4.203', 'High-Throughput JPEG 2000', 'htj2k', true),
  compressed('1.2.840.10008.1.2.4.204', 'JPIP HTJ2K Referenced', 'other', true),
  compressed('1.2.840.10008.1.2.4.205', 'JPIP HTJ2K Referenced Deflate', 'other', true),
  compressed(RLELossless, 'RLE Lossless', 'rle', false),
  compressed('1.2.840.10008.1.2.8.1', 'Deflated Image Frame Compression', 'deflated-frame', false),
];

const byUid = new Map(table.map((syntax) => [syntax.uid, syntax]));

export const transferSyntaxes = table;

/**
 * The transfer syntax of a UID. One that we don't know is taken as explicit VR little endian with encapsulated pixel
 * data, as PS3.5 A.4 requires of every compressed one, so that it can be stored and served as it is.
 */
export function transferSyntaxOf(uid: string): TransferSyntax {
  return byUid.get(uid) ?? compressed(uid, `Unknown (${uid})`, 'other', true);
}

export const isKnownTransferSyntax = (uid: string): boolean => byUid.has(uid);
