import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { realFilesMissing } from '@isocenter/testkit/real-files';
import { expect, test } from 'vitest';
import { browserMissing, testBrowser } from './browser.ts';
import { ct, pathOf } from './real-studies.ts';

needs(browserMissing ?? realFilesMissing);

const server = testServer();
const browser = testBrowser(server);
const library = fileURLToPath(import.meta.resolve('dicomweb-client'));

interface Client {
  storeInstances(options: { datasets: ArrayBuffer[] }): Promise<unknown>;
  searchForStudies(options: { queryParams: Record<string, string> }): Promise<DataSet[]>;
  searchForSeries(options: Ids): Promise<DataSet[]>;
  searchForInstances(options: Ids): Promise<DataSet[]>;
  retrieveStudyMetadata(options: Ids): Promise<DataSet[]>;
  retrieveSeriesMetadata(options: Ids): Promise<DataSet[]>;
  retrieveInstance(options: Ids): Promise<ArrayBuffer>;
  retrieveInstanceFrames(options: Ids & { frameNumbers: number[] }): Promise<ArrayBuffer[]>;
  /** In a list of one. */
  retrieveInstanceRendered(options: Ids & { mediaTypes: object[] }): Promise<[ArrayBuffer]>;
}
interface Ids {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID?: string;
  readonly sopInstanceUID?: string;
}
type DataSet = Record<string, { readonly Value: readonly string[] }>;

/** As the library is in the page; its own types ask for what it does not need. */
declare const DICOMwebClient: { readonly api: { readonly DICOMwebClient: new (options: { url: string }) => Client } };

test('[ARCH-6] dicomweb-client of JavaScript stores, searches and retrieves as it is', async () => {
  const page = await browser.visit({ anyScript: true });
  await page.addScriptTag({ path: library });
  const file = readFileSync(pathOf(ct.file));
  const found = await page.evaluate(
    async ({ base64, study }) => {
      const client = new DICOMwebClient.api.DICOMwebClient({ url: `${location.origin}/dicom-web` });
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const tail = (buffer: ArrayBuffer, length: number): string =>
        btoa(String.fromCharCode(...new Uint8Array(buffer).slice(-length)));
      await client.storeInstances({ datasets: [bytes.buffer] });
      const [series] = await client.searchForSeries({ studyInstanceUID: study });
      const [instance] = await client.searchForInstances({ studyInstanceUID: study });
      const ids = {
        studyInstanceUID: study,
        seriesInstanceUID: series!['0020000E']!.Value[0]!,
        sopInstanceUID: instance!['00080018']!.Value[0]!,
      };
      const [metadata] = await client.retrieveStudyMetadata(ids);
      const whole = await client.retrieveInstance(ids);
      const frames = await client.retrieveInstanceFrames({ ...ids, frameNumbers: [1] });
      const [rendered] = await client.retrieveInstanceRendered({ ...ids, mediaTypes: [{ mediaType: 'image/png' }] });
      return {
        studies: (await client.searchForStudies({ queryParams: { PatientID: '1CT1' } })).length,
        series: (await client.retrieveSeriesMetadata(ids)).length,
        patient: metadata!['00100020']!.Value[0],
        whole: [whole.byteLength, tail(whole, 1000)],
        frames: frames.map((frame: ArrayBuffer) => [frame.byteLength, tail(frame, 1000)]),
        png: [...new Uint8Array(rendered).slice(1, 4)],
      };
    },
    { base64: file.toString('base64'), study: ct.study },
  );
  // The file ends with a Data Set Trailing Padding behind the pixels; its meta information is written anew.
  const pixels = file.subarray(file.length - 128 * 128 * 2 - 138, file.length - 138);
  expect(found).toMatchObject({ studies: 1, series: 1, patient: '1CT1', png: [...Buffer.from('PNG')] });
  expect(found.whole[1]).toBe(file.subarray(-1000).toString('base64'));
  expect(found.frames).toEqual([[128 * 128 * 2, pixels.subarray(-1000).toString('base64')]]);
});
