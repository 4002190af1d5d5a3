import { randomUUID } from 'node:crypto';
import { testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { beforeEach, expect, test } from 'vitest';
import { browserMissing, testBrowser } from './browser.ts';

needs(browserMissing);

const server = testServer();
const browser = testBrowser(server);
const title = 'Forget old sessions, events, jobs and notifications';

/** A job that failed, and the notification of it, as a fault would have left them. */
beforeEach(async () => {
  const [job, notification] = [randomUUID(), randomUUID()];
  const { pool } = server.database;
  await pool.query('delete from notification');
  await pool.query('delete from job');
  await pool.query(
    `insert into job (id, kind, state, input, delivery, progress_done, progress_total, error_code, error_detail, attempt,
       started_at, ended_at)
     values ($1, 'maintenance.prune', 'failed', '{}', $2, 3, 4, 'storage-full', 'There is no room left to store this.', 3,
       now() - interval '90 seconds', now())`,
    [job, randomUUID()],
  );
  await pool.query(`insert into notification (id, role, kind, params) values ($1, 'administrator', 'job.failed', $2)`, [
    notification,
    { jobId: job, title, detail: 'There is no room left to store this.' },
  ]);
});

test('[UI-8] a failed job waits on the home page with its reason, and is tried again from there', async () => {
  const page = await browser.visit();
  const waits = page.getByRole('region', { name: 'Waits for you' });
  await waits.getByText('There is no room left to store this.').waitFor();
  expect(await waits.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('75');
  await waits.getByText('3 of 4').waitFor();
  const again = waits.getByRole('button', { name: `Try ${title} again` });
  await again.click();
  // The server runs it, and tells of it.
  await again.waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await page.getByRole('listitem').filter({ hasText: title }).getByText('Done').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
});

test('[UI-8] jobs are filtered by state in the address, and change before one’s eyes', async () => {
  const page = await browser.visit({ path: '/jobs?state=failed' });
  await page.getByRole('link', { name: title }).click();
  await page.getByRole('heading', { name: title }).waitFor();
  await page.getByText('There is no room left to store this.').waitFor();
  const other = await browser.visit({ path: '/jobs?state=done' });
  await other.getByText('No job is in this state.').waitFor();
  await page.getByRole('button', { name: `Try ${title} again` }).click();
  await page.getByText('Done').waitFor();
  await other.getByRole('link', { name: title }).waitFor();
});

test('[UI-8] a notification is counted, leads to what it is about, and is then read', async () => {
  const page = await browser.visit();
  await page.getByRole('button', { name: 'Notifications, 1 unread' }).click();
  await page.getByRole('dialog', { name: 'Notifications' }).getByText(`${title}: failed.`).click();
  await page.getByRole('heading', { name: title }).waitFor();
  await page.getByRole('button', { name: 'Notifications, 0 unread' }).waitFor();
});
