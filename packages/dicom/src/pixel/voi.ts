import type { LookupTable } from './lookup-table.ts';

/** Values of interest: a window (PS3.3 C.11.2.1.2) or a table (C.11.2.1.1). */
export interface Window {
  readonly center: number;
  readonly width: number;
  readonly shape: WindowShape;
}
export type WindowShape = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

export type Voi = Window | LookupTable;

/** From a modality value to a gray of 0 to 255, not rounded. */
export function voiFunction(voi: Voi): (value: number) => number {
  if ('values' in voi) return tableFunction(voi);
  const { center, width, shape } = voi;
  if (shape === 'SIGMOID') return (x) => 255 / (1 + Math.exp((-4 * (x - center)) / width));
  const [middle, span] = shape === 'LINEAR' ? [center - 0.5, width - 1] : [center, width];
  // A window of no width is a threshold.
  if (span <= 0) return (x) => (x <= middle ? 0 : 255);
  const slope = 255 / span;
  const offset = 127.5 - middle * slope;
  return (x) => Math.min(255, Math.max(0, x * slope + offset));
}

function tableFunction({ first, bits, values }: LookupTable): (value: number) => number {
  const scale = 255 / (2 ** bits - 1);
  const last = values.length - 1;
  return (x) => values[Math.min(last, Math.max(0, Math.round(x) - first))]! * scale;
}

/** Whether a window can be used: a sigmoid and an exact one need some width, a linear one at least 1. */
export const isSoundWindow = ({ center, width, shape }: Window): boolean =>
  Number.isFinite(center) && Number.isFinite(width) && (shape === 'LINEAR' ? width >= 1 : width > 0);
