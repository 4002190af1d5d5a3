import { expect, test } from 'vitest';
import { codeOf, isCode } from './code-of.ts';

test.each([
  ['Children’s Hospital Zürich', 'childrens-hospital-zurich'],
  ['  LUNG-2: screening  ', 'lung-2-screening'],
  ['Hôpital de la Pitié-Salpêtrière, Assistance publique', 'hopital-de-la-pitie-salpetriere-assistan'],
  ['東京', ''],
])('[IAM-8] a code is suggested for the name %s', (name, code) => {
  expect(codeOf(name)).toBe(code);
  expect(code === '' || isCode(code)).toBe(true);
});
