import { testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { realFilesMissing } from '@isocenter/testkit/real-files';
import type { Page, Response } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { browserMissing, searchOf, testBrowser } from './browser.ts';
import { ct, filesIn, jpeg2000, pathOf, slices, storeFiles } from './real-studies.ts';

needs(browserMissing ?? realFilesMissing);

const server = testServer();
const browser = testBrowser(server);

beforeAll(async () => {
  if (realFilesMissing) return;
  await storeFiles(server, [pathOf(ct.file), pathOf(jpeg2000.file), ...filesIn(slices.folder)]);
});

/** Waits until a viewport shows an image with more than one grey level, and gives its picture. */
async function shown(page: Page, pane = 0): Promise<string> {
  const canvas = page.locator('main section canvas').nth(pane);
  await canvas.waitFor();
  const read = (element: SVGElement | HTMLElement): string | null => {
    const small = new OffscreenCanvas(64, 64).getContext('2d');
    small?.drawImage(element as HTMLCanvasElement, 0, 0, 64, 64);
    const bytes = small?.getImageData(0, 0, 64, 64).data ?? new Uint8ClampedArray();
    const levels = new Set(bytes.filter((_, at) => at % 4 === 0));
    return levels.size > 8 ? bytes.join() : null;
  };
  let picture: string | null = null;
  await expect
    .poll(async () => (picture = await canvas.evaluate(read)), { timeout: 60_000, interval: 200 })
    .not.toBeNull();
  return picture ?? '';
}

/** The words in the corners of the image. */
const words = (page: Page): Promise<string> =>
  page
    .locator('[data-place]')
    .allInnerTexts()
    .then((texts) => texts.join(' '));

async function waitForWords(page: Page, expected: RegExp): Promise<void> {
  await expect.poll(() => words(page), { timeout: 30_000 }).toMatch(expected);
}

describe('[UI-6] an image is shown', () => {
  test('of a CT, with its window', async () => {
    const page = await browser.visit({ path: `/studies/${ct.study}/view` });
    await shown(page);
    expect(await words(page)).toMatch(/CompressedSamples, CT1[\s\S]*C \d+ W \d+/);
  });

  test('compressed by JPEG 2000', async () => {
    const page = await browser.visit({ path: `/studies/${jpeg2000.study}/view` });
    await shown(page);
    expect(await words(page)).toMatch(/C 600 W 1600/);
  });
});

test('[ARCH-6] the loader of Cornerstone reads metadata and frames as they are stored, and decodes them to the same pixels', async () => {
  // The same image, compressed without loss and not; under one UID, so one after the other.
  const pictures: string[] = [];
  for (const [file, type] of [
    [jpeg2000.file, 'image/jp2'],
    ['MR_small_jpeg_ls_lossless.dcm', 'image/jls'],
    ['MR_small_RLE.dcm', 'image/dicom-rle'],
    ['MR_small_bigendian.dcm', 'application/octet-stream'],
    ['MR_small.dcm', 'application/octet-stream'],
  ] as const) {
    await server.fetch(`/dicom-web/studies/${jpeg2000.study}`, { method: 'DELETE' });
    await storeFiles(server, [pathOf(file)]);
    const page = await browser.visit();
    const answers: Response[] = [];
    page.on('response', (answer) => answers.push(answer));
    await page.goto(`/studies/${jpeg2000.study}/view`);
    pictures.push(await shown(page));
    const of = (ending: RegExp) => answers.filter((answer) => ending.test(new URL(answer.url()).pathname));
    expect(of(/\/metadata$/).length).toBeGreaterThan(0);
    expect(of(/\/rendered$/)).toEqual([]);
    expect(of(/\/frames\/1$/).map((answer) => answer.headers()['content-type'])).toEqual([
      expect.stringContaining(type),
    ]);
    expect(await words(page)).not.toContain('Rendered by the server');
  }
  expect(new Set(pictures).size).toBe(1);
});

test('[UI-6] keys scroll, window, invert, turn and flip; image and series stand in the address', async () => {
  const page = await browser.visit({ path: `/studies/${slices.study}/view` });
  const first = await shown(page);
  await waitForWords(page, /1 \/ 2/);
  await page.keyboard.press('ArrowDown');
  await waitForWords(page, /2 \/ 2/);
  await expect.poll(() => searchOf(page).image).toBe('2');
  await page.keyboard.press('Home');
  await waitForWords(page, /1 \/ 2/);
  await expect.poll(() => shown(page)).toBe(first);

  await page.keyboard.press('i');
  await expect.poll(() => shown(page)).not.toBe(first);
  await page.keyboard.press('0');
  await expect.poll(() => shown(page)).toBe(first);
  for (const key of ['h', 'v', 'r', '+']) {
    await page.keyboard.press(key);
    await expect.poll(() => shown(page)).not.toBe(first);
    await page.keyboard.press('0');
    await expect.poll(() => shown(page)).toBe(first);
  }

  const before = await words(page);
  await page.keyboard.press('3');
  await expect.poll(() => words(page)).not.toBe(before);
  await page.keyboard.press(']');
  await waitForWords(page, /1 \/ 5/);
  expect(searchOf(page).series).toMatch(/^[\d.]+$/);
});

test('[UI-6] the mouse windows, scrolls and measures', async () => {
  const page = await browser.visit({ path: `/studies/${slices.study}/view` });
  await shown(page);
  const before = await words(page);
  const drag = async () => {
    await page.mouse.move(600, 400);
    await page.mouse.down();
    await page.mouse.move(700, 460, { steps: 8 });
    await page.mouse.up();
  };
  await drag();
  await expect.poll(() => words(page)).not.toBe(before);
  await page.mouse.wheel(0, 100);
  await waitForWords(page, /2 \/ 2/);

  await page.keyboard.press('l');
  await drag();
  await page.locator('main svg text').filter({ hasText: /mm|px/ }).first().waitFor();
  await page.keyboard.press('x');
  await page.locator('main svg text').filter({ hasText: /mm|px/ }).first().waitFor({ state: 'detached' });
});

test('[UI-6] series lie side by side, put there by a press or a drag', async () => {
  const page = await browser.visit({ path: `/studies/${slices.study}/view?layout=1x2` });
  await shown(page, 0);
  await shown(page, 1);
  const [left, right] = new URL(page.url()).searchParams.getAll('series');
  expect(left).toBe(right);

  const strip = page.getByRole('navigation', { name: 'Series' }).getByRole('button');
  const panes = page.locator('main section');
  const names = () => panes.evaluateAll((all) => all.map((pane) => pane.getAttribute('aria-label')));
  const [one, two] = await names();
  expect(one).not.toBe(two);
  await strip.nth(1).click();
  await expect.poll(names).toEqual([two, two]);
  await strip.nth(0).dragTo(panes.nth(1));
  await expect.poll(names).toEqual([two, one]);
});

test('[UI-6] cine runs through the series and stops', async () => {
  const page = await browser.visit({ path: `/studies/${slices.study}/view` });
  await shown(page);
  await page.keyboard.press('c');
  await waitForWords(page, /2 \/ 2/);
  await waitForWords(page, /1 \/ 2/);
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Play' }).waitFor();
});

test('[UI-6] an image that nobody can decode gives the reason and the id of the request', async () => {
  const page = await browser.visit();
  const problem = (detail: string) => ({
    status: 406,
    contentType: 'application/problem+json',
    body: JSON.stringify({
      code: 'not-acceptable',
      title: 'No',
      status: 406,
      detail,
      params: {},
      remedy: '',
      type: 'x',
      requestId: 'r-77',
    }),
  });
  await page.route('**/frames/**', (route) => route.fulfill(problem('There is no decoder for this picture.')));
  await page.goto(`/studies/${ct.study}/view`);
  const alert = page.getByRole('alert');
  await alert.getByText('There is no decoder for this picture.').waitFor();
  await alert.getByText('r-77').waitFor();
  await page.unroute('**/frames/**');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await shown(page);
});

test('[UI-6] what the browser cannot decode is shown as the server renders it, and says so', async () => {
  const page = await browser.visit();
  await page.route(/\/frames\/1$/, (route) =>
    route.fulfill({ status: 200, contentType: 'application/octet-stream', body: Buffer.alloc(16) }),
  );
  await page.goto(`/studies/${ct.study}/view`);
  await shown(page);
  expect(await words(page)).toContain('Rendered by the server');
});
