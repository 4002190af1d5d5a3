import { firstString, type JsonDataSet, type Part10, type Tag, tagHex } from '@isocenter/dicom';
import type { InstanceIdentity } from './failure-reason.ts';

/** The UIDs under which an instance is kept and asked for. */
export interface InstanceUids extends InstanceIdentity {
  readonly studyUid: string;
  readonly seriesUid: string;
}

export type Identified =
  | { readonly ok: true; readonly uids: InstanceUids }
  | { readonly ok: false; readonly instance: Partial<InstanceIdentity>; readonly detail: string };

const needed: readonly (readonly [key: keyof InstanceUids, tag: Tag, name: string])[] = [
  ['sopClassUid', 0x00080016, '(0008,0016) SOP Class UID'],
  ['sopInstanceUid', 0x00080018, '(0008,0018) SOP Instance UID'],
  ['studyUid', 0x0020000d, '(0020,000D) Study Instance UID'],
  ['seriesUid', 0x0020000e, '(0020,000E) Series Instance UID'],
];

/** A UID as far as it can stand in an address; stricter forms are for those who make UIDs. */
export const isUid = (text: string | undefined): text is string =>
  text !== undefined && text.length <= 64 && /^[0-9]+(\.[0-9]+)*$/.test(text);

export function identify({ dataSet, meta }: Part10): Identified {
  const found: Partial<Record<keyof InstanceUids, string>> = {};
  const wanting: string[] = [];
  for (const [key, tag, name] of needed) {
    const uid = firstString(dataSet, tag) ?? (key === 'sopClassUid' ? firstString(meta, 0x00020002) : undefined);
    if (isUid(uid)) found[key] = uid;
    else wanting.push(`${name} ${uid === undefined ? 'is missing' : 'is no UID'}`);
  }
  if (wanting.length === 0) return { ok: true, uids: found as InstanceUids };
  return { ok: false, instance: identityOf(found), detail: wanting.join('; ') };
}

/**
 * Which of the UIDs the metadata gives otherwise, because they stand under a VR that isn't for text: whoever reads it
 * could not ask for the instance.
 */
export function misnamed(json: JsonDataSet, uids: InstanceUids): string | undefined {
  const other = needed.filter(([key, tag]) => {
    const element = json[tagHex(tag)];
    return element !== undefined && element.Value?.[0] !== uids[key];
  });
  return other.length === 0 ? undefined : other.map(([, , name]) => `${name} is no UID`).join('; ');
}

const identityOf = ({ sopClassUid, sopInstanceUid }: Partial<InstanceUids>): Partial<InstanceIdentity> => ({
  ...(sopClassUid !== undefined && { sopClassUid }),
  ...(sopInstanceUid !== undefined && { sopInstanceUid }),
});
