import type { JsonDataSet } from '@isocenter/dicom';
import { type Grid, positionOf } from '../anatomy/grid.ts';
import { dataSet } from './attributes.ts';
import { imageTypeOf, instancePrivate, scaleOf } from './mr-makers.ts';
import { commonHeader, frameOfReferenceUid, type Instance, instanceUid, type Study, timeAfter } from './study.ts';

export type MrKind = 'localizer' | 'T2' | 'T1' | 'T1C' | 'FLAIR' | 'MPRAGE' | 'DWI' | 'ADC' | 'DCE';

/** How a series was acquired. */
export interface MrProtocol {
  readonly kind: MrKind;
  readonly number: number;
  readonly description: string;
  readonly protocol: string;
  readonly bodyPart: string;
  readonly patientPosition?: 'HFS' | 'FFS';
  readonly scanningSequence: readonly string[];
  readonly sequenceVariant: readonly string[];
  readonly scanOptions: readonly string[];
  readonly sequenceName: string;
  readonly dimensions: '2D' | '3D';
  /** ms */
  readonly tr: number;
  readonly te: number;
  readonly ti?: number;
  readonly flip: number;
  readonly echoTrain: number;
  readonly averages: number;
  /** Hz per pixel */
  readonly bandwidth: number;
  /** Acquired frequency and phase steps. */
  readonly matrix: readonly [number, number];
  readonly phaseEncoding: 'ROW' | 'COL';
  /** Receive coil. */
  readonly coil: string;
  readonly contrast?: string;
  /** Seconds from the beginning of the study, and how long it takes. */
  readonly start: number;
  readonly duration: number;
  /** Signal that shall become white; the display window's lower end, both in units of signal. */
  readonly white: number;
  readonly black?: number;
}

export interface MrImage {
  /** 1, 2, … in the series. */
  readonly number: number;
  readonly slice: number;
  readonly signal: Float32Array;
  /** s/mm^2 */
  readonly bValue?: number;
  readonly phase?: {
    readonly index: number;
    readonly count: number;
    readonly seconds: number;
    readonly resolution: number;
  };
}

const MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4';

/** A series' header without what differs between its images. */
export function mrHeader(study: Study, protocol: MrProtocol, grid: Grid): JsonDataSet {
  const p = protocol;
  return {
    ...commonHeader(study, {
      sopClassUid: MR_IMAGE_STORAGE,
      modality: 'MR',
      number: p.number,
      description: p.description,
      protocol: p.protocol,
      bodyPart: p.bodyPart,
      patientPosition: p.patientPosition ?? 'HFS',
      start: p.start,
    }),
    ...dataSet({
      ImageType: imageTypeOf(study.scanner.maker, p.kind),
      InstanceCreationDate: study.date,
      AcquisitionDate: study.date,
      ContentDate: study.date,
      ContrastBolusAgent: p.contrast,
      ScanningSequence: p.scanningSequence,
      SequenceVariant: p.sequenceVariant,
      ScanOptions: p.scanOptions.length > 0 ? p.scanOptions : null,
      MRAcquisitionType: p.dimensions,
      SequenceName: p.sequenceName,
      SliceThickness: grid.thickness,
      RepetitionTime: p.tr,
      EchoTime: p.te,
      InversionTime: p.ti,
      NumberOfAverages: p.averages,
      ImagingFrequency: 123.198,
      ImagedNucleus: '1H',
      EchoNumbers: 1,
      MagneticFieldStrength: 3,
      SpacingBetweenSlices: grid.spacing[2],
      NumberOfPhaseEncodingSteps: p.matrix[1],
      EchoTrainLength: p.echoTrain,
      PercentSampling: 100,
      PercentPhaseFieldOfView: 100,
      PixelBandwidth: p.bandwidth,
      ReceiveCoilName: p.coil,
      TransmitCoilName: 'Body',
      AcquisitionMatrix:
        p.phaseEncoding === 'ROW' ? [0, p.matrix[0], p.matrix[1], 0] : [p.matrix[0], 0, 0, p.matrix[1]],
      InPlanePhaseEncodingDirection: p.phaseEncoding,
      FlipAngle: p.flip,
      VariableFlipAngleFlag: 'N',
      SAR: 0.62,
      dBdt: 0,
      FrameOfReferenceUID: frameOfReferenceUid(study),
      PositionReferenceIndicator: null,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      PerformedProcedureStepStartDate: study.date,
      PerformedProcedureStepStartTime: study.time,
      PerformedProcedureStepID: `${study.accession}-1`,
      PerformedProcedureStepDescription: study.description,
    }),
  };
}

/** One image with its plane, time, diffusion and phase, in the maker's way. */
export function mrInstance(
  study: Study,
  protocol: MrProtocol,
  header: JsonDataSet,
  grid: Grid,
  image: MrImage,
): Instance {
  const scale = scaleOf(study.scanner.maker, protocol.kind);
  const perUnit = protocol.kind === 'ADC' ? 1 : scale.white / protocol.white;
  const top = 2 ** scale.bitsStored / (scale.signed ? 2 : 1) - 1;
  const { pixels, low: darkest, high: brightest } = storedValues(image.signal, perUnit, top);
  const { bValue, phase } = image;
  const within = phase ? phase.seconds : (protocol.duration * image.slice) / grid.slices;
  const acquired = timeAfter(study, protocol.start + within);
  const low = (protocol.black ?? 0) * perUnit;
  const high = protocol.white * perUnit * (protocol.kind === 'ADC' ? 1 : windowOf(bValue));
  const rescale = scale.slope === undefined ? 1 : scale.slope;
  const sopInstanceUid = instanceUid(study, protocol.number, image.number);
  return {
    sopInstanceUid,
    pixels: new Uint8Array(pixels.buffer),
    header: {
      ...header,
      ...dataSet({
        SOPInstanceUID: sopInstanceUid,
        InstanceCreationTime: acquired,
        AcquisitionTime: acquired,
        ContentTime: acquired,
        AcquisitionNumber: phase ? phase.index + 1 : 1,
        InstanceNumber: image.number,
        ImagePositionPatient: [...positionOf(grid, image.slice)].map(millimetres),
        ImageOrientationPatient: [...grid.row, ...grid.column].map((v) => Number(v.toFixed(10))),
        SliceLocation: millimetres(sliceLocation(grid, image.slice)),
        TemporalPositionIdentifier: phase ? phase.index + 1 : undefined,
        NumberOfTemporalPositions: phase?.count,
        TemporalResolution: phase ? phase.resolution * 1000 : undefined,
        SequenceName: sequenceNameOf(study, protocol, bValue),
        DiffusionBValue: bValue,
        DiffusionDirectionality: bValue === undefined ? undefined : bValue === 0 ? 'NONE' : 'ISOTROPIC',
        Rows: grid.rows,
        Columns: grid.columns,
        PixelSpacing: [grid.spacing[1], grid.spacing[0]],
        BitsAllocated: 16,
        BitsStored: scale.bitsStored,
        HighBit: scale.bitsStored - 1,
        PixelRepresentation: scale.signed ? 1 : 0,
        SmallestImagePixelValue: darkest,
        LargestImagePixelValue: brightest,
        WindowCenter: Math.round(((low + high) / 2) * rescale),
        WindowWidth: Math.max(1, Math.round((high - low) * rescale)),
        RescaleIntercept: scale.slope === undefined ? undefined : 0,
        RescaleSlope: scale.slope,
        RescaleType: scale.slope === undefined ? undefined : 'normalized',
      }),
      ...instancePrivate(study.scanner, protocol, grid, image),
    },
  };
}

/** Siemens names the b-value in the sequence. */
const sequenceNameOf = (study: Study, protocol: MrProtocol, bValue: number | undefined): string =>
  study.scanner.maker === 'Siemens' && bValue !== undefined ? `*ep_b${bValue}t` : protocol.sequenceName;

/** Signal falls with b; the window follows, as on the console. */
const windowOf = (bValue: number | undefined): number =>
  bValue === undefined ? 1 : Math.max(0.3, Math.exp(-bValue / 900));
const millimetres = (v: number): number => Number(v.toFixed(6));
const sliceLocation = (grid: Grid, slice: number): number =>
  positionOf(grid, slice).reduce((sum, v, i) => sum + v * grid.normal[i]!, 0);

function storedValues(
  signal: Float32Array,
  perUnit: number,
  top: number,
): { pixels: Int16Array<ArrayBuffer>; low: number; high: number } {
  const pixels = new Int16Array(signal.length);
  let low = top;
  let high = 0;
  for (let i = 0; i < signal.length; i++) {
    const value = Math.min(top, Math.round(signal[i]! * perUnit));
    if (value < low) low = value;
    if (value > high) high = value;
    pixels[i] = value;
  }
  return { pixels, low, high };
}
