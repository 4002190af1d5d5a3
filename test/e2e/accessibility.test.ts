import { testServer } from '@isocenter/testkit';
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

beforeAll(async () => {
  if (realFilesMissing) return;
  await storeFiles(server, [pathOf(ct.file), ...filesIn(slices.folder)]);
  await storeFiles(server, [pathOf(jpeg2000.file)], 'staging');
});

/** What axe-core finds wrong, in words short enough to read in a failed test. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
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
  { name: 'status', path: '/admin/status', settle: ready('Everything works') },
  { name: 'not found', path: '/studies/1.2.3', settle: ready('There is no such study.') },
];

describe.each(['light', 'dark'] as const)('[UI-7] axe-core finds nothing in %s on', (scheme) => {
  test('sign-in', async () => {
    const page = await browser.visit({ signedIn: false, scheme });
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await violations(page)).toEqual([]);
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
  for (const path of ['/', '/studies', `/studies/${slices.study}`, '/upload', '/jobs', '/tracer', '/admin/status']) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, path).toBe(0);
  }
});
