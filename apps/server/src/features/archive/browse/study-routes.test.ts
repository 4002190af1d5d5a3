import type { JsonDataSet } from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import { storeAnswer, storeRequest } from '@isocenter/testkit/dicomweb';
import { describe, expect, test } from 'vitest';
import { element, instanceFile } from '../test/instance-file.ts';

const server = testServer();

const pixels: JsonDataSet = { '7FE00010': { vr: 'OW', InlineBinary: 'AAAA' } };

describe('a study whose header makes no sense', () => {
  test.for<[what: string, elements: JsonDataSet, series: object]>([
    ['less than no frames', { '00280008': element('IS', -5), ...pixels }, { frameCount: 1 }],
    ['many frames', { '00280008': element('IS', 2 ** 31 - 1), ...pixels }, { frameCount: 2 ** 31 - 1 }],
    ['negative rows and columns', { '00280010': element('SS', -7), '00280011': element('SS', -7) }, { rows: null }],
    ['negative bits', { '00280100': element('SL', -70_000), ...pixels }, { hasPixels: true }],
    ['a negative number', { '00200011': element('IS', -7) }, { number: -7 }],
    ['sequences for texts', { '00081030': { vr: 'SQ', Value: [{}] }, '0008103E': { vr: 'SQ', Value: [{}] } }, {}],
    ['texts for sequences', { '00400275': element('LO', 'x'), '00081140': { vr: 'UN', InlineBinary: 'AAAA' } }, {}],
    ['far days', { '00080020': element('DA', '99991231'), '00100030': element('DA', '00010101') }, {}],
  ])('[ARCH-2] is listed and described with what does: %s', async ([, elements, series]) => {
    const file = instanceFile({ elements });
    const stored = await storeAnswer(await server.fetch('/dicom-web/studies', storeRequest([file.bytes])));
    expect(stored.status).toBe(200);
    const described = await server.fetch(`/api/studies/${file.study}`);
    expect([described.status, await described.json()]).toMatchObject([200, { series: [series] }]);
    const listed = await server.fetch('/api/studies?limit=1');
    expect([listed.status, await listed.json()]).toMatchObject([200, { items: [{ studyInstanceUid: file.study }] }]);
  });
});
