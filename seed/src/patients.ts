import type { ChestPlan } from './anatomy/chest/plan.ts';
import type { HeadPlan } from './anatomy/head/plan.ts';
import type { Lesion, PelvisPlan } from './anatomy/pelvis/plan.ts';
import { ultrasoundSeries } from './protocols/abdomen.ts';
import { brainSeries } from './protocols/brain.ts';
import { chestSeries, radiographSeries } from './protocols/chest.ts';
import { prostateSeries } from './protocols/prostate.ts';
import { type Scanner, scanners } from './series/scanner.ts';
import type { Person, Series, Study } from './series/study.ts';

/** A study of the demo and what it consists of. */
export interface DemoStudy {
  readonly study: Study;
  readonly series: readonly Series[];
}

/** The demo's people. Their family names say "example" in many languages: nobody is called so. */
const people = {
  joerg: {
    id: 'NB-100117',
    name: { Alphabetic: 'Beispiel^Jörg' },
    characterSet: ['ISO_IR 100'],
    birthDate: '19570314',
    sex: 'M',
    size: 1.79,
    weight: 84,
  },
  alexandros: {
    id: 'NB-100242',
    name: { Alphabetic: 'Παράδειγμα^Αλέξανδρος' },
    characterSet: ['ISO_IR 126'],
    birthDate: '19490822',
    sex: 'M',
    size: 1.72,
    weight: 79,
  },
  remi: {
    id: 'CL-200031',
    name: { Alphabetic: 'Exemple^Rémi^François' },
    characterSet: ['ISO_IR 192'],
    birthDate: '19630105',
    sex: 'M',
    size: 1.83,
    weight: 91,
  },
  taro: {
    id: 'CL-200056',
    name: { Alphabetic: 'Rei^Taro', Ideographic: '例^太郎', Phonetic: 'れい^たろう' },
    characterSet: ['', 'ISO 2022 IR 87'],
    birthDate: '19711130',
    sex: 'M',
    size: 1.68,
    weight: 66,
  },
  lucja: {
    id: 'NB-100388',
    name: { Alphabetic: 'Przykład^Łucja' },
    characterSet: ['ISO_IR 101'],
    birthDate: '19800519',
    sex: 'F',
    size: 1.66,
    weight: 61,
  },
  irina: {
    id: 'NB-100401',
    name: { Alphabetic: 'Пример^Ирина' },
    characterSet: ['ISO_IR 144'],
    birthDate: '19440227',
    sex: 'F',
    size: 1.6,
    weight: 70,
  },
  mia: {
    id: 'CL-200077',
    name: { Alphabetic: 'Sample^Mia' },
    characterSet: ['ISO_IR 192'],
    birthDate: '20210709',
    sex: 'F',
    size: 0.98,
    weight: 15,
  },
  layla: {
    id: 'NB-100455',
    name: { Alphabetic: 'مثال^ليلى' },
    characterSet: ['ISO_IR 192'],
    birthDate: '19660411',
    sex: 'F',
    size: 1.64,
    weight: 68,
  },
  xiaoming: {
    id: 'CL-200103',
    name: { Alphabetic: 'Yangli^Xiaoming', Ideographic: '样例^小明' },
    characterSet: ['GB18030'],
    birthDate: '19580916',
    sex: 'M',
    size: 1.7,
    weight: 63,
  },
  giulia: {
    id: 'CL-200118',
    name: { Alphabetic: 'Esempio^Giulia' },
    characterSet: ['ISO_IR 100'],
    birthDate: '19921203',
    sex: 'F',
    size: 1.69,
    weight: 58,
  },
} as const satisfies Record<string, Person>;

const visit = (person: Person, scanner: Scanner, date: string, time: string, description: string): Study => ({
  person,
  scanner,
  date,
  time,
  description,
  key: `${date} ${description}`,
  accession: `${scanner.hospital.code}${date.slice(2)}${time.slice(0, 4)}`,
  referrer: scanner.hospital.code === 'NB' ? 'Template^Tina^^Dr' : 'Modello^Marco^^Dott',
});

const pelvisOf = (seed: number, lesions: readonly Lesion[], more: Partial<PelvisPlan>): PelvisPlan => ({
  seed,
  gland: 1.1,
  hyperplasia: 0.5,
  bladder: 0.5,
  gas: 0.35,
  lesions,
  ...more,
});
const headOf = (seed: number, lesions: HeadPlan['lesions'], more: Partial<HeadPlan>): HeadPlan => ({
  seed,
  scale: 1,
  atrophy: 0.25,
  lesions,
  ...more,
});
const chestOf = (seed: number, nodules: ChestPlan['nodules'], more: Partial<ChestPlan>): ChestPlan => ({
  seed,
  sex: 'F',
  girth: 1,
  emphysema: 0,
  contrast: true,
  nodules,
  nodes: [],
  ...more,
});

function prostates(): DemoStudy[] {
  const left = (size: number): Lesion => ({
    centre: [14, 8, -3],
    radii: [8 * size, 5.5 * size, 9 * size],
    yaw: -25,
    grade: 'high',
  });
  const joerg = { gland: 1.1, hyperplasia: 0.55 };
  const now = visit(people.joerg, scanners.vida, '20250311', '081455', 'MRI prostate multiparametric');
  const before = visit(people.joerg, scanners.vida, '20230904', '101820', 'MRI prostate short protocol');
  const alexandros = visit(people.alexandros, scanners.architect, '20250127', '133012', 'MRI prostate multiparametric');
  const remi = visit(people.remi, scanners.ingenia, '20241118', '090233', 'RM prostata multiparametrica');
  const taro = visit(people.taro, scanners.umr, '20250520', '154107', 'RM prostata multiparametrica');
  return [
    { study: now, series: prostateSeries(now, { plan: pelvisOf(7, [left(1)], joerg), tilt: 4, full: true }) },
    {
      study: before,
      series: prostateSeries(before, {
        plan: pelvisOf(7, [left(0.68)], { ...joerg, bladder: 0.8, gas: 0.15 }),
        tilt: 2.5,
        full: false,
      }),
    },
    {
      study: alexandros,
      series: prostateSeries(alexandros, {
        plan: pelvisOf(11, [{ centre: [-6, -10, 8], radii: [9, 6, 9], grade: 'low' }], {
          gland: 1.36,
          hyperplasia: 1,
          bladder: 0.35,
          gas: 0.5,
        }),
        tilt: 6,
        full: true,
      }),
    },
    {
      study: remi,
      series: prostateSeries(remi, {
        plan: pelvisOf(
          19,
          [
            { centre: [-11, 9, -13], radii: [7, 5, 7], yaw: 20, grade: 'high' },
            { centre: [13, 4, 9], radii: [5, 5, 6], grade: 'low' },
          ],
          { gland: 1.04, hyperplasia: 0.4, gas: 0.2 },
        ),
        tilt: 8,
        full: true,
      }),
    },
    {
      study: taro,
      series: prostateSeries(taro, {
        plan: pelvisOf(23, [], { gland: 0.94, hyperplasia: 0.15, bladder: 0.7, gas: 0.1 }),
        tilt: 3,
        full: true,
      }),
    },
  ];
}

function heads(): DemoStudy[] {
  const lucja = visit(people.lucja, scanners.vida, '20250214', '112640', 'MRI brain with contrast');
  const irina = visit(people.irina, scanners.architect, '20240606', '145930', 'MRI brain');
  const mia = visit(people.mia, scanners.ingenia, '20250402', '083015', 'RM encefalo con mdc');
  return [
    {
      study: lucja,
      series: brainSeries(lucja, {
        plan: headOf(5, [{ kind: 'glioma', centre: [33, -26, 28], radius: 14 }], { scale: 0.97 }),
        contrast: true,
        volumetric: true,
      }),
    },
    {
      study: irina,
      series: brainSeries(irina, {
        plan: headOf(8, [{ kind: 'white matter', count: 26 }], { scale: 0.96, atrophy: 0.75 }),
        contrast: false,
        volumetric: false,
      }),
    },
    {
      study: mia,
      series: brainSeries(mia, {
        plan: headOf(13, [{ kind: 'calvarial metastasis', centre: [-58, -34, 34], radius: 15 }], {
          scale: 0.9,
          atrophy: 0.1,
        }),
        contrast: true,
        volumetric: false,
      }),
    },
  ];
}

function chests(): DemoStudy[] {
  const layla = visit(people.layla, scanners.vision, '20250305', '120504', 'PET/CT chest');
  const laylaBefore = visit(people.layla, scanners.revolution, '20240212', '093641', 'CT chest with contrast');
  const xiaoming = visit(people.xiaoming, scanners.aquilion, '20250430', '161220', 'TC torace');
  const xray = visit(people.xiaoming, scanners.dx, '20250422', '100549', 'RX torace');
  const giulia = visit(people.giulia, scanners.affiniti, '20250115', '141023', 'Ecografia addome');
  const child = visit(people.mia, scanners.affiniti, '20250331', '103702', 'Ecografia addome');
  const nodule = (radius: number): ChestPlan['nodules'] => [{ centre: [-72, 34, 30], radius, kind: 'spiculated' }];
  const smoker = chestOf(17, [{ centre: [64, 40, 46], radius: 6, kind: 'smooth' }], {
    sex: 'M',
    girth: 0.97,
    emphysema: 0.7,
    contrast: false,
  });
  return [
    {
      study: layla,
      series: chestSeries(layla, {
        plan: chestOf(9, nodule(9.5), { nodes: [{ centre: [-18, 2, 28], radius: 8 }] }),
        slices: 58,
        lungKernel: true,
        pet: true,
      }),
    },
    {
      study: laylaBefore,
      series: chestSeries(laylaBefore, {
        plan: chestOf(9, nodule(5.5), {}),
        slices: 58,
        lungKernel: false,
        pet: false,
      }),
    },
    { study: xiaoming, series: chestSeries(xiaoming, { plan: smoker, slices: 58, lungKernel: true, pet: false }) },
    { study: xray, series: [radiographSeries(xray, smoker)] },
    { study: giulia, series: [ultrasoundSeries(giulia, 3)] },
    { study: child, series: [ultrasoundSeries(child, 14)] },
  ];
}

/** Everything that the demo shows: who, when, on which scanner; nothing is generated before a series is asked for it. */
export const demoStudies = (): DemoStudy[] => [...prostates(), ...heads(), ...chests()];
