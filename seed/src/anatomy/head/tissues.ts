import type { MrTissue } from '../../physics/mr.ts';

const of = (pd: number, t1: number, t2: number, vary: NonNullable<MrTissue['vary']> = {}): MrTissue => ({
  pd,
  t1,
  t2,
  adc: 0.8,
  fat: 0,
  ktrans: 0,
  ve: 0,
  vp: 0,
  vary,
});

/** Tissues of the head at 3 T, relaxation times after Bojorquez et al., MRI 2017;35:69. */
export const headTissues = {
  skin: of(0.72, 1000, 50),
  fat: of(0.9, 390, 105, { pd: 0.08 }),
  muscle: of(0.76, 1350, 36, { pd: 0.08, t2: 0.12 }),
  /** Muscle and fat between the bones of the face: positive texture is fat. */
  soft: of(0.79, 1000, 50, { pd: 0.06, t2: 0.35, t1: -0.5 }),
  cortical: of(0.05, 900, 30),
  diploe: of(0.72, 480, 74, { pd: 0.16 }),
  marrow: of(0.76, 450, 84, { pd: 0.14 }),
  air: of(0.008, 1000, 60),
  mucosa: of(0.86, 1300, 92, { t2: 0.15 }),
  dura: of(0.3, 1000, 40),
  csf: of(1, 4300, 1600),
  grey: of(0.86, 1420, 100, { pd: 0.02, t2: 0.04 }),
  white: of(0.7, 840, 72, { pd: 0.015, t2: 0.035, t1: 0.02 }),
  callosum: of(0.69, 820, 70, { pd: 0.01 }),
  caudate: of(0.82, 1330, 90, { t2: 0.04 }),
  putamen: of(0.81, 1270, 84, { t2: 0.04 }),
  pallidum: of(0.75, 1060, 62, { t2: 0.04 }),
  thalamus: of(0.78, 1180, 84, { t2: 0.05, t1: 0.04 }),
  iron: of(0.74, 1150, 58),
  stem: of(0.73, 970, 80, { t2: 0.05, t1: 0.03 }),
  folia: of(0.84, 1380, 95, { pd: 0.03, t2: 0.06, t1: 0.04 }),
  vessel: of(0.06, 1700, 50),
  sinus: of(0.3, 1700, 60),
  vitreous: of(0.99, 4000, 900),
  lens: of(0.62, 1100, 34),
  sclera: of(0.4, 1000, 40),
  nerve: of(0.7, 900, 74),
  gland: of(0.8, 900, 70, { pd: 0.1 }),
  tongue: of(0.8, 1000, 46, { pd: 0.14, t2: 0.15 }),
  tooth: of(0.04, 900, 30),
  oedema: of(0.86, 1650, 140, { t2: 0.15 }),
  tumour: of(0.87, 1700, 140, { t2: 0.25, t1: 0.1 }),
  enhancing: of(0.86, 1500, 115, { t2: 0.2, t1: 0.1 }),
  necrosis: of(0.97, 2600, 330, { t2: 0.2 }),
  blood: of(0.6, 620, 40),
  hyperintensity: of(0.88, 1600, 210, { t2: 0.15 }),
  metastasis: of(0.82, 1350, 98, { t2: 0.2, t1: 0.08 }),
} satisfies Record<string, MrTissue>;

export type HeadTissue = keyof typeof headTissues;

/** The same tissues some minutes after gadolinium: what has no barrier or is blood shortens its T1. */
export const enhancedHeadTissues: Readonly<Record<HeadTissue, MrTissue>> = {
  ...headTissues,
  enhancing: { ...headTissues.enhancing, t1: 560 },
  metastasis: { ...headTissues.metastasis, t1: 520 },
  dura: { ...headTissues.dura, pd: 0.55, t1: 520 },
  sinus: { ...headTissues.sinus, pd: 0.8, t1: 330 },
  vessel: { ...headTissues.vessel, pd: 0.6, t1: 300 },
  mucosa: { ...headTissues.mucosa, t1: 560 },
  gland: { ...headTissues.gland, t1: 480 },
  muscle: { ...headTissues.muscle, t1: 1150 },
};
