import { makePerson, makeProject, testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { realFilesMissing } from '@isocenter/testkit/real-files';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { browserMissing, testBrowser } from './browser.ts';
import { ct, filesIn, jpeg2000, pathOf, slices, storeFiles } from './real-studies.ts';

needs(browserMissing ?? realFilesMissing);

const server = testServer();
const browser = testBrowser(server);

const password = 'granite teapot lantern';
const ada = { name: 'Ada Account', email: 'ada@example.org' };

beforeAll(async () => {
  const { database } = server;
  const project = await makeProject(database, 'lung', ['north', 'south']);
  const site = project.sites.north!;
  await makePerson(database, { ...ada, password, roles: [{ project: project.id, role: 'data-collector', site }] });
  await makePerson(database, { name: 'Wanda Waiting', state: 'waiting' });
  if (realFilesMissing) return;
  await storeFiles(server, [pathOf(ct.file), ...filesIn(slices.folder)]);
  await storeFiles(server, [pathOf(jpeg2000.file)], 'staging');
});

/** What axe-core finds wrong, in words short enough to read in a failed test. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // What is looked at is the page as it stays, not a frame on the way there.
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  });
  const results = await page.evaluate(async (): Promise<AxeResults> => {
    const { axe: runner } = window as typeof window & { axe: typeof axe };
    return runner.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  });
  return results.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
  );
}

const ready = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();

interface Look {
  readonly name: string;
  readonly path: string;
  readonly settle: (page: Page) => Promise<void>;
}

const pages: readonly Look[] = [
  { name: 'home', path: '/', settle: ready('Received last') },
  { name: 'studies', path: '/studies', settle: ready('CompressedSamples, CT1') },
  {
    name: 'studies with a preview and a selection',
    path: `/studies?preview=${ct.study}`,
    settle: async (page) => {
      await page.getByRole('complementary').getByText('1CT1').waitFor();
      await page.getByRole('checkbox').nth(1).check();
    },
  },
  { name: 'nothing found', path: '/studies?q=nobody', settle: ready('Nothing matches') },
  { name: 'study', path: `/studies/${slices.study}`, settle: ready('Series UID') },
  { name: 'study in staging', path: `/studies/${jpeg2000.study}`, settle: ready('Series UID') },
  { name: 'header', path: `/studies/${slices.study}?tab=header`, settle: ready('(0008,0060)') },
  { name: 'viewer', path: `/studies/${slices.study}/view?layout=1x2`, settle: ready(/C \d+ W \d+/) },
  { name: 'upload', path: '/upload', settle: ready('Drop files or folders here') },
  { name: 'jobs', path: '/jobs', settle: ready('Jobs') },
  {
    name: 'tracer',
    path: '/tracer?entry=1',
    settle: async (page) => {
      await page.getByText('Signature holds').waitFor();
      await page.getByRole('complementary').getByText('Proved').waitFor();
    },
  },
  { name: 'people', path: '/admin/people', settle: ready('Wanda Waiting') },
  {
    name: 'people with a preview',
    path: '/admin/people?q=Wanda',
    settle: async (page) => {
      await page.getByRole('link', { name: 'Wanda Waiting' }).focus();
      await page.keyboard.press('Space');
      await page.getByRole('complementary').getByText('They wrote').waitFor();
    },
  },
  { name: 'organisations', path: '/admin/organisations', settle: ready('Site north') },
  { name: 'projects', path: '/admin/projects', settle: ready('Project lung') },
  {
    name: 'project',
    path: '/admin/projects',
    settle: async (page) => {
      await page.getByRole('link', { name: 'Project lung' }).click();
      await page.getByText('Data collector').first().waitFor();
    },
  },
  { name: 'nodes', path: '/admin/nodes', settle: ready('No node has joined') },
  { name: 'terms', path: '/admin/terms', settle: ready('There are no terms of use') },
  { name: 'permissions', path: '/admin/permissions', settle: ready('study.read') },
  { name: 'status', path: '/admin/status', settle: ready('Everything works') },
  { name: 'not found', path: '/studies/1.2.3', settle: ready('There is no such study.') },
];

/** What whoever is not signed in sees. */
const outside: readonly Look[] = [
  { name: 'sign-in', path: '/studies', settle: ready('Forgot password?') },
  { name: 'sign-in by token', path: '/sign-in?token=1', settle: ready('ISOCENTER_BOOTSTRAP_TOKEN') },
  { name: 'a sign-in that failed', path: '/sign-in?problem=account-closed', settle: ready('The account is closed') },
  { name: 'register', path: '/register', settle: ready('At least 12 characters') },
  { name: 'forgotten password', path: '/forgot', settle: ready('Ask for a link') },
  { name: 'a link that does not work', path: '/link#nonsense', settle: ready('It was used already') },
  { name: 'device', path: '/device', settle: ready('Connect a program') },
];

describe.each(['light', 'dark'] as const)('[UI-7] axe-core finds nothing in %s on', (scheme) => {
  test.each(outside)('$name', async ({ path, settle }) => {
    const page = await browser.visit({ path, signedIn: false, scheme });
    await settle(page);
    expect(await violations(page)).toEqual([]);
  });

  test('the account, and setting up a second factor', async () => {
    const page = await browser.visit({ path: '/', signedIn: false, scheme });
    await page.getByLabel('E-mail address').fill(ada.email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    await page.goto('/account');
    await page.getByText('This browser').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'New access token' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await violations(page), 'new token').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Set up a second factor' }).click();
    await page.getByLabel('Your present password').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    expect(await violations(page), 'second factor').toEqual([]);
  });

  test.each(pages)('$name', async ({ path, settle }) => {
    const page = await browser.visit({ path, scheme });
    await settle(page);
    expect(await violations(page)).toEqual([]);
  });

  test('what opens over a page', async () => {
    const page = await browser.visit({ path: '/studies', scheme });
    await page.getByRole('link', { name: /CT1/ }).waitFor();
    for (const name of ['Columns', 'Views', 'Study date']) {
      await page.getByRole('button', { name, exact: true }).first().click();
      await page.getByRole('dialog').waitFor();
      expect(await violations(page), name).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await violations(page), 'keys').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('checkbox').nth(1).check();
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByLabel('Type “delete” to go on').waitFor();
    expect(await violations(page), 'delete').toEqual([]);
  });
});

test('[UI-7] the page is reached past the header by one key, and keeps the focus when one goes elsewhere', async () => {
  const page = await browser.visit();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Search studies, or jump to a page').fill('upl');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Upload' }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
});

test.each([768, 390])('[UI-7] nothing is cut off at a width of %d', async (width) => {
  const page = await browser.visit({ path: '/studies', width });
  await page.getByText('CompressedSamples, CT1').waitFor();
  const administration = ['people', 'organisations', 'projects', 'nodes', 'terms', 'permissions', 'status'];
  for (const path of [
    ...['/', '/studies', `/studies/${slices.study}`, '/upload', '/jobs', '/tracer'],
    ...['/account', '/register', '/forgot', '/device', '/sign-in?problem=account-closed'],
    ...administration.map((name) => `/admin/${name}`),
  ]) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, path).toBe(0);
  }
});
