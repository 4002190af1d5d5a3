import { registeredUid } from '@isocenter/dicom';

export const VERIFICATION = '1.2.840.10008.1.1';

/** Standard SOP classes that have "Storage" in their names and store no composite instances. */
const NOT_STORED = /Commitment|Media Storage Directory/;

/**
 * Whether instances of a SOP class are composite ones that can be stored: those of the standard by their names, and any
 * that the standard doesn't know, since makers have their own.
 */
export function isStorageSopClass(uid: string): boolean {
  const known = registeredUid(uid);
  if (!known) return !uid.startsWith('1.2.840.10008.') || uid.startsWith('1.2.840.10008.5.1.4.1.1.');
  return known.type === 'SOP Class' && known.name.includes('Storage') && !NOT_STORED.test(known.name);
}
