import { transferSyntaxOf } from '@isocenter/dicom';
import { expect, test } from 'vitest';
import { availableForms, frameForms } from './frame-forms.ts';

const [implicit, explicit, jls, j2k, lossy, rle, video] = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.4.102',
];

/** The transfer syntaxes of the ways found, those that go alone marked by an exclamation mark. */
const ways = (accept: string | undefined, stored: string, count = 1): string =>
  frameForms(accept, { stored: transferSyntaxOf(stored), count })
    .map(({ multipart, transferSyntaxUid }) => `${transferSyntaxUid}${multipart ? '' : '!'}`)
    .join(' ');

const parts = (type: string, syntax?: string): string =>
  `multipart/related; type="${type}"${syntax ? `; transfer-syntax=${syntax}` : ''}`;

test.each([
  // What viewers send by default: all there is, as it is.
  ['multipart/related; type=application/octet-stream; transfer-syntax=*', jls, jls],
  ['multipart/related; type=application/octet-stream; transfer-syntax=*', implicit, explicit],
  [
    'multipart/related; type="application/octet-stream"; transfer-syntax=*, multipart/related; type="image/jpeg"',
    lossy,
    `${lossy} ${lossy}`,
  ],
  // Uncompressed is the default of octets, and of those who take anything.
  [undefined, jls, `${explicit} ${jls}`],
  ['*/*', explicit, `${explicit} ${explicit}`],
  ['multipart/related', jls, explicit],
  [parts('*/*'), jls, `${explicit} ${jls}`],
  [parts('application/octet-stream'), video, ''],
  ['*/*', video, video],
  // A media type of compressed frames means the stored ones where they are of it, else its default.
  [parts('image/jpeg'), lossy, lossy],
  [parts('image/jpeg'), jls, '1.2.840.10008.1.2.4.70'],
  [parts('image/jls'), explicit, jls],
  [parts('image/x-jls'), explicit, jls],
  [parts('image/x-dicom-rle', rle), explicit, rle],
  [parts('image/jp2', '*'), j2k, j2k],
  [parts('image/jp2', '*'), explicit, ''],
  [parts('image/'), j2k, j2k],
  // Nothing is ever made lossy.
  [parts('image/jpeg', lossy), explicit, ''],
  [parts('image/jls', '1.2.840.10008.1.2.4.81'), explicit, ''],
  // A syntax that is of another media type makes no sense.
  [parts('image/jls', j2k), j2k, ''],
  [parts('application/octet-stream', j2k), j2k, j2k],
  [parts('application/octet-stream', jls), explicit, jls],
  ['application/octet-stream', explicit, `${explicit}!`],
  ['image/jp2', j2k, `${j2k}!`],
  ['text/html', explicit, ''],
])('[ARCH-1] "%s" for frames in %s', (accept, stored, expected) => {
  expect(ways(accept, stored!)).toBe(expected);
});

test('[ARCH-1] several frames never go alone', () => {
  expect(ways('application/octet-stream, image/jp2', j2k!, 2)).toBe('');
  expect(availableForms({ stored: transferSyntaxOf(j2k!), count: 2 })).toEqual([
    'multipart/related; type="application/octet-stream"',
    `multipart/related; type="image/jp2"; transfer-syntax=${j2k}`,
  ]);
});
