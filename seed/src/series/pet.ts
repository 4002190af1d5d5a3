import type { JsonDataSet } from '@isocenter/dicom';
import { type Grid, positionOf } from '../anatomy/grid.ts';
import { dataSet } from './attributes.ts';
import { commonHeader, frameOfReferenceUid, type Instance, instanceUid, type Study, timeAfter } from './study.ts';

const PET_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.128';
const DOSE = 248e6;
const HALF_LIFE = 6586.2;
/** Seconds from injection to the scan. */
const UPTAKE = 3600;

export interface PetProtocol {
  readonly number: number;
  readonly description: string;
  readonly start: number;
}

/** Becquerel per millilitre at SUV 1. */
export const activityPerSuv = (study: Study): number =>
  (DOSE * 2 ** (-UPTAKE / HALF_LIFE)) / (study.person.weight * 1000);

export function petHeader(study: Study, p: PetProtocol, grid: Grid): JsonDataSet {
  return {
    ...commonHeader(study, {
      sopClassUid: PET_IMAGE_STORAGE,
      modality: 'PT',
      number: p.number,
      description: p.description,
      protocol: 'PET/CT chest',
      bodyPart: 'CHEST',
      start: p.start,
    }),
    ...dataSet({
      ImageType: ['ORIGINAL', 'PRIMARY'],
      AcquisitionDate: study.date,
      ContentDate: study.date,
      SliceThickness: grid.thickness,
      CollimatorType: 'NONE',
      ConvolutionKernel: 'XYZ Gauss4.00',
      CorrectedImage: ['NORM', 'DTIM', 'ATTN', 'SCAT', 'DECY', 'RAN'],
      Units: 'BQML',
      SUVType: 'BW',
      CountsSource: 'EMISSION',
      SeriesType: ['WHOLE BODY', 'IMAGE'],
      NumberOfSlices: grid.slices,
      RandomsCorrectionMethod: 'DLYD',
      AttenuationCorrectionMethod: 'measured,AC CT',
      ScatterCorrectionMethod: 'Model-based',
      DecayCorrection: 'START',
      ReconstructionMethod: 'PSF+TOF 4i5s',
      DecayFactor: 1,
      DoseCalibrationFactor: 1,
      ActualFrameDuration: 120000,
      RadiopharmaceuticalInformationSequence: [
        {
          Radiopharmaceutical: 'Fluorodeoxyglucose',
          RadiopharmaceuticalVolume: 0,
          RadiopharmaceuticalStartTime: timeAfter(study, p.start - UPTAKE),
          RadionuclideTotalDose: DOSE,
          RadionuclideHalfLife: HALF_LIFE,
          RadionuclidePositronFraction: 0.9673,
          RadiopharmaceuticalStartDateTime: `${study.date}${timeAfter(study, p.start - UPTAKE)}`,
          RadionuclideCodeSequence: [
            { CodeValue: 'C-111A1', CodingSchemeDesignator: 'SRT', CodeMeaning: '^18^Fluorine' },
          ],
          RadiopharmaceuticalCodeSequence: [
            { CodeValue: 'C-B1031', CodingSchemeDesignator: 'SRT', CodeMeaning: 'Fluorodeoxyglucose F^18^' },
          ],
        },
      ],
      EnergyWindowRangeSequence: [{ EnergyWindowLowerLimit: 435, EnergyWindowUpperLimit: 585 }],
      PatientOrientationCodeSequence: [
        {
          CodeValue: 'F-10450',
          CodingSchemeDesignator: 'SRT',
          CodeMeaning: 'recumbent',
          PatientOrientationModifierCodeSequence: [
            { CodeValue: 'F-10340', CodingSchemeDesignator: 'SRT', CodeMeaning: 'supine' },
          ],
        },
      ],
      PatientGantryRelationshipCodeSequence: [
        { CodeValue: 'F-10470', CodingSchemeDesignator: 'SRT', CodeMeaning: 'headfirst' },
      ],
      FrameOfReferenceUID: frameOfReferenceUid(study),
      PositionReferenceIndicator: null,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: grid.rows,
      Columns: grid.columns,
      PixelSpacing: [grid.spacing[1], grid.spacing[0]],
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 1,
      RescaleIntercept: 0,
    }),
  };
}

/** One slice of SUV; each slice has its own slope, as PET cameras store it. */
export function petInstance(
  study: Study,
  p: PetProtocol,
  header: JsonDataSet,
  grid: Grid,
  slice: number,
  suv: Float32Array,
): Instance {
  let most = 0.5;
  for (const v of suv) if (v > most) most = v;
  const slope = Number(((most * activityPerSuv(study)) / 32767).toPrecision(8));
  const perUnit = activityPerSuv(study) / slope;
  const pixels = Int16Array.from(suv, (v) => Math.min(32767, Math.round(v * perUnit)));
  const number = grid.slices - slice;
  const sopInstanceUid = instanceUid(study, p.number, number);
  const position = positionOf(grid, slice).map((v) => Number(v.toFixed(4)));
  const acquired = timeAfter(study, p.start);
  return {
    sopInstanceUid,
    pixels: new Uint8Array(pixels.buffer),
    header: {
      ...header,
      ...dataSet({
        SOPInstanceUID: sopInstanceUid,
        AcquisitionTime: acquired,
        ContentTime: acquired,
        InstanceNumber: number,
        ImageIndex: number,
        FrameReferenceTime: 60000,
        ImagePositionPatient: position,
        ImageOrientationPatient: [...grid.row, ...grid.column],
        SliceLocation: position[2]!,
        RescaleSlope: slope,
        SmallestImagePixelValue: 0,
        LargestImagePixelValue: 32767,
        PixelRepresentation: 1,
        WindowCenter: Math.round(3.5 * activityPerSuv(study)),
        WindowWidth: Math.round(7 * activityPerSuv(study)),
      }),
    },
  };
}
