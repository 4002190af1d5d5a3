import { readFileSync } from 'node:fs';
import { testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { realFilesMissing } from '@isocenter/testkit/real-files';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { browserMissing, searchOf, testBrowser } from './browser.ts';
import { ct, filesIn, jpeg2000, pathOf, slices, storeFiles } from './real-studies.ts';

needs(browserMissing ?? realFilesMissing);

const server = testServer();
const browser = testBrowser(server);

beforeAll(async () => {
  if (realFilesMissing) return;
  await storeFiles(server, [pathOf(ct.file), pathOf(jpeg2000.file), ...filesIn(slices.folder)]);
});

const patients = (page: Page): Promise<string[]> => page.locator('tbody td[data-column=patient] a').allInnerTexts();

test('[UI-2] filters and order stand in the address, and come back with the back button', async () => {
  const page = await browser.visit({ path: '/studies' });
  await page.getByRole('link', { name: /CT1/ }).waitFor();
  expect(await patients(page)).toHaveLength(3);

  const filters = page.getByRole('search', { name: 'Filters' });
  await filters.getByRole('button', { name: 'Modality' }).click();
  await page.getByRole('checkbox', { name: 'CT', exact: true }).check();
  await page.getByRole('link', { name: /MR1/ }).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  expect(searchOf(page)).toEqual({ modality: 'CT' });

  await page.getByRole('columnheader', { name: 'Patient', exact: true }).getByRole('button').click();
  await page
    .getByRole('columnheader', { name: 'Patient', exact: true, includeHidden: true })
    .and(page.locator('[aria-sort=ascending]'))
    .waitFor();
  expect(searchOf(page)).toEqual({ modality: 'CT', sort: 'patientName' });
  await expect.poll(() => patients(page)).toEqual(['CompressedSamples, CT1', 'Doe, Peter']);

  await page.goto(page.url());
  await page.getByRole('link', { name: /Doe, Peter/ }).click();
  await page.getByRole('heading', { name: 'Doe, Peter' }).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: /CT1/ }).waitFor();
  await expect.poll(() => patients(page)).toEqual(['CompressedSamples, CT1', 'Doe, Peter']);

  await filters.getByRole('button', { name: 'Remove filter Modality' }).click();
  await page.getByRole('link', { name: /MR1/ }).waitFor();
});

test('[UI-2] a search narrows the list, and says when nothing matches', async () => {
  const page = await browser.visit({ path: '/studies' });
  await page.getByRole('link', { name: /CT1/ }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('98890234');
  await page.getByRole('link', { name: /CT1/ }).waitFor({ state: 'detached' });
  expect(await patients(page)).toEqual(['Doe, Peter']);
  await page.keyboard.type('nobody');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await page.getByRole('button', { name: 'Clear all' }).last().click();
  await page.getByRole('link', { name: /CT1/ }).waitFor();
});

test('[UI-2] the list is walked, previewed, selected and opened by keyboard', async () => {
  const page = await browser.visit({ path: '/studies?sort=patientName' });
  await page.getByRole('link', { name: /CT1/ }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  await page.keyboard.press('j');
  expect(await focused()).toBe('CompressedSamples, CT1');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  expect(await focused()).toBe('Doe, Peter');
  await page.keyboard.press('k');
  expect(await focused()).toBe('CompressedSamples, MR1');

  await page.keyboard.press('x');
  await page.getByText('1 selected').waitFor();
  await page.keyboard.press('Space');
  const preview = page.getByRole('complementary', { name: 'Preview' });
  await preview.getByText('4MR1').waitFor();
  expect(searchOf(page).preview).toBe(jpeg2000.study);
  await page.keyboard.press('j');
  await preview.getByText('98890234').waitFor();

  await page.keyboard.press('Escape');
  await preview.waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Doe, Peter' }).waitFor();
});

test('[UI-2] what is selected is exported as it is shown', async () => {
  const page = await browser.visit({ path: '/studies?sort=patientName&columns=patient.date.instances' });
  await page.getByRole('checkbox', { name: 'Select all rows of this page' }).check();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Selection as CSV' }).click();
  const text = readFileSync(await (await download).path(), 'utf8');
  expect(text.replace('\ufeff', '').split('\r\n')).toEqual([
    'Patient,Study date,Instances,Study UID',
    `CompressedSamples^CT1,2004-01-19,1,${ct.study}`,
    `CompressedSamples^MR1,2004-08-26,1,${jpeg2000.study}`,
    `Doe^Peter,2001-01-01,7,${slices.study}`,
  ]);
});

test('[UI-2] filters, order and columns are kept as a view', async () => {
  const page = await browser.visit({ path: '/studies?modality=MR&sort=-size' });
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Name of the view').fill('MR by size');
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.goto('/studies');
  await page.getByRole('link', { name: /CT1/ }).waitFor();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'MR by size', exact: true }).click();
  await page.getByRole('link', { name: /CT1/ }).waitFor({ state: 'detached' });
  expect(searchOf(page)).toEqual({ modality: 'MR', sort: '-size' });
});

test('[UI-8] a study that arrives appears by itself', async () => {
  const page = await browser.visit({ path: '/studies?modality=US' });
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await storeFiles(server, [pathOf('examples_ybr_color.dcm')]);
  await page.locator('tbody tr').first().waitFor();
});

test('[UI-9] deleting names what is lost and takes a typed word', async () => {
  const page = await browser.visit({ path: '/studies?modality=US' });
  await page.locator('tbody tr').first().waitFor();
  await page.getByRole('checkbox').nth(1).check();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete 1 study' });
  await dialog.getByText('1 study with 1 series and 1 instance').waitFor();
  const button = dialog.getByRole('button', { name: 'Delete 1 study' });
  expect(await button.isDisabled()).toBe(true);
  await dialog.getByLabel('Type “delete” to go on').fill('delete');
  await button.click();
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  const answer = await server.fetch('/api/studies?modality=US');
  expect(((await answer.json()) as { total: number }).total).toBe(0);
});

test('[UI-4] a failure says what happened, what to do, and the id of the request', async () => {
  const page = await browser.visit();
  await page.route('**/api/studies?*', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'urn:isocenter:problem:internal',
        title: 'Something went wrong here',
        status: 500,
        detail: 'The server failed to answer.',
        code: 'internal',
        params: {},
        remedy: 'Try again; if it stays, tell the administrator the request id.',
        requestId: 'b7c1',
      }),
    }),
  );
  await page.getByRole('link', { name: 'Studies', exact: true }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'Something went wrong here' });
  await alert.getByText('b7c1').waitFor();
  await alert.getByText('tell the administrator').waitFor();
  await page.unroute('**/api/studies?*');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: /CT1/ }).waitFor();
});
