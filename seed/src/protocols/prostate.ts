import { ExplicitVRLittleEndian } from '@isocenter/dicom';
import { type Grid, type GridOptions, gridOf } from '../anatomy/grid.ts';
import { noise } from '../anatomy/noise.ts';
import { pelvis } from '../anatomy/pelvis/pelvis.ts';
import type { PelvisPlan } from '../anatomy/pelvis/plan.ts';
import { pelvisTissues } from '../anatomy/pelvis/tissues.ts';
import type { Distance, Vec3 } from '../anatomy/shape.ts';
import { bodyArray } from '../physics/magnitude.ts';
import { diffusion, perfusion, type Sequence, spinEcho } from '../physics/mr.ts';
import type { MrProtocol } from '../series/mr.ts';
import { once } from '../series/once.ts';
import type { Series, Study } from '../series/study.ts';
import { adcMap, type MrVolumeOptions, mrSlices } from '../series/volume.ts';
import { mrSeries, plainStack, type Stack } from './mr-series.ts';
import { type Habits, prostateHabits } from './prostate-habits.ts';

export const PROSTATE_B_VALUES = [50, 400, 800, 1400] as const;

export interface ProstateOptions {
  readonly plan: PelvisPlan;
  /** Turn of the axial stack about the left-right axis, degrees. */
  readonly tilt: number;
  /** Everything, or the short protocol without contrast medium. */
  readonly full: boolean;
}

const base = (number: number, start: number, duration: number) => ({
  number,
  start,
  duration,
  bodyPart: 'PROSTATE',
  coil: 'Body_18',
  flip: 90,
  phaseEncoding: 'ROW' as const,
});

function tse(
  h: Habits,
  number: number,
  description: string,
  start: number,
  more: Partial<MrProtocol> = {},
): MrProtocol {
  return {
    ...base(number, start, 205),
    kind: 'T2',
    description,
    protocol: description,
    scanningSequence: ['SE'],
    sequenceVariant: ['SK', 'SP', 'OSP'],
    scanOptions: [],
    sequenceName: h.tse,
    dimensions: '2D',
    tr: 4500,
    te: 105,
    flip: 145,
    echoTrain: 25,
    averages: 3,
    bandwidth: 200,
    matrix: [320, 310],
    white: 0.37,
    patientPosition: h.position,
    ...more,
  };
}

/** A multiparametric prostate examination. */
export function prostateSeries(study: Study, { plan, tilt, full }: ProstateOptions): Series[] {
  const maker = study.scanner.maker;
  if (maker === 'Canon') throw new Error('no prostate protocol for this maker');
  const h = prostateHabits[maker];
  const layers = once(() => pelvis(plan));
  const coil = bodyArray([0, 15, 0], 110, 0.2, noise(plan.seed + 9, 260));
  const scan = (grid: Grid, sequence: Sequence, key: string, options: Omit<MrVolumeOptions, 'seed'>) => () =>
    mrSlices(layers(), pelvisTissues, sequence, grid, { ...options, coil, seed: `${plan.seed}/${study.key}/${key}` });
  const centre: Vec3 = [0, 0, 4];
  const grid = (options: Partial<GridOptions>): Grid =>
    gridOf({
      centre,
      plane: 'axial',
      tilt: [tilt, 0, 0],
      columns: 320,
      rows: 320,
      slices: 24,
      pixel: 0.5625,
      between: 3,
      thickness: 3,
      ...options,
    });
  const t2 = grid({});
  const sagittal = grid({
    plane: 'sagittal',
    tilt: [0, 0, 1.5],
    centre: [0, 0, 8],
    pixel: 0.625,
    slices: 20,
    between: 3.3,
  });
  const wide = grid({
    tilt: [0, 0, 0],
    centre: [0, 12, 2],
    columns: 384,
    rows: 288,
    pixel: 0.98,
    slices: 20,
    between: 6,
    thickness: 5,
  });
  const sharp = { noise: 0.008, blur: 0.55 };
  const series: Series[] = [
    localizer(study, h, scan),
    mrSeries(study, tse(h, 2, h.sagittal, 40, { matrix: [320, 288] }), ExplicitVRLittleEndian, [
      plainStack(sagittal, scan(sagittal, spinEcho(4500, 105), 'sag', { ...sharp, subslices: 2 })),
    ]),
    mrSeries(study, tse(h, 3, h.t2, 260), h.t2Syntax, [plainStack(t2, scan(t2, spinEcho(4500, 105), 't2', sharp))]),
    ...diffusionSeries(
      study,
      h,
      grid({ columns: 160, rows: 160, slices: 20, pixel: 1.375, between: 3.6, thickness: 3.6 }),
      scan,
      plan,
    ),
  ];
  if (!full) return series;
  const t1: MrProtocol = tse(h, 6, h.t1, 900, {
    kind: 'T1',
    tr: 650,
    te: 12,
    echoTrain: 3,
    averages: 1,
    matrix: [384, 288],
    white: 0.85,
  });
  return [
    ...series,
    mrSeries(study, t1, ExplicitVRLittleEndian, [
      plainStack(wide, scan(wide, spinEcho(650, 12), 't1', { noise: 0.014, blur: 0.55, subslices: 2 })),
    ]),
    dynamicSeries(
      study,
      h,
      grid({ columns: 192, rows: 192, slices: 20, pixel: 1.35, between: 3.6, thickness: 3.6 }),
      scan,
    ),
  ];
}

type Scan = (
  grid: Grid,
  sequence: Sequence,
  key: string,
  options: Omit<MrVolumeOptions, 'seed'>,
) => () => Iterable<Float32Array[]>;

function localizer(study: Study, h: Habits, scan: Scan): Series {
  const stacks = (['axial', 'sagittal', 'coronal'] as const).map((plane): Stack => {
    const grid = gridOf({
      centre: [0, 8, 6],
      plane,
      columns: 256,
      rows: 256,
      slices: 3,
      pixel: plane === 'axial' ? 1.5 : 0.82,
      between: 24,
      thickness: 7,
    });
    return plainStack(
      grid,
      scan(grid, spinEcho(900, 60), `localizer ${plane}`, { noise: 0.012, blur: 0.7, subslices: 2 }),
    );
  });
  const protocol: MrProtocol = {
    ...base(1, 0, 18),
    kind: 'localizer',
    description: 'localizer',
    protocol: 'localizer',
    scanningSequence: ['SE'],
    sequenceVariant: ['SK'],
    scanOptions: [],
    sequenceName: h.tse,
    dimensions: '2D',
    tr: 900,
    te: 60,
    flip: 150,
    echoTrain: 128,
    averages: 1,
    bandwidth: 700,
    matrix: [256, 180],
    white: 0.42,
    patientPosition: h.position,
  };
  return mrSeries(study, protocol, ExplicitVRLittleEndian, stacks);
}

/** Gas in the rectum bends the field: echo-planar images are pulled along the phase direction around it. */
const susceptibility =
  (plan: PelvisPlan): Distance =>
  (x, y, z) =>
    8 * plan.gas * Math.exp(-((x / 17) ** 2 + ((y - 18 - 4 * plan.gas) / 12) ** 2 + ((z - 2) / 24) ** 2));

function diffusionSeries(study: Study, h: Habits, grid: Grid, scan: Scan, plan: PelvisPlan): Series[] {
  const sequence = diffusion(4200, 72, PROSTATE_B_VALUES);
  const measured = once(() => [
    ...scan(grid, sequence, 'dwi', {
      noise: 0.0048,
      blur: 0.85,
      edge: 1.3,
      ghost: 0.012,
      distortion: susceptibility(plan),
    })(),
  ]);
  const common = {
    scanningSequence: ['EP', 'SE'],
    sequenceVariant: ['SK', 'SP'],
    scanOptions: ['PFP', 'FS'],
    sequenceName: h.epi,
    dimensions: '2D' as const,
    tr: 4200,
    te: 72,
    echoTrain: 1,
    averages: 8,
    bandwidth: 1250,
    matrix: [128, 96] as const,
    phaseEncoding: 'COL' as const,
    patientPosition: h.position,
  };
  const weighted: MrProtocol = {
    ...base(4, 480, 290),
    ...common,
    kind: 'DWI',
    description: h.dwi,
    protocol: h.dwi,
    white: 0.4,
  };
  const map: MrProtocol = {
    ...base(5, 480, 290),
    ...common,
    kind: 'ADC',
    description: h.adc,
    protocol: h.dwi,
    white: 2600,
  };
  return [
    mrSeries(study, weighted, h.dwiSyntax, [
      {
        grid,
        count: grid.slices * PROSTATE_B_VALUES.length,
        *images() {
          for (const [k, bValue] of PROSTATE_B_VALUES.entries()) {
            for (const [slice, planes] of measured().entries()) yield { slice, signal: planes[k]!, bValue };
          }
        },
      },
    ]),
    mrSeries(study, map, ExplicitVRLittleEndian, [
      {
        grid,
        count: grid.slices,
        *images() {
          for (const [slice, planes] of measured().entries())
            yield { slice, signal: adcMap(planes, PROSTATE_B_VALUES, 0.035) };
        },
      },
    ]),
  ];
}

function dynamicSeries(study: Study, h: Habits, grid: Grid, scan: Scan): Series {
  const resolution = 9;
  const times = Array.from({ length: h.phases }, (_, i) => i * resolution + resolution / 2);
  const sequence = perfusion({ tr: 4.2, flip: 12, times, arrival: 24 });
  const measured = once(() => [...scan(grid, sequence, 'dce', { noise: 0.0011, blur: 0.6, subslices: 2 })()]);
  const protocol: MrProtocol = {
    ...base(7, 1100, resolution * h.phases),
    kind: 'DCE',
    description: h.dce,
    protocol: h.dce,
    scanningSequence: ['GR'],
    sequenceVariant: ['SP', 'SS'],
    scanOptions: ['FS'],
    sequenceName: h.gre,
    dimensions: '3D',
    tr: 4.2,
    te: 1.5,
    flip: 12,
    echoTrain: 1,
    averages: 1,
    bandwidth: 490,
    matrix: [192, 164],
    contrast: 'Gadoterate 0.1 mmol/kg',
    white: 0.075,
    patientPosition: h.position,
  };
  return mrSeries(study, protocol, ExplicitVRLittleEndian, [
    {
      grid,
      count: grid.slices * h.phases,
      *images() {
        for (let index = 0; index < h.phases; index++) {
          const phase = { index, count: h.phases, seconds: index * resolution, resolution };
          for (const [slice, planes] of measured().entries()) yield { slice, signal: planes[index]!, phase };
        }
      },
    },
  ]);
}
