import { testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { expect, test } from 'vitest';
import { browserMissing, searchOf, testBrowser } from './browser.ts';

needs(browserMissing);

const server = testServer();
const browser = testBrowser(server);

test('[UI-1] who is not signed in gets the sign-in page and then the page that they asked for', async () => {
  const page = await browser.visit({ path: '/studies?modality=CT', signedIn: false });
  await page.getByRole('button', { name: 'Sign in with an access token' }).click();
  const token = page.getByLabel('Access token', { exact: true });
  await token.fill('not the token');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('This token is not valid').waitFor();

  await token.fill(server.token);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Studies' }).waitFor();
  expect(searchOf(page)).toEqual({ modality: 'CT' });
  expect(await page.title()).toBe('Studies · Isocenter');
});

test('[UI-1] signing out ends the session', async () => {
  const page = await browser.visit();
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto('/jobs');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('[UI-1] a session that ends while a page is open leads to the sign-in page, and back', async () => {
  const page = await browser.visit({ path: '/admin/status' });
  await page.getByText('Everything works').waitFor();
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await page.getByText('Your session has ended').waitFor();
  await page.getByRole('button', { name: 'Sign in with an access token' }).click();
  await page.getByLabel('Access token', { exact: true }).fill(server.token);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
});

test('[UI-4] an empty archive shows the first step, an address that leads nowhere says so', async () => {
  const page = await browser.visit();
  await page.getByRole('heading', { name: 'Bring in the first images' }).waitFor();
  await page.getByRole('link', { name: 'Upload files' }).click();
  await page.getByText('Drop files or folders here').waitFor();
  await page.goto('/studies/1.2.3.4');
  await page.getByText('There is no such study.').waitFor();
  await page.goto('/nowhere');
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
});
