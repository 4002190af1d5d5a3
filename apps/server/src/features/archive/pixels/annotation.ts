import type { JsonDataSet, JsonPersonName } from '@isocenter/dicom';
import { textStrokes } from './stroke-font.ts';

/** Lines of text for corners of a picture. */
export interface CornerText {
  readonly topLeft: readonly string[];
  readonly bottomLeft: readonly string[];
}

/** Who it is. */
export function patientLines(metadata: JsonDataSet): string[] {
  const name = metadata['00100010']?.Value?.[0] as JsonPersonName | undefined;
  const [family = '', ...given] = (name?.Alphabetic ?? name?.Ideographic ?? '').split('^').filter(Boolean);
  return [
    given.length > 0 ? `${family}, ${given.join(' ')}` : family,
    labelled('ID', text(metadata, '00100020')),
    joined(date(text(metadata, '00100030')), text(metadata, '00100040')),
  ].filter(Boolean);
}

/** What it is and how it was made. */
export function techniqueLines(metadata: JsonDataSet, frame: number, frames: number): string[] {
  const place = frames > 1 ? `(${frame}/${frames})` : '';
  return [
    joined(text(metadata, '00080060'), text(metadata, '0008103E') || text(metadata, '00180015')),
    joined(date(text(metadata, '00080020')), time(text(metadata, '00080030'))),
    labelled('Se', text(metadata, '00200011')),
    labelled('Im', joined(text(metadata, '00200013'), place)),
    labelled('TR', quantity(metadata, '00180080', 'ms')),
    labelled('TE', quantity(metadata, '00180081', 'ms')),
    quantity(metadata, '00180060', 'kV'),
    quantity(metadata, '00181152', 'mAs'),
    labelled('Slice', quantity(metadata, '00180050', 'mm')),
  ].filter(Boolean);
}

const joined = (...parts: string[]): string => parts.filter(Boolean).join(' ');
const labelled = (label: string, value: string): string => (value === '' ? '' : `${label} ${value}`);

function text(metadata: JsonDataSet, tag: string): string {
  const value = metadata[tag]?.Value?.[0];
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value).trim();
}

function quantity(metadata: JsonDataSet, tag: string, unit: string): string {
  const value = text(metadata, tag);
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
