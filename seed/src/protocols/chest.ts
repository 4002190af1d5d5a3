import { ExplicitVRLittleEndian, JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless } from '@isocenter/dicom';
import { chest, vesselBranches } from '../anatomy/chest/chest.ts';
import type { ChestPlan } from '../anatomy/chest/plan.ts';
import { chestPaint } from '../anatomy/chest/tissues.ts';
import { type Grid, gridOf } from '../anatomy/grid.ts';
import { rasterise } from '../anatomy/raster.ts';
import { type CtKernel, ctReconstruction } from '../physics/ct.ts';
import { petSlices } from '../physics/pet.ts';
import { accumulate, accumulateBranches, doubled, radiograph } from '../physics/projection.ts';
import { crInstance } from '../series/cr.ts';
import { type CtProtocol, ctHeader, ctInstance } from '../series/ct.ts';
import { once } from '../series/once.ts';
import { type PetProtocol, petHeader, petInstance } from '../series/pet.ts';
import type { Maker } from '../series/scanner.ts';
import { type Series, type Study, seriesUid, studyUid } from '../series/study.ts';

export interface ChestOptions {
  readonly plan: ChestPlan;
  readonly slices: number;
  readonly lungKernel: boolean;
  readonly pet: boolean;
}

const kernels: Readonly<Record<Exclude<Maker, 'Philips' | 'UIH'>, readonly [soft: string, lung: string]>> = {
  Siemens: ['Br36f', 'Bl57f'],
  GE: ['STANDARD', 'LUNG'],
  Canon: ['FC08', 'FC86'],
};
const SOFT = { name: 'MEDIASTINUM', center: 40, width: 400 };
const LUNG = { name: 'LUNG', center: -550, width: 1600 };

const soft = (name: string): CtKernel => ({ name, blur: 0.75, noise: 11, band: 0.55 });
const sharp = (name: string): CtKernel => ({ name, blur: -0.6, noise: 38, band: 1 });

/** A chest CT in one or two kernels, with PET where the camera has one. */
export function chestSeries(study: Study, { plan, slices, lungKernel, pet }: ChestOptions): Series[] {
  const { maker } = study.scanner;
  if (maker === 'Philips' || maker === 'UIH') throw new Error('no chest protocol for this maker');
  const [softName, lungName] = kernels[maker];
  const layers = once(() => chest(plan));
  const grid = gridOf({
    centre: [0, 5, -18],
    plane: 'axial',
    columns: 512,
    rows: 512,
    slices,
    pixel: 0.7617,
    between: 5,
    thickness: 5,
  });
  const contrast = plan.contrast ? { contrast: 'Iohexol 350 100 ml' } : {};
  const common = { protocol: 'Chest 5.0', ...contrast, start: 60 };
  const protocols: CtProtocol[] = [
    {
      ...common,
      number: 2,
      description: `Chest 5.0 ${softName}`,
      kernel: soft(softName),
      windows: [SOFT, LUNG],
      circle: maker === 'GE',
    },
  ];
  if (lungKernel)
    protocols.push({
      ...common,
      number: 3,
      description: `Lung 5.0 ${lungName}`,
      kernel: sharp(lungName),
      windows: [LUNG, SOFT],
      circle: maker === 'GE',
    });
  const ideal = once(() => [
    ...rasterise(layers(), grid, { channels: 1, background: [-1000], paint: chestPaint(plan.contrast), subslices: 2 }),
  ]);
  const series = protocols.map((p) =>
    ctSeries(
      study,
      p,
      grid,
      ideal,
      p.number === 3 ? (maker === 'Canon' ? JPEG2000Lossless : JPEGLSLossless) : ExplicitVRLittleEndian,
    ),
  );
  if (pet) series.push(petSeries(study, { number: 4, description: 'PET WB AC', start: 180 }, plan, layers, slices));
  return series;
}

type Layers = () => ReturnType<typeof chest>;

const facts = (study: Study, number: number, modality: string, description: string) => ({
  studyInstanceUid: studyUid(study),
  seriesInstanceUid: seriesUid(study, number),
  number,
  modality,
  description,
});

function ctSeries(
  study: Study,
  p: CtProtocol,
  grid: Grid,
  ideal: () => Float32Array[],
  transferSyntaxUid: string,
): Series {
  return {
    ...facts(study, p.number, 'CT', p.description),
    transferSyntaxUid,
    instanceCount: grid.slices,
    *instances() {
      const header = ctHeader(study, p, grid);
      const reconstruction = ctReconstruction(grid.columns, p.kernel, `${study.person.id}/${study.key}`, p.circle);
      for (const [slice, hu] of ideal().entries())
        yield ctInstance(study, p, header, grid, slice, reconstruction.slice(hu, slice));
    },
  };
}

function petSeries(study: Study, p: PetProtocol, plan: ChestPlan, layers: Layers, slices: number): Series {
  const grid = gridOf({
    centre: [0, 5, -18],
    plane: 'axial',
    columns: 168,
    rows: 168,
    slices,
    pixel: 3.3,
    between: 5,
    thickness: 5,
  });
  return {
    ...facts(study, p.number, 'PT', p.description),
    transferSyntaxUid: ExplicitVRLittleEndian,
    instanceCount: slices,
    *instances() {
      const area = grid.rows * grid.columns;
      const uptake = [
        ...rasterise(layers(), grid, { channels: 2, paint: chestPaint(plan.contrast), subslices: 2 }),
      ].map((planes) => planes.slice(area));
      const header = petHeader(study, p, grid);
      const activity = petSlices(
        uptake,
        grid.rows,
        grid.columns,
        grid.spacing[0],
        grid.spacing[2],
        `${study.person.id}/pet`,
      );
      for (const [slice, suv] of activity.entries()) yield petInstance(study, p, header, grid, slice, suv);
    },
  };
}

/** A radiograph of the chest: the CT phantom, seen from behind through its whole depth. */
export function radiographSeries(study: Study, plan: ChestPlan): Series {
  return {
    ...facts(study, 1, 'CR', 'Chest PA'),
    transferSyntaxUid: JPEGLosslessSV1,
    instanceCount: 1,
    *instances() {
      const pixel = 0.76;
      const between = 2.6;
      const grid = gridOf({
        centre: [0, 0, -20],
        plane: 'coronal',
        columns: 448,
        rows: 372,
        slices: 96,
        pixel,
        between,
        thickness: between,
      });
      const solid = chest(plan).filter((layer) => !/pulmonary vessel|table|mattress/.test(layer.name));
      const through = new Float32Array(grid.rows * grid.columns);
      const paint = chestPaint(false);
      for (const hu of rasterise(solid, grid, { channels: 1, background: [-1000], paint }))
        accumulate(through, hu, between);
      accumulateBranches(through, grid, vesselBranches(plan));
      const [rows, columns] = [grid.rows * 2, grid.columns * 2];
      const values = radiograph(doubled(through, grid.rows, grid.columns), rows, columns, `${study.person.id}/cr`);
      yield crInstance(study, { number: 1, rows, columns, pixel: pixel / 2, window: windowOf(values) }, values);
    },
  };
}

/** From the darkest lung to the densest spine. */
function windowOf(values: Uint16Array): [number, number] {
  const sorted = Uint16Array.from(
    { length: 4000 },
    (_, i) => values[Math.floor(((i + 0.5) * values.length) / 4000)]!,
  ).sort();
  const [low, high] = [sorted[40]!, sorted[3960]!];
  return [Math.round((low + high) / 2), Math.round((high - low) * 1.05)];
}
