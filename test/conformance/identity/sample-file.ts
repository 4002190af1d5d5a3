import { writePart10 } from '@isocenter/dicom';

/** A small picture, with UIDs of its own. */
export interface SampleFile {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly bytes: Uint8Array;
}

let made = 0;

export function sampleFile(): SampleFile {
  const study = `1.2.826.0.1.3680043.9.7.${process.pid}.${++made}`;
  const [series, instance] = [`${study}.1`, `${study}.1.1`];
  const us = (value: number) => ({ vr: 'US' as const, Value: [value] });
  const bytes = writePart10(
    {
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
      '00080018': { vr: 'UI', Value: [instance] },
      '00080060': { vr: 'CS', Value: ['OT'] },
      '00100020': { vr: 'LO', Value: ['P-77'] },
      '0020000D': { vr: 'UI', Value: [study] },
      '0020000E': { vr: 'UI', Value: [series] },
      '00280002': us(1),
      '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
      '00280010': us(4),
      '00280011': us(6),
      '00280100': us(8),
      '00280101': us(8),
      '00280102': us(7),
      '00280103': us(0),
      '7FE00010': { vr: 'OB', BulkDataURI: 'pixels' },
    },
    { bulkData: () => new Uint8Array(24) },
  );
  return { study, series, instance, bytes };
}
