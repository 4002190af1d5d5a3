import { ExplicitVRLittleEndian, ImplicitVRLittleEndian } from '@isocenter/dicom';
import { type Grid, gridOf } from '../anatomy/grid.ts';
import { head } from '../anatomy/head/head.ts';
import type { HeadPlan } from '../anatomy/head/plan.ts';
import { enhancedHeadTissues, headTissues } from '../anatomy/head/tissues.ts';
import { noise } from '../anatomy/noise.ts';
import type { Distance } from '../anatomy/shape.ts';
import { inversionRecovery, type Sequence, spinEcho } from '../physics/mr.ts';
import type { MrKind, MrProtocol } from '../series/mr.ts';
import { once } from '../series/once.ts';
import type { Series, Study } from '../series/study.ts';
import { mrSlices } from '../series/volume.ts';
import { mrSeries, plainStack } from './mr-series.ts';

export interface BrainOptions {
  readonly plan: HeadPlan;
  /** A three-dimensional T1 and one after contrast medium. */
  readonly contrast: boolean;
  readonly volumetric: boolean;
}

/** MPRAGE, near enough: inversion recovery read out by short gradient echoes. */
const mprage: Sequence = {
  channels: 1,
  signal: (t) => [
    t.pd * Math.abs(1 - (1.9 * Math.exp(-900 / t.t1)) / (1 + Math.exp(-2000 / t.t1))) * Math.exp(-2.3 / t.t2),
  ],
};

interface Weighting {
  readonly kind: MrKind;
  readonly name: string;
  readonly sequence: Sequence;
  readonly white: number;
  readonly more: Partial<MrProtocol>;
}

/** Thirty-two channels around the head: brighter near the skull. */
const headArray =
  (drift: Distance, scale: number): Distance =>
  (x, y, z) =>
    0.9 + (0.16 * ((x / 85) ** 2 + (y / 100) ** 2 + ((z - 10) / 100) ** 2)) / scale ** 2 + 0.04 * drift(x, y, z);

/** A brain examination. */
export function brainSeries(study: Study, { plan, contrast, volumetric }: BrainOptions): Series[] {
  const maker = study.scanner.maker;
  const layers = once(() => head(plan));
  const coil = headArray(noise(plan.seed + 9, 240), plan.scale);
  const names =
    maker === 'GE'
      ? { T2: 'Ax T2 PROPELLER', T1: 'Ax T1 FLAIR', FLAIR: 'Ax T2 FLAIR', C: 'Ax T1 FLAIR +C', V: 'Sag MPRAGE' }
      : maker === 'Philips'
        ? { T2: 'T2W_TSE', T1: 'T1W_IR', FLAIR: 'T2W_FLAIR', C: 'T1W_IR_GD', V: 'T1W_3D_TFE' }
        : {
            T2: 't2_tse_tra',
            T1: 't1_tirm_tra_dark-fluid',
            FLAIR: 't2_tirm_tra_dark-fluid',
            C: 't1_tirm_tra_km',
            V: 't1_mprage_sag_iso',
          };
  const axial = gridOf({
    centre: [0, 4, 12],
    plane: 'axial',
    tilt: [-8, 0, 1.5],
    columns: 256,
    rows: 256,
    slices: 26,
    pixel: 0.898,
    between: 5,
    thickness: 4.5,
  });
  const weightings: Weighting[] = [
    {
      kind: 'T2',
      name: names.T2,
      sequence: spinEcho(5000, 100),
      white: 0.56,
      more: { tr: 5000, te: 100, echoTrain: 17 },
    },
    {
      kind: 'FLAIR',
      name: names.FLAIR,
      sequence: inversionRecovery(9000, 110, 2500),
      white: 0.36,
      more: { tr: 9000, te: 110, ti: 2500, echoTrain: 16, scanningSequence: ['SE', 'IR'] },
    },
    {
      kind: 'T1',
      name: names.T1,
      sequence: inversionRecovery(2000, 12, 860),
      white: 0.62,
      more: { tr: 2000, te: 12, ti: 860, echoTrain: 4, scanningSequence: ['SE', 'IR'] },
    },
  ];
  if (contrast)
    weightings.push({
      ...weightings[2]!,
      kind: 'T1C',
      name: names.C,
      more: { ...weightings[2]!.more, contrast: 'Gadobutrol 0.1 mmol/kg' },
    });
  const syntax = maker === 'GE' ? ImplicitVRLittleEndian : ExplicitVRLittleEndian;
  const series = weightings.map((w, i) => {
    const slices = () =>
      mrSlices(layers(), w.kind === 'T1C' ? enhancedHeadTissues : headTissues, w.sequence, axial, {
        noise: 0.006,
        blur: 0.5,
        coil,
        seed: `${plan.seed}/${w.name}`,
      });
    return mrSeries(study, protocolOf(w, i + 1), syntax, [plainStack(axial, slices)]);
  });
  if (volumetric)
    series.push(
      volumeSeries(study, names.V, weightings.length + 1, (grid) =>
        mrSlices(layers(), headTissues, mprage, grid, {
          noise: 0.012,
          blur: 0.5,
          coil,
          subslices: 1,
          seed: `${plan.seed}/volume`,
        }),
      ),
    );
  return series;
}

function protocolOf(w: Weighting, number: number): MrProtocol {
  return {
    kind: w.kind,
    number,
    description: w.name,
    protocol: w.name,
    bodyPart: 'BRAIN',
    scanningSequence: ['SE'],
    sequenceVariant: ['SK', 'SP', 'OSP'],
    scanOptions: [],
    sequenceName: '*tir2d1',
    dimensions: '2D',
    tr: 5000,
    te: 100,
    flip: 150,
    echoTrain: 16,
    averages: 1,
    bandwidth: 220,
    matrix: [256, 230],
    phaseEncoding: 'ROW',
    coil: 'HeadNeck_64',
    start: number * 240,
    duration: 210,
    white: w.white,
    ...w.more,
  };
}

function volumeSeries(
  study: Study,
  name: string,
  number: number,
  slices: (grid: Grid) => Iterable<Float32Array[]>,
): Series {
  const grid = gridOf({
    centre: [0, 0, -8],
    plane: 'sagittal',
    tilt: [0, 2, 1],
    columns: 240,
    rows: 256,
    slices: 160,
    pixel: 1,
    between: 1.1,
    thickness: 1.1,
  });
  const protocol: MrProtocol = {
    kind: 'MPRAGE',
    number,
    description: name,
    protocol: name,
    bodyPart: 'BRAIN',
    scanningSequence: ['GR', 'IR'],
    sequenceVariant: ['SK', 'SP', 'MP'],
    scanOptions: [],
    sequenceName: '*tfl3d1_16ns',
    dimensions: '3D',
    tr: 2300,
    te: 2.3,
    ti: 900,
    flip: 8,
    echoTrain: 1,
    averages: 1,
    bandwidth: 200,
    matrix: [256, 240],
    phaseEncoding: 'ROW',
    coil: 'HeadNeck_64',
    start: number * 240,
    duration: 320,
    white: 0.62,
  };
  return mrSeries(study, protocol, ExplicitVRLittleEndian, [plainStack(grid, () => slices(grid))]);
}
