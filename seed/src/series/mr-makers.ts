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
    case 'Siemens': return siemens(protocol, grid, image);
    case 'GE': return ge(protocol, grid, image);
    case 'Philips': return philips(protocol, grid, image);
    case 'UIH': return uih(protocol, grid, image);
    case 'Canon': return {};
  }
}

/** "Tra>Cor(-4.0)" */
function orientationText(grid: Grid): string {
  const [x, y, z] = grid.normal.map(Math.abs) as [number, number, number];
  const order = ([['Sag', x], ['Cor', y], ['Tra', z]] as [string, number][]).sort((a, b) => b[1] - a[1]);
  const tilt = (Math.asin(Math.min(1, order[1]![1])) * 180) / Math.PI;
  return tilt < 0.05 ? order[0]![0] : `${order[0]![0]}>${order[1]![0]}(${tilt.toFixed(1)})`;
}

const minutes = (seconds: number): string => `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
const fieldOfView = (grid: Grid): string => `${Math.round(grid.rows * grid.spacing[1])}*${Math.round(grid.columns * grid.spacing[0])}`;

function siemens(p: MrProtocol, grid: Grid, image: MrImage): JsonDataSet {
  const position = [...positionOf(grid, image.slice)];
  const b = image.bValue;
  const header: Record<number, PrivateElements[number]> = {
    0x08: 'IMAGE NUM 4', 0x09: '1.0', 0x0b: Number((p.tr / Math.max(1, grid.slices)).toFixed(2)), 0x0f: 'Fast', 0x11: 'No',
    0x12: [0, 0, -1423], 0x13: [0, 0, -1423], 0x14: [0, 0, 0], 0x15: position, 0x17: 1, 0x18: 3200,
  };
  if (b !== undefined) Object.assign(header, { 0x0c: b, 0x0d: b === 0 ? 'NONE' : 'DIRECTIONAL' });
  if (image.phase) header[0x16] = image.phase.seconds;
  return {
    ...privateBlock(0x0019, 'SIEMENS MR HEADER', header),
    ...privateBlock(0x0051, 'SIEMENS MR HEADER', {
      0x08: 'IMAGE NUM 4', 0x09: '1.0', 0x0a: `TA ${minutes(p.duration)}`, 0x0b: `${p.matrix[1]}*${p.matrix[0]}`, 0x0c: `FoV ${fieldOfView(grid)}`,
      0x0e: orientationText(grid), 0x0f: 'BO1,2;SP2-5', 0x11: 'p2', 0x12: 'TP 0', 0x13: '+LPH', 0x16: 'p2 M/NORM/DIS2D', 0x17: `SL ${grid.thickness.toFixed(1)}`,
    }),
  };
}

function ge(p: MrProtocol, grid: Grid, image: MrImage): JsonDataSet {
  const plane = grid.normal.map(Math.abs).indexOf(Math.max(...grid.normal.map(Math.abs)));
  const parameters: Record<number, PrivateElements[number]> = { 0x01: 4, 0x10: 0, 0x30: image.bValue === undefined ? 0 : 14 };
  // The b-value carries an offset of a billion since DV26; the other values are parameters of the gradients.
  if (p.kind === 'DWI' || p.kind === 'ADC') parameters[0x39] = [1_000_000_000 + (image.bValue ?? 1400), 8, 0, 0];
  return {
    ...privateBlock(0x0009, 'GEMS_IDEN_01', { 0x01: 'GE_GENESIS_FF', 0x02: 'NB3T', 0x04: 'SIGNA', 0x30: '', 0x31: '' }),
    ...privateBlock(0x0019, 'GEMS_ACQU_01', { 0x17: [2, 4, 8].at(plane - 1) ?? 2, 0x9c: p.sequenceName, 0x9e: p.sequenceName, 0x84: 0.9 }),
    ...privateBlock(0x0021, 'GEMS_RELA_01', { 0x03: 1, 0x05: '29', 0x35: 1, 0x37: 16 }),
    ...privateBlock(0x0043, 'GEMS_PARM_01', parameters),
  };
}

function philips(p: MrProtocol, grid: Grid, image: MrImage): JsonDataSet {
  const plane = grid.normal.map(Math.abs).indexOf(Math.max(...grid.normal.map(Math.abs)));
  const elements: Record<number, PrivateElements[number]> = {
    0x01: 0, 0x06: 'N', 0x08: image.phase ? image.phase.index + 1 : 1, 0x0a: image.slice + 1, 0x0b: ['SAGITTAL', 'CORONAL', 'TRANSVERSAL'][plane]!,
    0x12: image.phase ? 'Y' : 'N', 0x13: p.kind === 'DWI' ? 51 : 1, 0x14: 1, 0x15: grid.slices, 0x17: 1, 0x18: grid.slices, 0x19: 'N',
    0x20: p.kind === 'DWI' || p.kind === 'ADC' ? 'DwiSE' : p.kind === 'DCE' ? 'T1FFE' : 'TSE', 0x21: p.scanOptions.includes('FS') ? 'Y' : 'N', 0x22: 1.6, 0x23: p.flip, 0x25: String(p.te),
  };
  if (image.bValue !== undefined) Object.assign(elements, { 0x03: image.bValue, 0x04: image.bValue === 0 ? 'N' : 'I' });
  return {
    ...privateBlock(0x2001, 'Philips Imaging DD 001', elements),
    ...privateBlock(0x2005, 'Philips MR Imaging DD 001', { 0x05: 'SENSE', 0x0d: 0, 0x0e: 0.0089, 0x11: 'M', 0x20: 1 }),
  };
}

/** United Imaging keeps the b-value as a double at (0065,1009). */
function uih(p: MrProtocol, grid: Grid, image: MrImage): JsonDataSet {
  const elements: Record<number, PrivateElements[number]> = {
    0x02: ['LO', orientationText(grid).toUpperCase().replace('(', ' ').replace(')', '')], 0x03: ['LO', 'HL1,2;HU1,2'], 0x04: ['SH', `${p.matrix[0]}*${p.matrix[1]}`],
    0x05: ['SH', 'A->P'], 0x2d: ['ST', p.sequenceName], 0x38: ['FD', 40],
  };
  if (image.bValue !== undefined) Object.assign(elements, { 0x09: ['FD', image.bValue], 0x0a: ['FD', image.bValue] });
  return privateBlock(0x0065, 'Image Private Header', elements);
}
