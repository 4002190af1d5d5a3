import type { MrTissue } from '../../physics/mr.ts';

/**
 * Tissues of the male pelvis at 3 T. Relaxation times after de Bazelaire et al. (Radiology 2004;230:652) and Bojorquez
 * et al. (MRI 2017;35:69); ADC and Ktrans of the prostate in the range that PI-RADS papers report.
 */
const of = (pd: number, t1: number, t2: number, adc: number, more: Partial<MrTissue> = {}): MrTissue => ({
  pd,
  t1,
  t2,
  adc,
  fat: 0,
  ktrans: 0.05,
  ve: 0.15,
  vp: 0.01,
  ...more,
});

export const pelvisTissues = {
  air: of(0, 1000, 60, 0, { ktrans: 0, vp: 0 }),
  skin: of(0.62, 900, 42, 0.9, { vp: 0.02 }),
  fat: of(0.82, 380, 92, 0.06, { fat: 0.95, ktrans: 0.01, vp: 0.005, vary: { pd: 0.16 } }),
  deepFat: of(0.8, 400, 88, 0.1, { fat: 0.94, ktrans: 0.012, vp: 0.006, vary: { pd: 0.14 } }),
  fascia: of(0.5, 900, 44, 0.5, { fat: 0.4 }),
  muscle: of(0.76, 1400, 36, 1.25, { ktrans: 0.022, ve: 0.1, vp: 0.005, vary: { t2: 0.1, pd: 0.05, t1: -0.1 } }),
  levator: of(0.72, 1350, 38, 1.2, { ktrans: 0.035, ve: 0.13, vp: 0.01, vary: { t2: 0.1 } }),
  cortical: of(0.07, 900, 30, 0.2, { ktrans: 0, vp: 0 }),
  marrow: of(0.76, 440, 80, 0.25, { fat: 0.86, ktrans: 0.02, vary: { pd: 0.1, t2: 0.06 } }),
  redMarrow: of(0.72, 600, 66, 0.35, { fat: 0.72, ktrans: 0.05, vary: { pd: 0.1, t2: 0.1 } }),
  cartilage: of(0.7, 1200, 46, 1.3, { ktrans: 0.01 }),
  jointFluid: of(0.95, 3200, 300, 2.4, { ktrans: 0, vp: 0 }),
  disc: of(0.55, 1200, 44, 0.9, { ktrans: 0.01 }),
  urine: of(1, 3800, 900, 2.9, { ktrans: 0, vp: 0 }),
  bladderWall: of(0.72, 1300, 46, 1.3, { ktrans: 0.09, vp: 0.02, vary: { t2: 0.1 } }),
  rectalMuscle: of(0.72, 1300, 44, 1.25, { ktrans: 0.1, vp: 0.02, vary: { t2: 0.1 } }),
  rectalMucosa: of(0.8, 1300, 70, 1.5, { ktrans: 0.18, ve: 0.25, vp: 0.03, vary: { t2: 0.15 } }),
  gas: of(0.015, 1000, 60, 0, { ktrans: 0, vp: 0 }),
  stool: of(0.5, 900, 50, 0.9, { ktrans: 0, vp: 0, vary: { pd: 0.2, t2: 0.12 } }),
  peripheral: of(0.92, 1650, 128, 1.75, {
    ktrans: 0.1,
    ve: 0.26,
    vp: 0.012,
    vary: { t2: 0.2, adc: 0.08, ktrans: 0.2 },
  }),
  transition: of(0.86, 1500, 84, 1.35, { ktrans: 0.17, ve: 0.25, vp: 0.015, vary: { t2: 0.2, adc: 0.1, ktrans: 0.3 } }),
  nodule: of(0.9, 1600, 122, 1.5, { ktrans: 0.26, ve: 0.3, vp: 0.02, vary: { t2: 0.26, adc: 0.1, ktrans: 0.3 } }),
  stromalNodule: of(0.82, 1400, 62, 1.12, { ktrans: 0.24, ve: 0.22, vp: 0.02, vary: { t2: 0.15, ktrans: 0.25 } }),
  cyst: of(0.98, 3000, 420, 2.4, { ktrans: 0.01, vp: 0 }),
  central: of(0.8, 1350, 64, 1.15, { ktrans: 0.12, vp: 0.012, vary: { t2: 0.12 } }),
  fibromuscular: of(0.74, 1250, 40, 1.1, { ktrans: 0.07, ve: 0.15, vp: 0.01, vary: { t2: 0.12 } }),
  capsule: of(0.64, 1200, 38, 1.0, { ktrans: 0.07 }),
  urethra: of(0.95, 1900, 170, 1.7, { ktrans: 0.2, vp: 0.03 }),
  seminalFluid: of(0.95, 2300, 230, 1.95, { ktrans: 0.02, vp: 0.004, vary: { t2: 0.3 } }),
  seminalWall: of(0.74, 1200, 50, 1.2, { ktrans: 0.13, ve: 0.2, vp: 0.02 }),
  lesion: of(0.78, 1380, 64, 0.68, { ktrans: 0.75, ve: 0.38, vp: 0.05, vary: { t2: 0.1, adc: 0.08, ktrans: 0.15 } }),
  lowLesion: of(0.82, 1400, 76, 0.95, { ktrans: 0.42, ve: 0.32, vp: 0.03, vary: { t2: 0.12, adc: 0.1, ktrans: 0.15 } }),
  artery: of(0.1, 1650, 60, 9, { ktrans: 0, ve: 0, vp: 0.55 }),
  vein: of(0.8, 1600, 96, 9, { ktrans: 0.5, ve: 0.4, vp: 0 }),
  plexus: of(0.88, 1600, 112, 4, { ktrans: 0.35, ve: 0.4, vp: 0.05, vary: { t2: 0.3 } }),
  erectile: of(0.88, 1700, 105, 1.6, { ktrans: 0.1, ve: 0.3, vp: 0.08, vary: { t2: 0.12 } }),
  bowelWall: of(0.74, 1200, 50, 1.4, { ktrans: 0.16, ve: 0.2, vp: 0.02 }),
  bowelContent: of(0.8, 1500, 85, 1.6, { ktrans: 0, vp: 0, vary: { pd: 0.15, t2: 0.35 } }),
  nerve: of(0.66, 1000, 64, 1.0, { fat: 0.3, vary: { pd: 0.25 } }),
} satisfies Record<string, MrTissue>;

export type PelvisTissue = keyof typeof pelvisTissues;
