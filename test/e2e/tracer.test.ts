import { testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { realFilesMissing } from '@isocenter/testkit/real-files';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test, vi } from 'vitest';
import { browserMissing, searchOf, testBrowser } from './browser.ts';
import { ct, filesIn, pathOf, slices, storeFiles } from './real-studies.ts';

needs(browserMissing ?? realFilesMissing);

const server = testServer();
const browser = testBrowser(server);

beforeAll(async () => {
  if (realFilesMissing) return;
  await storeFiles(server, [pathOf(ct.file), ...filesIn(slices.folder)]);
  await server.fetch(`/dicom-web/studies/${ct.study}/metadata`);
  await (await server.fetch(`/dicom-web/studies/${slices.study}`)).arrayBuffer();
  await settled();
});

/** Until everything that was recorded has its place in the tree. */
async function settled(): Promise<void> {
  const waiting = async () => (await server.database.pool.query('select from log_pending limit 1')).rowCount;
  await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 20_000 });
}

const proofs = (page: Page): Promise<string[]> => page.locator('tbody td:last-child').allInnerTexts();
const actions = (page: Page): Promise<string[]> => page.locator('tbody td:first-child a').allInnerTexts();

test('[TRACE-4] every entry is proved by the browser, against a checkpoint whose signature it verified', async () => {
  const page = await browser.visit({ path: '/tracer' });
  await page.getByText('Signature holds').waitFor();
  await expect.poll(async () => new Set(await proofs(page)), { timeout: 20_000 }).toEqual(new Set(['Proved']));
  expect(await actions(page)).toEqual(
    expect.arrayContaining(['Stored instances', 'Looked at a study', 'Began to download', 'Signed in']),
  );
  await page.getByText('Seen for the first time by this browser').waitFor();
  await page.reload();
  await page.getByText(/Goes on from the \d+ entries that this browser saw/).waitFor();
});

test('[TRACE-6] filters stand in the address, and a study is found by its UID', async () => {
  const page = await browser.visit({ path: '/tracer' });
  await page.getByText('Signature holds').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type(ct.study);
  await page.getByText('Signed in').first().waitFor({ state: 'detached' });
  expect(await actions(page)).toEqual(['Looked at a study', 'Stored instances']);
  const filters = page.getByRole('search', { name: 'Filters' });
  await filters.getByRole('button', { name: 'What' }).click();
  await page.getByRole('checkbox', { name: 'Stored instances' }).check();
  await page.getByRole('link', { name: 'Looked at a study' }).waitFor({ state: 'detached' });
  expect(searchOf(page)).toEqual({ study: ct.study, action: 'instance.store' });
  await page.goto(page.url());
  await page.getByRole('link', { name: 'Stored instances' }).waitFor();
  expect(await actions(page)).toEqual(['Stored instances']);
});

test('[UI-2, TRACE-6] the list is walked and an entry is read by keyboard', async () => {
  const page = await browser.visit({ path: '/tracer?action=instance.store&action=configuration.change' });
  await page.getByRole('link', { name: 'Stored instances' }).first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  const preview = page.getByRole('complementary', { name: 'Preview' });
  await preview.getByRole('heading', { name: 'Stored instances' }).waitFor();
  await preview.getByText('Proved').waitFor();
  await preview.getByText(/"action":"instance\.store"/).waitFor();
  expect(await preview.innerText()).not.toContain(slices.study);
  const rows = await page.locator('tbody tr').count();
  for (let i = 1; i < rows; i++) await page.keyboard.press('j');
  await preview.getByRole('heading', { name: 'Changed the configuration' }).waitFor();
  await preview.getByRole('rowheader', { name: 'storeZone' }).waitFor();
  await page.keyboard.press('Escape');
  await preview.waitFor({ state: 'detached' });
});

test('[TRACE-4] an entry that was changed in the database is shown to be none of the log', async () => {
  const { pool } = server.database;
  const { rows } = await pool.query("select leaf, body from log_entry where action = 'study.view' limit 1");
  await pool.query('alter table log_entry disable trigger user');
  await pool.query(
    `update log_entry set body = replace(body, '"outcome":"done"', '"outcome":"failed"') where leaf = $1`,
    [rows[0].leaf],
  );
  const page = await browser.visit({ path: '/tracer?action=study.view' });
  await page.getByText('Not in the log').waitFor();
  await pool.query('update log_entry set body = $2 where leaf = $1', [rows[0].leaf, rows[0].body]);
  await pool.query('alter table log_entry enable trigger user');
  await page.reload();
  await page.getByText('Proved').first().waitFor();
});

test('[TRACE-4] a log that is shorter than when the browser last looked raises an alarm', async () => {
  const page = await browser.visit({ path: '/tracer' });
  await page.getByText('Signature holds').waitFor();
  const { pool } = server.database;
  // What another server would show, whose database was restored: an older checkpoint, signed all the same.
  const { rows } = await pool.query<{ size: number; root: Buffer; note: string }>('select * from log_head');
  await server.fetch('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: server.token }),
  });
  await settled();
  await page.reload();
  await page.getByText(/Goes on from/).waitFor();
  await pool.query('alter table log_head disable trigger user');
  const now = (await pool.query('select * from log_head')).rows[0];
  const put = (head: { size: number; root: Buffer; note: string }) =>
    pool.query('update log_head set size = $1, root = $2, note = $3', [head.size, head.root, head.note]);
  await put(rows[0]!);
  await page.reload();
  await page.getByRole('alert').getByText('It has fewer entries than when this browser last saw it').waitFor();
  await put(now);
  await pool.query('alter table log_head enable trigger user');
});

test('[UI-4, TRACE-6] it says when nothing matches', async () => {
  const page = await browser.visit({ path: '/tracer?actor=nobody-there' });
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await page.getByRole('button', { name: 'Clear all' }).last().click();
  await page.getByRole('link', { name: 'Signed in' }).first().waitFor();
});
