import { expect, test } from 'vitest';
import { saneHeader } from './sane-header.ts';

const ds = (...Value: (number | string | null)[]) => ({ vr: 'DS', Value });

test('[UI-6] geometry that cannot be meant is left out, so that the image is shown without measures', () => {
  const header = {
    '00200032': ds(1, 2),
    '00200037': ds(1, 0, 0, 0, 1, null),
    '00280030': ds('0.5', '0.5'),
    '00280010': ds(512),
  };
  expect(Object.keys(saneHeader(header)).sort()).toEqual(['00280010', '00280030']);
});

test('[UI-6] also in the functional groups of enhanced images', () => {
  const group = (position: ReturnType<typeof ds>) => ({ '00209113': { vr: 'SQ', Value: [{ '00200032': position }] } });
  const header = { '52009230': { vr: 'SQ', Value: [group(ds(1, 2, 3)), group(ds(1))] } };
  expect(saneHeader(header)).toEqual({
    '52009230': { vr: 'SQ', Value: [group(ds(1, 2, 3)), { '00209113': { vr: 'SQ', Value: [{}] } }] },
  });
});
