/** Where and on what images are made. Hospitals are plainly invented; makers and models are real, as headers need them. */

export interface Hospital {
  readonly name: string;
  readonly address: string;
  /** Prefix of accession numbers and stations. */
  readonly code: string;
  /** Issuer of patient IDs. */
  readonly issuer: string;
}

export const hospitals = {
  north: {
    name: 'Northbridge Example Hospital',
    address: '1 Phantom Lane, Northbridge',
    code: 'NB',
    issuer: 'NORTHBRIDGE-EXAMPLE',
  },
  lake: {
    name: 'Clinica Esempio del Lago',
    address: 'Via del Fantoccio 7, Lago',
    code: 'CL',
    issuer: 'CLINICA-ESEMPIO',
  },
} as const satisfies Record<string, Hospital>;

export type Maker = 'Siemens' | 'GE' | 'Philips' | 'UIH' | 'Canon';

export interface Scanner {
  readonly maker: Maker;
  readonly manufacturer: string;
  readonly model: string;
  readonly software: readonly string[];
  readonly station: string;
  readonly serial: string;
  readonly department: string;
  readonly hospital: Hospital;
}

const at = (
  hospital: Hospital,
  maker: Maker,
  manufacturer: string,
  model: string,
  software: readonly string[],
  unit: string,
  serial: string,
): Scanner => ({
  maker,
  manufacturer,
  model,
  software,
  serial,
  hospital,
  station: `${hospital.code}${unit}`,
  department: 'Radiology',
});

export const scanners = {
  vida: at(hospitals.north, 'Siemens', 'Siemens Healthineers', 'MAGNETOM Vida', ['syngo MR XA50'], 'MR01', '176001'),
  architect: at(
    hospitals.north,
    'GE',
    'GE MEDICAL SYSTEMS',
    'SIGNA Architect',
    ['29', 'LX', 'MR Software release:MR29.1_R03_2130.b'],
    'MR02',
    '0000000312MR3T',
  ),
  ingenia: at(hospitals.lake, 'Philips', 'Philips', 'Ingenia Elition X', ['5.7.1', '5.7.1.2'], 'RM1', '45117'),
  umr: at(hospitals.lake, 'UIH', 'UIH', 'uMR 790', ['R002'], 'RM2', '300117'),
  revolution: at(hospitals.north, 'GE', 'GE MEDICAL SYSTEMS', 'Revolution CT', ['revo_ct_22bc.50'], 'CT01', 'REV01'),
  vision: at(hospitals.north, 'Siemens', 'SIEMENS', 'Biograph128_Vision 600', ['VG80A'], 'PT01', '1201'),
  aquilion: at(hospitals.lake, 'Canon', 'CANON_MEC', 'Aquilion ONE', ['V10.11ER001'], 'TC1', '2CA1962001'),
  affiniti: at(hospitals.lake, 'Philips', 'Philips Medical Systems', 'EPIQ 7G', ['EPIQ 7G_9.0.1'], 'US1', 'US52100117'),
  dx: at(
    hospitals.lake,
    'Philips',
    'Philips Medical Systems',
    'digital DIAGNOST',
    ['4.3.2', 'PMS81.101.1.1 GXR GXRIM9.1'],
    'RX1',
    '19000117',
  ),
} as const satisfies Record<string, Scanner>;
