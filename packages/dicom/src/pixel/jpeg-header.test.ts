import { expect, test } from 'vitest';
import { holdsYCbCr, type JpegHeader } from './jpeg-header.ts';

const ids = (text: string, horizontal = 1): JpegHeader['components'] =>
  [...text].map((id, i) => ({ id: id.charCodeAt(0), horizontal: i === 0 ? horizontal : 1, vertical: 1 }));
const plain: JpegHeader = {
  process: 'baseline',
  precision: 8,
  rows: 1,
  columns: 1,
  components: ids('\u0001\u0002\u0003'),
  jfif: false,
  interleave: 0,
};

test.each([
  ['Adobe says none, though JFIF and the data set say YCbCr', { adobeTransform: 0, jfif: true }, 'YBR_FULL_422', false],
  ['Adobe says YCbCr, though the data set says RGB', { adobeTransform: 1 }, 'RGB', true],
  ['components are named R, G and B', { components: ids('RGB') }, 'YBR_FULL', false],
  ['JFIF is always YCbCr', { jfif: true }, 'RGB', true],
  ['chroma is subsampled, which RGB never is', { components: ids('\u0001\u0002\u0003', 2) }, 'RGB', true],
  ['nothing says anything, so the data set is believed', {}, 'RGB', false],
  ['nothing says anything, so the data set is believed', {}, 'YBR_FULL', true],
  ['gray has no colour', { components: ids('\u0001') }, 'MONOCHROME2', false],
])('[ARCH-2] the colour of a JPEG stream: %s', (_, marks, photometric, expected) => {
  expect(holdsYCbCr({ ...plain, ...marks }, photometric)).toBe(expected);
});
