import { textStrokes, textWidth } from './stroke-font.ts';

/** Colours that stand on light and on dark pages. */
const ground = '#2b3038';
const frame = '#454c57';
const ink = '#aab2bf';

/** A picture for what can't be shown as one: what it is, in large, and a remark below. */
export function placeholderSvg(title: string, remark: string | undefined, width: number, height: number): string {
  const side = Math.min(width, height);
  const size = fitted(title, side * 0.22, width * 0.8);
  const small = remark === undefined ? 0 : fitted(remark, Math.max(9, side * 0.075), width * 0.88);
  const top = height / 2 - size * 0.5 - small * 0.6;
  const inset = side * 0.03;
  const lines = [pen(title, width, top, size), ...(remark ? [pen(remark, width, top + size * 1.35, small)] : [])];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="${ground}"/>` +
    `<rect x="${inset}" y="${inset}" width="${width - 2 * inset}" height="${height - 2 * inset}" rx="${side * 0.05}" ` +
    `fill="none" stroke="${frame}" stroke-width="${Math.max(1, side * 0.01)}"/>${lines.join('')}</svg>`
  );
}

function pen(text: string, width: number, top: number, size: number): string {
  const left = (width - textWidth(text, size)) / 2;
  return (
    `<path d="${textStrokes(text, left, top, size)}" fill="none" stroke="${ink}" stroke-width="${size / 10}" ` +
    'stroke-linecap="round" stroke-linejoin="round"/>'
  );
}

/** The size at which a text keeps within a width. */
const fitted = (text: string, size: number, most: number): number =>
  Math.min(size, (size * most) / Math.max(1, textWidth(text, size)));
