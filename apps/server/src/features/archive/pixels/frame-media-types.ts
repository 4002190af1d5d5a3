import {
  type Codec,
  HTJ2KLossless,
  JPEG2000Lossless,
  JPEGLosslessSV1,
  JPEGLSLossless,
  RLELossless,
  transferSyntaxOf,
} from '@isocenter/dicom';

/** Media types of frames (PS3.18 Table 8.7.3-5). */

export const OCTETS = 'application/octet-stream';

const ofCodec: Readonly<Record<Codec, string>> = {
  rle: 'image/dicom-rle',
  'jpeg-baseline': 'image/jpeg',
  'jpeg-extended': 'image/jpeg',
  'jpeg-lossless': 'image/jpeg',
  'jpeg-ls': 'image/jls',
  'jpeg-2000': 'image/jp2',
  htj2k: 'image/jphc',
  'jpeg-xl': 'image/jxl',
  mpeg2: 'video/mpeg',
  h264: 'video/mp4',
  h265: 'video/H265',
  'deflated-frame': 'application/x-deflate',
  other: OCTETS,
};

/** JPEG 2000 Part 2. */
const PART_2 = new Set(['1.2.840.10008.1.2.4.92', '1.2.840.10008.1.2.4.93']);

/** What a frame in this transfer syntax is sent as. */
export function mediaTypeOf(transferSyntaxUid: string): string {
  if (PART_2.has(transferSyntaxUid)) return 'image/jpx';
  const { codec } = transferSyntaxOf(transferSyntaxUid);
  return codec === undefined ? OCTETS : ofCodec[codec];
}

/** Names from drafts and older editions that clients still ask for. */
const oldNames: Readonly<Record<string, string>> = {
  'image/x-jls': 'image/jls',
  'image/x-dicom-rle': 'image/dicom-rle',
  'image/dicom+rle': 'image/dicom-rle',
  'image/dicom+jpeg': 'image/jpeg',
  'image/dicom+jpeg-ls': 'image/jls',
  'image/dicom+jp2': 'image/jp2',
  'image/dicom+jpx': 'image/jpx',
  'video/mpeg2': 'video/mpeg',
};

export const currentName = (mediaType: string): string => oldNames[mediaType] ?? mediaType;

/** The transfer syntax that a media type stands for when none is named. */
export const defaultSyntaxOf: Readonly<Record<string, string>> = {
  'image/jpeg': JPEGLosslessSV1,
  'image/jls': JPEGLSLossless,
  'image/jp2': JPEG2000Lossless,
  'image/jphc': HTJ2KLossless,
  'image/dicom-rle': RLELossless,
  'application/x-deflate': '1.2.840.10008.1.2.8.1',
};
