import { ExplicitVRLittleEndian, JPEG2000Lossless, JPEGLSLossless, readPart10 } from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { counted, type PictureFile, pictureFile, store } from '../pixels/test/picture-file.ts';

const server = testServer();

function wado({ study, series, instance }: PictureFile, more: Record<string, string> = {}): Promise<Response> {
  const query = new URLSearchParams({
    requestType: 'WADO',
    studyUID: study,
    seriesUID: series,
    objectUID: instance,
    ...more,
  });
  return server.fetch(`/wado?${query}`);
}

const typeOf = (answer: Response): string | null => answer.headers.get('content-type');

test('[ARCH-1] WADO-URI answers an image as JPEG, as another picture, or as DICOM', async () => {
  const file = pictureFile({ rows: 20, columns: 30, numberOfFrames: 2, pixels: counted(1200) });
  await store(server, file);
  expect(typeOf(await wado(file))).toBe('image/jpeg');
  expect(typeOf(await wado(file, { contentType: 'image/png' }))).toBe('image/png');
  expect(typeOf(await wado(file, { contentType: 'image/gif, image/png' }))).toBe('image/png');
  expect((await wado(file, { contentType: 'text/html' })).status).toBe(406);
  const dicom = await wado(file, { contentType: 'application/dicom' });
  expect(typeOf(dicom)).toBe(`application/dicom; transfer-syntax=${ExplicitVRLittleEndian}`);
  expect(Buffer.from(await dicom.arrayBuffer()).equals(file.bytes)).toBe(true);
});

test('[ARCH-1] WADO-URI answers DICOM in the transfer syntax asked for', async () => {
  const file = pictureFile({ rows: 20, columns: 30, pixels: counted(600) });
  const broken = pictureFile({ transferSyntaxUid: JPEG2000Lossless, fragments: [counted(100)] });
  await store(server, file, broken);
  const dicom = { contentType: 'application/dicom' };
  const transcoded = await wado(file, { ...dicom, transferSyntax: JPEGLSLossless });
  expect(readPart10(Buffer.from(await transcoded.arrayBuffer())).transferSyntax.uid).toBe(JPEGLSLossless);
  for (const more of [{}, { transferSyntax: '*' }, { transferSyntax: JPEGLSLossless }]) {
    const answer = await wado(broken, { ...dicom, ...more });
    expect(typeOf(answer)).toBe(`application/dicom; transfer-syntax=${JPEG2000Lossless}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(broken.bytes)).toBe(true);
  }
});

test('[ARCH-1] WADO-URI cuts, scales, windows and chooses a frame', async () => {
  const file = pictureFile({ rows: 20, columns: 30, numberOfFrames: 2, pixels: new Uint8Array(1200).fill(100, 600) });
  await store(server, file);
  const size = async (more: Record<string, string>) => {
    const { width, height } = await sharp(await (await wado(file, more)).arrayBuffer()).metadata();
    return [width, height];
  };
  expect(await size({ rows: '10' })).toEqual([15, 10]);
  expect(await size({ rows: '10', columns: '10' })).toEqual([10, 7]);
  expect(await size({ region: '0.5,0.5,1,1' })).toEqual([15, 10]);
  expect(await size({ region: '0.5,0.5,1,1', columns: '30' })).toEqual([30, 20]);
  const level = async (more: Record<string, string>) => {
    const answer = await wado(file, { contentType: 'image/png', windowCenter: '100', windowWidth: '200', ...more });
    return (
      await sharp(await answer.arrayBuffer())
        .raw()
        .toBuffer()
    )[0];
  };
  expect(await level({ frameNumber: '1' })).toBe(0);
  expect(await level({ frameNumber: '2' })).toBe(128);
});

test('[ARCH-1] WADO-URI refuses what is missing, wrong or not there', async () => {
  const file = pictureFile({ pixels: counted(24) });
  const none = pictureFile();
  await store(server, file, none);
  const problem = async (answer: Promise<Response>) => {
    const body = (await (await answer).json()) as { status: number; params?: { fields?: { field: string }[] } };
    return [body.status, ...(body.params?.fields ?? []).map(({ field }) => field)];
  };
  expect(await problem(server.fetch('/wado'))).toEqual([
    400,
    'query.requestType',
    'query.studyUID',
    'query.seriesUID',
    'query.objectUID',
  ]);
  expect(await problem(wado(file, { windowCenter: '1' }))).toEqual([400, 'query.windowWidth']);
  expect(await problem(wado(file, { region: '0,0,2,2', rows: '0', imageQuality: '101' }))).toEqual([
    400,
    'query.rows',
    'query.region',
    'query.imageQuality',
  ]);
  expect(await problem(wado(file, { contentType: 'application/dicom', frameNumber: '1' }))).toEqual([
    400,
    'query.frameNumber',
  ]);
  expect(await problem(wado(file, { frameNumber: '2' }))).toEqual([404]);
  expect(await problem(wado({ ...file, instance: '1.2.3' }))).toEqual([404]);
  expect(await problem(wado(file, { anonymize: 'yes' }))).toEqual([501]);
  expect(await problem(wado(none, { contentType: 'image/jpeg' }))).toEqual([406]);
  expect(typeOf(await wado(none))).toContain('application/dicom');
  expect((await fetch(new URL('/wado', server.url))).status).toBe(401);
});
