import { MM_PER_PIXEL, ULTRASOUND } from '../physics/ultrasound.ts';
import { dataSet } from './attributes.ts';
import { commonHeader, type Instance, instanceUid, type Study, timeAfter } from './study.ts';

/** A colour cine loop with calibrated regions (PS3.3 A.7, C.8.5.5); names are burned into its pixels, as scanners do. */
export function ultrasoundInstance(
  study: Study,
  number: number,
  frames: Uint8Array<ArrayBuffer>,
  description: string,
): Instance {
  const { width, height, left, top, right, bottom, frameTime } = ULTRASOUND;
  const count = frames.length / (width * height * 3);
  const sopInstanceUid = instanceUid(study, number, 1);
  const centimetres = 3;
  const region = {
    RegionLocationMinX0: left,
    RegionLocationMinY0: top,
    RegionLocationMaxX1: right,
    RegionLocationMaxY1: bottom,
  };
  return {
    sopInstanceUid,
    pixels: frames,
    header: {
      ...commonHeader(study, {
        sopClassUid: '1.2.840.10008.5.1.4.1.1.3.1',
        modality: 'US',
        number,
        description,
        protocol: 'Abdomen',
        bodyPart: 'ABDOMEN',
        start: 60,
      }),
      ...dataSet({
        SOPInstanceUID: sopInstanceUid,
        ImageType: ['ORIGINAL', 'PRIMARY', 'ABDOMINAL', '0001'],
        AcquisitionDate: study.date,
        ContentDate: study.date,
        AcquisitionTime: timeAfter(study, 62),
        ContentTime: timeAfter(study, 62),
        InstanceNumber: 1,
        PatientOrientation: null,
        TransducerType: 'SECTOR_PHASED',
        TransducerData: ['C5-1', '', ''],
        ProcessingFunction: 'COLOR',
        MechanicalIndex: 1.1,
        SoftTissueThermalIndex: 0.6,
        DepthOfScanField: 150,
        SequenceOfUltrasoundRegions: [
          {
            RegionSpatialFormat: 1,
            RegionDataType: 1,
            RegionFlags: 2,
            ...region,
            ReferencePixelX0: width / 2 - left,
            ReferencePixelY0: 0,
            ReferencePixelPhysicalValueX: 0,
            ReferencePixelPhysicalValueY: 0,
            PhysicalUnitsXDirection: centimetres,
            PhysicalUnitsYDirection: centimetres,
            PhysicalDeltaX: MM_PER_PIXEL / 10,
            PhysicalDeltaY: MM_PER_PIXEL / 10,
            TransducerFrequency: 3200,
          },
          {
            RegionSpatialFormat: 1,
            RegionDataType: 2,
            RegionFlags: 3,
            RegionLocationMinX0: 200,
            RegionLocationMinY0: 180,
            RegionLocationMaxX1: 455,
            RegionLocationMaxY1: 345,
            PhysicalUnitsXDirection: centimetres,
            PhysicalUnitsYDirection: centimetres,
            PhysicalDeltaX: MM_PER_PIXEL / 10,
            PhysicalDeltaY: MM_PER_PIXEL / 10,
            TransducerFrequency: 2500,
          },
        ],
        SamplesPerPixel: 3,
        PhotometricInterpretation: 'RGB',
        PlanarConfiguration: 0,
        NumberOfFrames: count,
        Rows: height,
        Columns: width,
        BitsAllocated: 8,
        BitsStored: 8,
        HighBit: 7,
        PixelRepresentation: 0,
        UltrasoundColorDataPresent: 1,
        FrameTime: frameTime,
        StartTrim: 1,
        StopTrim: count,
        RecommendedDisplayFrameRate: Math.round(1000 / frameTime),
        CineRate: Math.round(1000 / frameTime),
        EffectiveDuration: Number(((count * frameTime) / 1000).toFixed(3)),
        PreferredPlaybackSequencing: 0,
        BurnedInAnnotation: 'YES',
      }),
      // Frame Increment Pointer names Frame Time.
      '00280009': { vr: 'AT', Value: ['00181063'] },
    },
  };
}
