import {
  ExplicitVRLittleEndian,
  type JsonDataSet,
  readDataSet,
  transferSyntaxOf,
  writeDataSet,
} from '@isocenter/dicom';
import { expect, test } from 'vitest';
import { annotationSvg, patientLines, techniqueLines } from './annotation.ts';
import { textStrokes, textWidth } from './stroke-font.ts';

const read = (json: JsonDataSet) =>
  readDataSet(
    writeDataSet({ '00080005': { vr: 'CS', Value: ['ISO_IR 192'] }, ...json }),
    transferSyntaxOf(ExplicitVRLittleEndian),
  );

test('[ARCH-1] annotations say who and how, as far as it is known', () => {
  const dataSet = read({
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane^M', Ideographic: '王^小東' }] },
    '00100020': { vr: 'LO', Value: ['4711'] },
    '00100030': { vr: 'DA', Value: ['19570312'] },
    '00080060': { vr: 'CS', Value: ['MR'] },
    '0008103E': { vr: 'LO', Value: ['t2 tse'] },
    '00080020': { vr: 'DA', Value: ['20240102'] },
    '00200011': { vr: 'IS', Value: [3] },
    '00180080': { vr: 'DS', Value: [4500.004] },
  });
  expect(patientLines(dataSet)).toEqual(['Doe, Jane M', 'ID 4711', '1957-03-12']);
  expect(techniqueLines(dataSet, 2, 30)).toEqual(['MR t2 tse', '2024-01-02', 'Se 3', 'Im (2/30)', 'TR 4500 ms']);
  expect(patientLines(read({}))).toEqual([]);
});

test('[ARCH-1] text is drawn without any font, letters without their accents, the rest as question marks', () => {
  expect(textStrokes('Jörg', 0, 0, 16)).toBe(textStrokes('Jorg', 0, 0, 16));
  expect(textStrokes('王', 0, 0, 16)).toBe(textStrokes('?', 0, 0, 16));
  expect(textWidth('WW', 16)).toBe(2 * textWidth('W', 16));
  for (let code = 0x20; code < 0x7f; code++) {
    const letter = String.fromCharCode(code);
    const drawn = textStrokes(letter, 0, 0, 16);
    expect([letter, drawn === '' || /^(M\d+ \d+(L\d+ \d+)*)+$/.test(drawn)]).toEqual([letter, true]);
    expect([letter, drawn === textStrokes('?', 0, 0, 16)]).toEqual([letter, letter === '?']);
  }
});

test('[ARCH-1] nothing of the data gets into the markup of an annotation', () => {
  const svg = annotationSvg({ topLeft: ['<script>&"'], bottomLeft: [] }, 100, 100);
  expect(svg).not.toMatch(/script|&/);
});
