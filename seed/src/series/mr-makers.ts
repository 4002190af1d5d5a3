import type { JsonDataSet } from '@isocenter/dicom';
import { type Grid, positionOf } from '../anatomy/grid.ts';
import { type PrivateElements, privateBlock } from './attributes.ts';
import type { MrImage, MrKind, MrProtocol } from './mr.ts';
import type { Maker, Scanner } from './scanner.ts';

/** How a maker stores pixels. */
export interface PixelScale {
  /** Stored value of white. */
  readonly white: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  /** Philips stores a slope with each image; others leave it out of MR. */
  readonly slope?: number;
}

const scales: Readonly<Record<Maker, PixelScale>> = {
  Siemens: { white: 900, bitsStored: 12, signed: false },
  GE: { white: 6200, bitsStored: 16, signed: true },
  Philips: { white: 1900, bitsStored: 12, signed: false, slope: 2.3468 },
  UIH: { white: 2400, bitsStored: 14, signed: false },
  Canon: { white: 5200, bitsStored: 16, signed: true },
};

/** ADC maps hold 10^-6 mm^2/s in stored values with every maker. */
export const scaleOf = (maker: Maker, kind: MrKind): PixelScale => {
  const { slope, ...scale } = scales[maker];
  return kind === 'ADC' ? { ...scale, ...(slope === undefined ? {} : { slope: 1 }) } : scales[maker];
};

const trace: Readonly<Record<Maker, readonly string[]>> = {
  Siemens: ['DERIVED', 'PRIMARY', 'DIFFUSION', 'TRACEW', 'DIS2D'],
  GE: ['ORIGINAL', 'PRIMARY', 'OTHER'],
  Philips: ['ORIGINAL', 'PRIMARY', 'M_SE', 'M', 'SE'],
  UIH: ['DERIVED', 'PRIMARY', 'DIFFUSION', 'TRACE'],
  Canon: ['DERIVED', 'PRIMARY', 'DIFFUSION', 'TRACE'],
};
const adc: Readonly<Record<Maker, readonly string[]>> = {
  Siemens: ['DERIVED', 'PRIMARY', 'DIFFUSION', 'ADC', 'DIS2D'],
  GE: ['DERIVED', 'SECONDARY', 'COMBINED', 'ADC'],
  Philips: ['DERIVED', 'SECONDARY', 'ADC', 'ADC', 'UNSPECIFIED'],
  UIH: ['DERIVED', 'PRIMARY', 'DIFFUSION', 'ADC'],
  Canon: ['DERIVED', 'PRIMARY', 'DIFFUSION', 'ADC'],
};
const plain: Readonly<Record<Maker, readonly string[]>> = {
  Siemens: ['ORIGINAL', 'PRIMARY', 'M', 'NORM', 'DIS2D'],
  GE: ['ORIGINAL', 'PRIMARY', 'OTHER'],
  Philips: ['ORIGINAL', 'PRIMARY', 'M_SE', 'M', 'SE'],
  UIH: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
  Canon: ['ORIGINAL', 'PRIMARY', 'OTHER', 'GDC'],
};

export function imageTypeOf(maker: Maker, kind: MrKind): readonly string[] {
  if (kind === 'ADC') return adc[maker];
  if (kind === 'DWI') return trace[maker];
  if (maker === 'Philips' && (kind === 'DCE' || kind === 'MPRAGE')) return ['ORIGINAL', 'PRIMARY', 'M_FFE', 'M', 'FFE'];
  return plain[maker];
}

/** What the maker adds to each image in its private blocks. */
export function instancePrivate(scanner: Scanner, protocol: MrProtocol, grid: Grid, image: MrImage): JsonDataSet {
  switch (scanner.maker) {
    case 'Siemens':
      return siemens(protocol, grid, image);
    case 'GE':
      return ge(protocol, grid, image);
    case 'Philips':
      return philips(protocol, grid, image);
    case 'UIH':
      return uih(protocol, grid, image);
    case 'Canon':
      return {};
  }
}

/** "Tra>Cor(-4.0)" */
function orientationText(grid: Grid): string {
  const [x, y, z] = grid.normal.map(Math.abs) as [number, number, number];
  const order = (
    [
      ['Sag', x],
      ['Cor', y],
      ['Tra', z],
    ] as [string, number][]
  ).sort((a, b) => b[1] - a[1]);
  const tilt = (Math.asin(Math.min(1, order[1]![1])) * 180) / Math.PI;
  return tilt < 0.05 ? order[0]![0] : `${order[0]![0]}>${order[1]![0]}(${tilt.toFixed(1)})`;
}

const minutes = (seconds: number): string =>
  `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
const fieldOfView = (grid: Grid): string =>
  `${Math.round(grid.rows * grid.spacing[1])}*${Math.round(grid.columns * grid.spacing[0])}`;

function siemens(p: MrProtocol, grid: Grid, image: MrImage): JsonDataSet {
  const position = [...positionOf(grid, image.slice)];
  const b = image.bValue;
  const header: Record<number, PrivateElements[number]> = {
    8: 'IMAGE NUM 4',
    9: '1.0',
    11: Number((p.tr / Math.max(1, grid.slices)).toFixed(2)),
    15: 'Fast',
    17: 'No',
    18: [0, 0, -1423],
    19: [0, 0, -1423],
    20: [0, 0, 0],
    21: position,
    23: 1,
    24: 3200,
  };
  if (b !== undefined) Object.assign(header, { 12: b, 13: b === 0 ? 'NONE' : 'DIRECTIONAL' });
  if (image.phase) header[0x16] = image.phase.seconds;
  return {
    ...privateBlock(0x0019, 'SIEMENS MR HEADER', header),
    ...privateBlock(0x0051, 'SIEMENS MR HEADER', {
      8: 'IMAGE NUM 4',
      9: '1.0',
      10: `TA ${minutes(p.duration)}`,
      11: `${p.matrix[1]}*${p.matrix[0]}`,
      12: `FoV ${fieldOfView(grid)}`,
      14: orientationText(grid),
      15: 'BO1,2;SP2-5',
      17: 'p2',
      18: 'TP 0',
      19: '+LPH',
      22: 'p2 M/NORM/DIS2D',
      23: `SL ${grid.thickness.toFixed(1)}`,
    }),
  };
}

function ge(p: MrProtocol, grid: Grid, image: MrImage): JsonDataSet {
  const plane = grid.normal.map(Math.abs).indexOf(Math.max(...grid.normal.map(Math.abs)));
  const parameters: Record<number, PrivateElements[number]> = { 1: 4, 16: 0, 48: image.bValue === undefined ? 0 : 14 };
  // The b-value carries an offset of a billion since DV26; the other values are parameters of the gradients.
  if (p.kind === 'DWI' || p.kind === 'ADC') parameters[0x39] = [1_000_000_000 + (image.bValue ?? 1400), 8, 0, 0];
  return {
    ...privateBlock(0x0009, 'GEMS_IDEN_01', { 1: 'GE_GENESIS_FF', 2: 'NB3T', 4: 'SIGNA', 48: '', 49: '' }),
    ...privateBlock(0x0019, 'GEMS_ACQU_01', {
      23: [2, 4, 8].at(plane - 1) ?? 2,
      156: p.sequenceName,
      158: p.sequenceName,
      132: 0.9,
    }),
    ...privateBlock(0x0021, 'GEMS_RELA_01', { 3: 1, 5: '29', 53: 1, 55: 16 }),
    ...privateBlock(0x0043, 'GEMS_PARM_01', parameters),
  };
}

function philips(p: MrProtocol, grid: Grid, image: MrImage): JsonDataSet {
  const plane = grid.normal.map(Math.abs).indexOf(Math.max(...grid.normal.map(Math.abs)));
  const elements: Record<number, PrivateElements[number]> = {
    1: 0,
    6: 'N',
    8: image.phase ? image.phase.index + 1 : 1,
    10: image.slice + 1,
    11: ['SAGITTAL', 'CORONAL', 'TRANSVERSAL'][plane]!,
    18: image.phase ? 'Y' : 'N',
    19: p.kind === 'DWI' ? 51 : 1,
    20: 1,
    21: grid.slices,
    23: 1,
    24: grid.slices,
    25: 'N',
    32: p.kind === 'DWI' || p.kind === 'ADC' ? 'DwiSE' : p.kind === 'DCE' ? 'T1FFE' : 'TSE',
    33: p.scanOptions.includes('FS') ? 'Y' : 'N',
    34: 1.6,
    35: p.flip,
    37: String(p.te),
  };
  if (image.bValue !== undefined) Object.assign(elements, { 3: image.bValue, 4: image.bValue === 0 ? 'N' : 'I' });
  return {
    ...privateBlock(0x2001, 'Philips Imaging DD 001', elements),
    ...privateBlock(0x2005, 'Philips MR Imaging DD 001', { 5: 'SENSE', 13: 0, 14: 0.0089, 17: 'M', 32: 1 }),
  };
}

/** United Imaging keeps the b-value as a double at (0065,1009). */
function uih(p: MrProtocol, grid: Grid, image: MrImage): JsonDataSet {
  const elements: Record<number, PrivateElements[number]> = {
    2: ['LO', orientationText(grid).toUpperCase().replace('(', ' ').replace(')', '')],
    3: ['LO', 'HL1,2;HU1,2'],
    4: ['SH', `${p.matrix[0]}*${p.matrix[1]}`],
    5: ['SH', 'A->P'],
    45: ['ST', p.sequenceName],
    56: ['FD', 40],
  };
  if (image.bValue !== undefined) Object.assign(elements, { 9: ['FD', image.bValue], 10: ['FD', image.bValue] });
  return privateBlock(0x0065, 'Image Private Header', elements);
}
