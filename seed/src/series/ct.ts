import type { JsonDataSet } from '@isocenter/dicom';
import { type Grid, positionOf } from '../anatomy/grid.ts';
import { CT_PADDING, type CtKernel } from '../physics/ct.ts';
import { dataSet, privateBlock } from './attributes.ts';
import { commonHeader, frameOfReferenceUid, type Instance, instanceUid, type Study, timeAfter } from './study.ts';

export interface CtProtocol {
  readonly number: number;
  readonly description: string;
  readonly protocol: string;
  readonly kernel: CtKernel;
  /** Pairs of centre and width: the first is for what the kernel shows best. */
  readonly windows: readonly { readonly name: string; readonly center: number; readonly width: number }[];
  readonly contrast?: string;
  readonly start: number;
  /** Air outside of the circle has a padding value. */
  readonly circle: boolean;
}

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';

export function ctHeader(study: Study, p: CtProtocol, grid: Grid): JsonDataSet {
  return {
    ...commonHeader(study, {
      sopClassUid: CT_IMAGE_STORAGE,
      modality: 'CT',
      number: p.number,
      description: p.description,
      protocol: p.protocol,
      bodyPart: 'CHEST',
      patientPosition: 'HFS',
      start: p.start,
    }),
    ...dataSet({
      ImageType:
        study.scanner.maker === 'Siemens'
          ? ['ORIGINAL', 'PRIMARY', 'AXIAL', 'CT_SOM5 SPI']
          : ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      AcquisitionDate: study.date,
      ContentDate: study.date,
      ContrastBolusAgent: p.contrast,
      ContrastBolusRoute: p.contrast ? 'IV' : undefined,
      ScanOptions: 'HELICAL MODE',
      SliceThickness: grid.thickness,
      SpacingBetweenSlices: grid.spacing[2],
      KVP: 120,
      DataCollectionDiameter: 500,
      ReconstructionDiameter: Number((grid.columns * grid.spacing[0]).toFixed(3)),
      DistanceSourceToDetector: 1085.6,
      DistanceSourceToPatient: 595,
      GantryDetectorTilt: 0,
      TableHeight: 152.4,
      RotationDirection: 'CW',
      ExposureTime: 500,
      XRayTubeCurrent: 214,
      Exposure: 107,
      FilterType: 'FLAT',
      GeneratorPower: 26,
      FocalSpots: 1.2,
      ConvolutionKernel: p.kernel.name,
      SpiralPitchFactor: 0.984,
      CTDIvol: 7.2,
      FrameOfReferenceUID: frameOfReferenceUid(study),
      PositionReferenceIndicator: 'SN',
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: grid.rows,
      Columns: grid.columns,
      PixelSpacing: [grid.spacing[1], grid.spacing[0]],
      BitsAllocated: 16,
      BitsStored: p.circle ? 16 : 12,
      HighBit: p.circle ? 15 : 11,
      PixelRepresentation: p.circle ? 1 : 0,
      PixelPaddingValue: p.circle ? CT_PADDING : undefined,
      WindowCenter: p.windows.map((w) => w.center),
      WindowWidth: p.windows.map((w) => w.width),
      WindowCenterWidthExplanation: p.windows.map((w) => w.name),
      RescaleIntercept: p.circle ? 0 : -1024,
      RescaleSlope: 1,
      RescaleType: 'HU',
    }),
    ...makerPrivate(study),
  };
}

function makerPrivate(study: Study): JsonDataSet {
  switch (study.scanner.maker) {
    case 'Siemens':
      return privateBlock(0x0019, 'SIEMENS CT VA0  COAD', { 144: 0, 146: 1, 147: 0, 150: 0, 176: 46 });
    case 'GE':
      return {
        ...privateBlock(0x0009, 'GEMS_IDEN_01', { 1: 'CT_LIGHTSPEED', 2: 'CT01', 4: 'REVO_CT' }),
        ...privateBlock(0x0019, 'GEMS_ACQU_01', { 2: 912, 3: 389.75, 26: 'I', 39: 500, 44: 984, 57: 16 }),
        ...privateBlock(0x0043, 'GEMS_PARM_01', { 16: 400, 30: 70000, 39: '0.984:1', 100: ['BODY', 'FILTER_1'] }),
      };
    case 'Canon':
      return privateBlock(0x7005, 'TOSHIBA_MEC_CT3', {
        8: 0.5,
        9: '80',
        10: 65,
        11: 'ORG',
        15: 'Toward Gantry',
        18: 'HFS',
        48: 'CT',
        64: 268.4,
      });
    default:
      return {};
  }
}

/** One slice; Hounsfield units become stored values. */
export function ctInstance(
  study: Study,
  p: CtProtocol,
  header: JsonDataSet,
  grid: Grid,
  slice: number,
  hu: Int16Array,
): Instance {
  const shift = p.circle ? 0 : 1024;
  const pixels = new Int16Array(hu.length);
  for (let i = 0; i < hu.length; i++) pixels[i] = hu[i]! + shift;
  const position = positionOf(grid, slice).map((v) => Number(v.toFixed(4)));
  const acquired = timeAfter(study, p.start + slice * 0.11);
  // Numbered from the head, as the table moves into the gantry.
  const number = grid.slices - slice;
  const sopInstanceUid = instanceUid(study, p.number, number);
  return {
    sopInstanceUid,
    pixels: new Uint8Array(pixels.buffer),
    header: {
      ...header,
      ...dataSet({
        SOPInstanceUID: sopInstanceUid,
        AcquisitionTime: acquired,
        ContentTime: acquired,
        AcquisitionNumber: 1,
        InstanceNumber: number,
        ImagePositionPatient: position,
        ImageOrientationPatient: [...grid.row, ...grid.column],
        SliceLocation: position[2]!,
      }),
    },
  };
}
