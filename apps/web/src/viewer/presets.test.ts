import { expect, test } from 'vitest';
import { presetsOf } from './presets.ts';

const ds = (...Value: number[]) => ({ vr: 'DS', Value });

test('[UI-6] the windows in the file come first, those of CT after, none twice', () => {
  const presets = presetsOf({
    '00080060': { vr: 'CS', Value: ['CT'] },
    '00281050': ds(40, -600),
    '00281051': ds(400, 1600),
    '00281055': { vr: 'LO', Value: ['MEDIASTINUM', 'LUNG'] },
  });
  expect(presets.slice(0, 3).map(({ name, center, width }) => [name, center, width])).toEqual([
    ['MEDIASTINUM', 40, 400],
    ['LUNG', -600, 1600],
    ['Lung', -600, 1500],
  ]);
});

test('[UI-6] other modalities have the windows of their file only, and a broken pair is none', () => {
  const mr = { '00080060': { vr: 'CS', Value: ['MR'] }, '00281050': ds(600, 3), '00281051': ds(1200) };
  expect(presetsOf(mr)).toEqual([{ name: 'As in the file, 1', center: 600, width: 1200 }]);
  expect(presetsOf({ '00080060': { vr: 'CS', Value: ['MR'] } })).toEqual([]);
});
