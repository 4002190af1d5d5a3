import { hasLongHeader, type Tag, type VR } from '@isocenter/dicom';

/** The header of an element with a 32-bit length, little endian (PS3.5 7.1.2, 7.1.3). */
export function elementHeader(tag: Tag, vr: VR, length: number, explicitVR: boolean): Uint8Array {
  if (explicitVR && !hasLongHeader(vr)) throw new TypeError(`${vr} has a 16-bit length`);
  const header = Buffer.alloc(explicitVR ? 12 : 8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  if (explicitVR) header.write(vr, 4, 'latin1');
  header.writeUInt32LE(length, header.length - 4);
  return header;
}
