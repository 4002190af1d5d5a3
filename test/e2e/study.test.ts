import { testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { realFilesMissing } from '@isocenter/testkit/real-files';
import { beforeAll, expect, test } from 'vitest';
import { browserMissing, searchOf, testBrowser } from './browser.ts';
import { ct, filesIn, jpeg2000, pathOf, slices, storeFiles } from './real-studies.ts';

needs(browserMissing ?? realFilesMissing);

const server = testServer();
const browser = testBrowser(server);

beforeAll(async () => {
  if (realFilesMissing) return;
  await storeFiles(server, [pathOf(ct.file), ...filesIn(slices.folder)]);
  await storeFiles(server, [pathOf(jpeg2000.file)], 'staging');
});

test('[UI-2] a study shows its series in pictures, and their headers', async () => {
  const page = await browser.visit({ path: `/studies/${slices.study}` });
  const series = page.getByRole('navigation', { name: 'Series of this study' }).getByRole('button');
  await series.first().waitFor();
  expect(await series.count()).toBe(2);
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll('nav img')].filter((image) => (image as HTMLImageElement).naturalWidth > 0)
        .length === 2,
  );

  await series.nth(1).click();
  await page.getByRole('tab', { name: 'Header' }).click();
  await page.getByRole('cell', { name: '(0010,0020)' }).waitFor();
  expect(searchOf(page)).toMatchObject({ tab: 'header' });
  await page.getByRole('button', { name: 'Next instance' }).click();
  await page.getByText(/^Instance 2 of/).waitFor();
  expect(searchOf(page).instance).toBe('2');

  await page.getByLabel('Search tag, name or value').fill('slice thickness');
  await page.getByRole('cell', { name: '(0018,0050)' }).waitFor();
  await page.getByRole('cell', { name: '(0010,0020)' }).waitFor({ state: 'detached' });
  await page.getByLabel('Search tag, name or value').fill('');
  await page.getByLabel('Only what varies in the series').check();
  await page.getByRole('cell', { name: '(0008,0018)' }).waitFor();
  await page.getByRole('cell', { name: '(0010,0020)' }).waitFor({ state: 'detached' });
});

test('[UI-2] a study is downloaded as a ZIP file', async () => {
  const page = await browser.visit({ path: `/studies/${slices.study}` });
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download ZIP' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.zip$/);
  expect(await (await download).failure()).toBeNull();
});

test('[UI-3] the word of the zone stands with the study, and identity in the landing zone only', async () => {
  const page = await browser.visit({ path: `/studies/${ct.study}` });
  await page.getByRole('heading', { name: 'CompressedSamples, CT1' }).waitFor();
  await page.getByRole('main').getByText('Identified').waitFor();
  expect(await page.title()).toBe('Study · Isocenter');

  for (const path of [
    '/',
    '/studies',
    `/studies?preview=${jpeg2000.study}`,
    `/studies/${jpeg2000.study}`,
    `/studies/${jpeg2000.study}?tab=header`,
    `/studies/${jpeg2000.study}/view`,
  ]) {
    await page.goto(path);
    await page.getByText('Pseudonymised').first().waitFor();
    if (path.includes('header')) await page.getByRole('cell', { name: '(0010,0010)' }).waitFor();
    const html = await page.content();
    expect(html.match(/.{40}4?MR1.{20}/)?.[0], path).toBeUndefined();
  }
});
