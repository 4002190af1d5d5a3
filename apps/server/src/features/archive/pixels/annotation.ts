import { type DataSet, firstString } from '@isocenter/dicom';
import { textStrokes } from './stroke-font.ts';

/** Lines of text for corners of a picture. */
export interface CornerText {
  readonly topLeft: readonly string[];
  readonly bottomLeft: readonly string[];
}

/** Who it is. */
export function patientLines(dataSet: DataSet): string[] {
  const [alphabetic = '', ideographic = ''] = text(dataSet, 0x00100010).split('=');
  const [family = '', ...given] = (alphabetic || ideographic).split('^').filter(Boolean);
  return [
    given.length > 0 ? `${family}, ${given.join(' ')}` : family,
    labelled('ID', text(dataSet, 0x00100020)),
    joined(date(text(dataSet, 0x00100030)), text(dataSet, 0x00100040)),
  ].filter(Boolean);
}

/** What it is and how it was made. */
export function techniqueLines(dataSet: DataSet, frame: number, frames: number): string[] {
  const place = frames > 1 ? `(${frame}/${frames})` : '';
  return [
    joined(text(dataSet, 0x00080060), text(dataSet, 0x0008103e) || text(dataSet, 0x00180015)),
    joined(date(text(dataSet, 0x00080020)), time(text(dataSet, 0x00080030))),
    labelled('Se', text(dataSet, 0x00200011)),
    labelled('Im', joined(text(dataSet, 0x00200013), place)),
    labelled('TR', quantity(dataSet, 0x00180080, 'ms')),
    labelled('TE', quantity(dataSet, 0x00180081, 'ms')),
    quantity(dataSet, 0x00180060, 'kV'),
    quantity(dataSet, 0x00181152, 'mAs'),
    labelled('Slice', quantity(dataSet, 0x00180050, 'mm')),
  ].filter(Boolean);
}

const joined = (...parts: string[]): string => parts.filter(Boolean).join(' ');
const labelled = (label: string, value: string): string => (value === '' ? '' : `${label} ${value}`);
const text = (dataSet: DataSet, tag: number): string => firstString(dataSet, tag)?.trim() ?? '';

function quantity(dataSet: DataSet, tag: number, unit: string): string {
  const value = text(dataSet, tag);
  return value === ''
    ? ''
    : `${Number.isFinite(Number(value)) ? Math.round(Number(value) * 100) / 100 : value} ${unit}`;
}

const date = (da: string): string => da.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
const time = (tm: string): string => tm.replace(/^(\d\d)(\d\d)(\d\d).*$/, '$1:$2:$3');

/** The text as a picture to lay over one of this size: white with a dark edge, readable on anything. */
export function annotationSvg({ topLeft, bottomLeft }: CornerText, width: number, height: number): string {
  const size = Math.max(9, Math.min(28, Math.round(Math.min(width, height) / 28)));
  const [step, edge] = [size * 1.35, size * 0.5];
  const bottom = height - edge - bottomLeft.length * step;
  const strokes = [
    ...topLeft.map((line, i) => textStrokes(line, edge, edge + i * step, size)),
    ...bottomLeft.map((line, i) => textStrokes(line, edge, bottom + i * step, size)),
  ].join('');
  const pen = size / 11;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    '<g fill="none" stroke-linecap="round" stroke-linejoin="round">' +
    `<path d="${strokes}" stroke="#000" stroke-width="${pen * 2.4}"/><path d="${strokes}" stroke="#fff" stroke-width="${pen}"/></g></svg>`
  );
}
