import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestServer } from '@isocenter/testkit';
import { storeRequest } from '@isocenter/testkit/dicomweb';
import { realFiles, realFilesFolder } from '@isocenter/testkit/real-files';

/** A real file of pydicom's collection, by its name. */
export function pathOf(name: string): string {
  return join(realFilesFolder, 'dicom/pydicom-test-files', name);
}

/** A CT of one image, 128 x 128: CompressedSamples^CT1, ID 1CT1. */
export const ct = { file: 'CT_small.dcm', study: '1.3.6.1.4.1.5962.1.2.1.20040119072730.12322' };
/** The same for MR, compressed by JPEG 2000 without loss. */
export const jpeg2000 = { file: 'MR_small_jp2klossless.dcm', study: '1.3.6.1.4.1.5962.1.2.4.20040826185059.5457' };
/** A CT of seven images in two series. */
export const slices = {
  folder: 'dicom/pydicom-test-files/dicomdirtests/98892001/',
  study: '1.3.6.1.4.1.5962.1.1.0.0.0.1194734704.16302.0.1',
};

export async function storeFiles(
  server: Omit<TestServer, 'stop'>,
  paths: readonly string[],
  zone?: string,
): Promise<void> {
  const root = zone ? `/zones/${zone}/dicom-web` : '/dicom-web';
  const answer = await server.fetch(`${root}/studies`, storeRequest(paths.map((path) => readFileSync(path))));
  if (!answer.ok) throw new Error(`storing answered ${answer.status} ${await answer.text()}`);
}

export function filesIn(folder: string): string[] {
  return realFiles.filter((path) => path.startsWith(folder)).map((path) => join(realFilesFolder, path));
}
