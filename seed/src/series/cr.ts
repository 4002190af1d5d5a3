import { dataSet, privateBlock } from './attributes.ts';
import { commonHeader, type Instance, instanceUid, type Study, timeAfter } from './study.ts';

export interface CrProtocol {
  readonly number: number;
  readonly rows: number;
  readonly columns: number;
  /** mm at the detector */
  readonly pixel: number;
  readonly window: readonly [center: number, width: number];
}

/** A computed radiograph of the chest (PS3.3 A.2). */
export function crInstance(study: Study, p: CrProtocol, values: Uint16Array<ArrayBuffer>): Instance {
  const sopInstanceUid = instanceUid(study, p.number, 1);
  return {
    sopInstanceUid,
    pixels: new Uint8Array(values.buffer),
    header: {
      ...commonHeader(study, {
        sopClassUid: '1.2.840.10008.5.1.4.1.1.1',
        modality: 'CR',
        number: p.number,
        description: 'Chest PA',
        protocol: 'Chest PA',
        bodyPart: 'CHEST',
        start: 20,
      }),
      ...dataSet({
        SOPInstanceUID: sopInstanceUid,
        ImageType: ['ORIGINAL', 'PRIMARY'],
        AcquisitionDate: study.date,
        ContentDate: study.date,
        AcquisitionTime: timeAfter(study, 20),
        ContentTime: timeAfter(study, 20),
        KVP: 125,
        PlateID: 'A0411723',
        DistanceSourceToDetector: 1800,
        ExposureTime: 8,
        XRayTubeCurrent: 320,
        Exposure: 3,
        ImagerPixelSpacing: [p.pixel, p.pixel],
        Grid: 'NONE',
        FocalSpots: 1.2,
        PlateType: 'code 20',
        Sensitivity: 400,
        ViewPosition: 'PA',
        PatientOrientation: ['L', 'F'],
        InstanceNumber: 1,
        AcquisitionNumber: 1,
        SamplesPerPixel: 1,
        PhotometricInterpretation: 'MONOCHROME2',
        Rows: p.rows,
        Columns: p.columns,
        PixelSpacing: [p.pixel, p.pixel],
        BitsAllocated: 16,
        BitsStored: 12,
        HighBit: 11,
        PixelRepresentation: 0,
        BurnedInAnnotation: 'NO',
        WindowCenter: p.window[0],
        WindowWidth: p.window[1],
        LossyImageCompression: '00',
      }),
      ...privateBlock(0x2001, 'Philips Imaging DD 001', {}),
    },
  };
}
