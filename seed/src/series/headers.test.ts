import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ImplicitVRLittleEndian,
  JPEG2000Lossless,
  JPEGBaseline8Bit,
  JPEGLosslessSV1,
  JPEGLSLossless,
  type JsonDataSet,
  RLELossless,
  readPart10,
  toJson,
} from '@isocenter/dicom';
import { afterAll, describe, expect, it } from 'vitest';
import { gridOf } from '../anatomy/grid.ts';
import { demoStudies } from '../patients.ts';
import { ULTRASOUND } from '../physics/ultrasound.ts';
import { crInstance } from './cr.ts';
import { ctHeader, ctInstance } from './ct.ts';
import { type MrKind, type MrProtocol, mrHeader, mrInstance } from './mr.ts';
import { petHeader, petInstance } from './pet.ts';
import type { Maker } from './scanner.ts';
import type { Instance, Study } from './study.ts';
import { ultrasoundInstance } from './ultrasound.ts';
import { instanceWriter } from './write.ts';

const writer = instanceWriter();
const studyOn = (maker: Maker, modality: string): Study =>
  demoStudies().find(
    ({ study, series }) => study.scanner.maker === maker && series.some((one) => one.modality === modality),
  )!.study;
const grid = gridOf({
  centre: [0, 0, 4],
  plane: 'axial',
  tilt: [5, 0, 0],
  columns: 32,
  rows: 24,
  slices: 4,
  pixel: 1,
  between: 3.6,
  thickness: 3,
});
const signal = Float32Array.from({ length: 32 * 24 }, (_, i) => (i % 97) / 97);

const protocol = (kind: MrKind): MrProtocol => ({
  kind,
  number: 4,
  description: kind,
  protocol: kind,
  bodyPart: 'PROSTATE',
  scanningSequence: ['EP', 'SE'],
  sequenceVariant: ['SK'],
  scanOptions: ['FS'],
  sequenceName: 'x',
  dimensions: '2D',
  tr: 4000,
  te: 70,
  flip: 90,
  echoTrain: 1,
  averages: 4,
  bandwidth: 1000,
  matrix: [32, 24],
  phaseEncoding: 'COL',
  coil: 'Body',
  start: 100,
  duration: 60,
  white: 1,
});

const mr = (maker: Maker, kind: MrKind, more: Partial<Parameters<typeof mrInstance>[4]> = {}): Instance => {
  const study = studyOn(maker, 'MR');
  const p = protocol(kind);
  return mrInstance(study, p, mrHeader(study, p, grid), grid, { number: 2, slice: 1, signal, ...more });
};
const ct = (maker: Maker, circle: boolean): Instance => {
  const study = studyOn(maker, 'CT');
  const p = {
    number: 2,
    description: 'Chest',
    protocol: 'Chest',
    kernel: { name: 'K', blur: 1, noise: 1, band: 1 },
    start: 10,
    circle,
    contrast: 'Iohexol',
    windows: [
      { name: 'SOFT', center: 40, width: 400 },
      { name: 'LUNG', center: -550, width: 1600 },
    ],
  };
  return ctInstance(study, p, ctHeader(study, p, grid), grid, 1, new Int16Array(signal.length).fill(-30));
};
const pet = (): Instance => {
  const study = studyOn('Siemens', 'PT');
  const p = { number: 4, description: 'PET', start: 100 };
  return petInstance(study, p, petHeader(study, p, grid), grid, 1, signal);
};
const cr = (): Instance =>
  crInstance(
    studyOn('Philips', 'CR'),
    { number: 1, rows: 24, columns: 32, pixel: 0.4, window: [2000, 3000] },
    Uint16Array.from(signal, (v) => v * 4000),
  );
const us = (): Instance =>
  ultrasoundInstance(
    studyOn('Philips', 'US'),
    1,
    new Uint8Array(ULTRASOUND.width * ULTRASOUND.height * 3 * 2).fill(90),
    'cine',
  );

const jsonOf = async (instance: Instance, syntax?: string): Promise<JsonDataSet> =>
  toJson(readPart10(await writer.write(instance, syntax ?? '1.2.840.10008.1.2.1')).dataSet);
const value = (json: JsonDataSet, tag: string) => json[tag]?.Value?.[0];

describe('headers of MR makers', () => {
  const image = { bValue: 800 };
  it('[OPS-9] say the b-value in the standard place and in that of the maker', async () => {
    const siemens = await jsonOf(mr('Siemens', 'DWI', image));
    expect(value(siemens, '00189087')).toBe(800);
    expect(value(siemens, '00190010')).toBe('SIEMENS MR HEADER');
    expect(value(siemens, '0019100C')).toBe(800);
    expect(value(siemens, '00180024')).toBe('*ep_b800t');
    const ge = await jsonOf(mr('GE', 'DWI', image));
    expect(value(ge, '00430010')).toBe('GEMS_PARM_01');
    expect(Number(value(ge, '00431039')) % 100_000).toBe(800);
    const philips = await jsonOf(mr('Philips', 'DWI', image));
    expect(value(philips, '20010010')).toBe('Philips Imaging DD 001');
    expect(value(philips, '20011003')).toBe(800);
    const uih = await jsonOf(mr('UIH', 'DWI', image));
    expect(value(uih, '00650010')).toBe('Image Private Header');
    expect(value(uih, '00651009')).toBe(800);
  });

  it('[OPS-9] name the image type as the maker does', async () => {
    expect((await jsonOf(mr('Siemens', 'ADC')))['00080008']?.Value).toContain('ADC');
    expect((await jsonOf(mr('Philips', 'T2')))['00080008']?.Value).toEqual(['ORIGINAL', 'PRIMARY', 'M_SE', 'M', 'SE']);
    expect((await jsonOf(mr('GE', 'T2')))['00080008']?.Value).toEqual(['ORIGINAL', 'PRIMARY', 'OTHER']);
  });

  it('[OPS-9] place slices where the grid says', async () => {
    const [first, second] = await Promise.all([0, 1].map((slice) => jsonOf(mr('Siemens', 'T2', { slice }))));
    const [a, b] = [first!, second!].map((json) => json['00200032']!.Value as number[]) as [number[], number[]];
    const step = Math.hypot(...b.map((v, i) => v - a[i]!));
    expect(step).toBeCloseTo(Number(value(first!, '00180088')), 4);
    const o = first!['00200037']!.Value as number[];
    expect(Math.hypot(o[0]!, o[1]!, o[2]!)).toBeCloseTo(1, 8);
    expect(o[0]! * o[3]! + o[1]! * o[4]! + o[2]! * o[5]!).toBeCloseTo(0, 8);
  });

  it('[OPS-9] give each phase of a dynamic series its time', async () => {
    const phase = (index: number) => ({ phase: { index, count: 16, seconds: index * 9, resolution: 9 } });
    const [first, third] = await Promise.all([0, 2].map((i) => jsonOf(mr('GE', 'DCE', phase(i)))));
    const seconds = (json: JsonDataSet) => {
      const [, h, m, s] = /^(\d\d)(\d\d)(.+)$/.exec(String(value(json, '00080032')))!;
      return Number(h) * 3600 + Number(m) * 60 + Number(s);
    };
    expect(seconds(third!) - seconds(first!)).toBeCloseTo(18, 6);
    expect(value(third!, '00200100')).toBe(3);
    expect(value(third!, '00200105')).toBe(16);
  });
});

describe('headers of PET', () => {
  it('[OPS-9] let the standardised uptake value be computed', async () => {
    const json = await jsonOf(pet());
    const dose = (json['00540016']!.Value as JsonDataSet[])[0]!;
    const hour = 3600;
    const left = Number(value(dose, '00181074')) * 2 ** (-hour / Number(value(dose, '00181075')));
    const stored = new Int16Array(
      readPart10(await writer.write(pet(), '1.2.840.10008.1.2.1'))
        .dataSet.elements.get(0x7fe00010)!
        .value!.slice().buffer,
    );
    const suv = (stored[96]! * Number(value(json, '00281053')) * Number(value(json, '00101030')) * 1000) / left;
    expect(suv).toBeCloseTo(96 / 97, 3);
  });
});

const missing = spawnSync('dciodvfy', ['-version']).error ? 'dciodvfy of dicom3tools is not installed' : undefined;
if (missing && process.env.CI === 'true') throw new Error(missing);

describe.skipIf(missing)(`dciodvfy ${missing ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'isocenter-headers-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const phase = { index: 1, count: 16, seconds: 9, resolution: 9 };
  const kinds: [MrKind, object][] = [
    ['T2', {}],
    ['DWI', { bValue: 400 }],
    ['ADC', {}],
    ['DCE', { phase }],
  ];
  const makers: Maker[] = ['Siemens', 'GE', 'Philips', 'UIH'];
  const cases: [string, string, Instance, string?][] = [
    ...makers.flatMap((maker) =>
      kinds.map(([kind, more]): [string, string, Instance] => [`${maker} ${kind}`, 'MRImage', mr(maker, kind, more)]),
    ),
    ['implicit', 'MRImage', mr('GE', 'T2'), ImplicitVRLittleEndian],
    ['RLE', 'MRImage', mr('UIH', 'DWI', { bValue: 50 }), RLELossless],
    ['JPEG 2000', 'MRImage', mr('Philips', 'T2'), JPEG2000Lossless],
    ['JPEG-LS', 'MRImage', mr('Siemens', 'T2'), JPEGLSLossless],
    ['Siemens CT', 'CTImage', ct('Siemens', false)],
    ['GE CT', 'CTImage', ct('GE', true)],
    ['Canon CT', 'CTImage', ct('Canon', false)],
    ['PET', 'PETImage', pet()],
    ['CR', 'CRImage', cr(), JPEGLosslessSV1],
    ['ultrasound', 'USMultiFrameImage', us(), JPEGBaseline8Bit],
  ];
  for (const [name, kind, instance, syntax] of cases) {
    it(`[OPS-9] finds no error in ${name}`, async () => {
      const path = join(folder, `${name}.dcm`);
      writeFileSync(path, await writer.write(instance, syntax ?? '1.2.840.10008.1.2.1'));
      const { stdout, stderr } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
      expect(`${stdout}${stderr}`).toContain(kind);
      expect(`${stdout}${stderr}`).not.toMatch(/^Error/m);
    });
  }
});
