import type { Paint } from '../raster.ts';

/** What a CT and a PET camera see: Hounsfield units, FDG uptake (SUV), and Hounsfield units per unit of texture. */
export interface CtTissue {
  readonly hu: number;
  readonly suv: number;
  readonly varies?: number;
}

const of = (hu: number, suv: number, varies = 0): CtTissue => ({ hu, suv, varies });

const plain = {
  air: of(-1000, 0),
  skin: of(5, 0.5),
  fat: of(-105, 0.25, 9),
  mediastinalFat: of(-98, 0.35, 9),
  muscle: of(56, 0.6, 11),
  gland: of(20, 0.9, 28),
  cortical: of(820, 0.7, 90),
  rib: of(620, 0.7, 60),
  marrow: of(190, 1.3, 48),
  ribMarrow: of(170, 1.1, 35),
  cartilage: of(115, 0.5, 14),
  calcified: of(420, 0.5, 60),
  disc: of(88, 0.6, 8),
  cord: of(32, 1.1),
  lung: of(-852, 0.45, 16),
  pleura: of(15, 0.5),
  fissure: of(-640, 0.45),
  airwayWall: of(-60, 0.7),
  airway: of(-998, 0),
  pulmonary: of(42, 1.5),
  blood: of(44, 1.6, 2),
  myocardium: of(48, 3.4, 4),
  vesselWall: of(40, 1.2),
  oesophagus: of(40, 1.5, 5),
  liver: of(58, 2.2, 4),
  hepaticVein: of(44, 1.7),
  spleen: of(50, 1.8, 3),
  stomachWall: of(44, 1.6),
  fluid: of(14, 0.7, 6),
  gas: of(-990, 0),
  node: of(42, 6.5, 5),
  nodule: of(36, 9, 12),
  groundGlass: of(-560, 1.4, 40),
  tableShell: of(-120, 0),
  tableFoam: of(-935, 0),
  mattress: of(-870, 0),
} satisfies Record<string, CtTissue>;

export type ChestTissue = keyof typeof plain;

/** Seventy seconds after contrast medium. */
const enhanced: Partial<Record<ChestTissue, number>> = {
  blood: 168,
  pulmonary: 160,
  myocardium: 108,
  vesselWall: 90,
  liver: 112,
  hepaticVein: 158,
  spleen: 124,
  muscle: 64,
  oesophagus: 62,
  stomachWall: 86,
  node: 84,
  nodule: 70,
  cord: 40,
};

/** Channel 0: Hounsfield units. Channel 1: uptake. */
export function chestPaint(contrast: boolean): (tissue: ChestTissue) => Paint {
  return (tissue) => {
    const { hu, suv, varies = 0 } = plain[tissue] as CtTissue;
    return { base: [(contrast ? enhanced[tissue] : undefined) ?? hu, suv], gain: [varies, 0] };
  };
}
