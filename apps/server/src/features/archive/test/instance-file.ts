import { type JsonDataSet, type JsonElement, type VR, type WriteOptions, writePart10 } from '@isocenter/dicom';

/** The UIDs under which an instance can be asked for. */
export interface Instance {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

export interface InstanceFile extends Instance {
  readonly bytes: Buffer;
}

export interface InstanceOptions extends Partial<Instance> {
  /** Further elements, or others instead of the usual ones. */
  readonly elements?: JsonDataSet;
  readonly write?: WriteOptions;
}

export const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

let made = 0;

/** A UID that nothing else in this process has. */
export const newUid = (): string => `1.2.826.0.1.3680043.9.${process.pid}.${++made}`;

/** A DICOM file without pixels; each with UIDs of its own unless they are given. */
export function instanceFile(options: InstanceOptions = {}): InstanceFile {
  const { study = newUid(), series = newUid(), instance = newUid(), elements = {}, write = {} } = options;
  const json: JsonDataSet = {
    '00080016': element('UI', SECONDARY_CAPTURE),
    '00080018': element('UI', instance),
    '00080060': element('CS', 'OT'),
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
    '00100020': element('LO', 'P-77'),
    '0020000D': element('UI', study),
    '0020000E': element('UI', series),
    ...elements,
  };
  return { study, series, instance, bytes: Buffer.from(writePart10(json, write)) };
}

export const element = (vr: VR, ...values: (string | number)[]): JsonElement =>
  values.length === 0 ? { vr } : { vr, Value: values };
