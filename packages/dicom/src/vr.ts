/** Value representations (PS3.5 Table 6.2-1) and what the encoding needs to know of each. */

export const VRS = [
  'AE',
  'AS',
  'AT',
  'CS',
  'DA',
  'DS',
  'DT',
  'FD',
  'FL',
  'IS',
  'LO',
  'LT',
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'PN',
  'SH',
  'SL',
  'SQ',
  'SS',
  'ST',
  'SV',
  'TM',
  'UC',
  'UI',
  'UL',
  'UN',
  'UR',
  'US',
  'UT',
  'UV',
] as const;

export type VR = (typeof VRS)[number];

const known = new Set<string>(VRS);

export function isVR(text: string): text is VR {
  return known.has(text);
}

/** VRs whose explicit header has two reserved bytes and a 32-bit length (PS3.5 Table 7.1-1). */
const longHeader = new Set<VR>(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
/** VRs whose text is interpreted by (0008,0005) Specific Character Set (PS3.5 6.1.2.2). */
const extendedText = new Set<VR>(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
/** VRs in which backslash is text and not a separator of values. */
const singleText = new Set<VR>(['LT', 'ST', 'UR', 'UT']);
const text = new Set<VR>([
  'AE',
  'AS',
  'CS',
  'DA',
  'DS',
  'DT',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'ST',
  'TM',
  'UC',
  'UI',
  'UR',
  'UT',
]);
/** VRs carried as InlineBinary or BulkDataURI in the DICOM JSON model (PS3.18 F.2.7). */
const binary = new Set<VR>(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);

/** Bytes of the unit that byte order applies to; 1 where it does not matter. */
const unit: Partial<Record<VR, 2 | 4 | 8>> = {
  AT: 2,
  FD: 8,
  FL: 4,
  OD: 8,
  OF: 4,
  OL: 4,
  OV: 8,
  OW: 2,
  SL: 4,
  SS: 2,
  SV: 8,
  UL: 4,
  US: 2,
  UV: 8,
};

export const hasLongHeader = (vr: VR): boolean => longHeader.has(vr);
export const isExtendedText = (vr: VR): boolean => extendedText.has(vr);
export const isSingleText = (vr: VR): boolean => singleText.has(vr);
export const isText = (vr: VR): boolean => text.has(vr);
export const isBinary = (vr: VR): boolean => binary.has(vr);
export const byteUnit = (vr: VR): 1 | 2 | 4 | 8 => unit[vr] ?? 1;
