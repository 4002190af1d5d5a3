import { testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { realFilesFolder, realFilesMissing } from '@isocenter/testkit/real-files';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserMissing, testBrowser } from './browser.ts';
import { ct, filesIn, pathOf, slices } from './real-studies.ts';

needs(browserMissing ?? realFilesMissing);

const server = testServer();
const browser = testBrowser(server);

/** The outcome that the list shows for a file. */
async function outcomeOf(page: Page, file: string): Promise<string> {
  const row = page.getByRole('listitem').filter({ hasText: file });
  return (await row.innerText()).split('\n').at(-1) ?? '';
}

async function stored(): Promise<number> {
  const answer = await server.fetch('/api/status');
  const { counts } = (await answer.json()) as { counts: Record<string, number> };
  return counts.instances ?? 0;
}

test('[UI-5] each file gets its outcome, with the reason where it was not stored', async () => {
  const page = await browser.visit({ path: '/upload' });
  const before = await stored();
  // Of the RT plan, the UID in the file meta information is not the one in the data set.
  const files = [ct.file, 'rtplan.dcm', 'test1.json', 'JPEGLSNearLossless_08.dcm'].map(pathOf);
  await page.getByLabel('Choose files').setInputFiles([...files, pathOf('dicomdirtests/DICOMDIR')]);
  await page.getByRole('heading', { name: 'Upload finished, not everything was stored' }).waitFor();

  expect(await outcomeOf(page, ct.file)).toBe('Stored');
  expect(await outcomeOf(page, 'rtplan.dcm')).toBe('Stored');
  expect(await outcomeOf(page, 'test1.json')).toBe('Left out: Not a DICOM file');
  expect(await outcomeOf(page, 'DICOMDIR')).toContain('index of a disc');
  expect(await outcomeOf(page, 'JPEGLSNearLossless_08.dcm')).toMatch(/^Failed: .{10}/);
  expect(await stored()).toBe(before + 2);
  await page.getByRole('button', { name: 'Send 1 file again' }).waitFor();
});

test('[UI-5] a folder goes with all that is in it, while one is on other pages', async () => {
  const page = await browser.visit({ path: '/upload' });
  const before = await stored();
  await page.getByLabel('Choose a folder').setInputFiles(`${realFilesFolder}/${slices.folder}`);
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  await page.getByRole('link', { name: 'Upload' }).first().click();
  await page.getByRole('heading', { name: 'Upload finished' }).waitFor();
  const count = filesIn(slices.folder).length;
  await page.getByText(`${count} of ${count} files`).waitFor();
  expect(await stored()).toBe(before + count);
});

test('[UI-5] an upload can be cancelled, and sent again', async () => {
  const page = await browser.visit({ path: '/upload' });
  // The requests are held until the upload has been cancelled.
  const { promise: cancelled, resolve: letGo } = Promise.withResolvers<void>();
  await page.route('**/dicom-web/studies', async (route) => {
    await cancelled;
    await route.continue().catch(() => undefined);
  });
  await page.getByLabel('Choose files').setInputFiles([pathOf('MR_small.dcm')]);
  await page.getByRole('button', { name: 'Cancel upload' }).click();
  await page.getByRole('heading', { name: 'Nothing was stored' }).waitFor();
  expect(await outcomeOf(page, 'MR_small.dcm')).toBe('Cancelled');
  letGo();
  await page.unroute('**/dicom-web/studies');
  await page.getByRole('button', { name: 'Send 1 file again' }).click();
  await page.getByRole('heading', { name: 'Upload finished' }).waitFor();
  expect(await outcomeOf(page, 'MR_small.dcm')).toBe('Stored');
  await page.getByRole('link', { name: 'Open the study' }).click();
  await page.getByRole('heading', { name: 'CompressedSamples, MR1' }).waitFor();
});
