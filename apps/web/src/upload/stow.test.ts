import { expect, test } from 'vitest';
import { parseAnswer } from './stow.ts';

const uid = (value: string) => ({ vr: 'UI', Value: [value] });

test('[UI-5] the answer of a store gives each instance its outcome', () => {
  const answer = {
    '00081199': {
      vr: 'SQ',
      Value: [
        {
          '00081155': uid('1.2.1'),
          '00081190': { vr: 'UR', Value: ['https://x/dicom-web/studies/1.9.8/series/1/instances/1.2.1'] },
        },
        { '00081155': uid('1.2.2'), '00081196': { vr: 'US', Value: [0xb006] } },
      ],
    },
    '00081198': { vr: 'SQ', Value: [{ '00081155': uid('1.2.3'), '00081197': { vr: 'US', Value: [0x0110] } }] },
    '0008119A': {
      vr: 'SQ',
      Value: [{ '00081197': { vr: 'US', Value: [0xc000] }, '00000902': { vr: 'LO', Value: ['No UID'] } }],
    },
  };
  expect(parseAnswer(JSON.stringify(answer))).toEqual({
    stored: [
      { sopInstanceUid: '1.2.1', studyUid: '1.9.8', warning: null },
      { sopInstanceUid: '1.2.2', studyUid: null, warning: 0xb006 },
    ],
    refused: [
      { sopInstanceUid: '1.2.3', reason: 0x0110, comment: '' },
      { sopInstanceUid: '', reason: 0xc000, comment: 'No UID' },
    ],
  });
});

test('[UI-5] what is no such answer is not taken for one', () => {
  for (const text of ['', '<html>', 'null', '{}', '[]', '{"title":"Not allowed"}'])
    expect(parseAnswer(text)).toBeNull();
});
