import type { Job } from '@isocenter/contract';
import type { Kysely } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';
import type { Notifications, Recipient } from '../../platform/notifications/index.ts';

/** Tells who began a job how it ended; of the server's own, administrators hear once a day that one fails. */
export const notifyOfJobs =
  (notifications: Notifications) =>
  async (tx: Kysely<Tables>, { id, title, state, createdBy, error }: Job, announce: boolean): Promise<void> => {
    const recipient: Recipient = createdBy === null ? { role: 'administrator' } : { callerId: createdBy };
    if (state === 'failed') {
      // What the clock begins every few minutes can also fail every few minutes.
      const told = createdBy === null && (await notifications.wasNotified(recipient, 'job.failed', { title }, 24, tx));
      if (told) return;
      await notifications.notify(recipient, 'job.failed', { jobId: id, title, detail: error?.detail ?? '' }, tx);
    } else if (announce && createdBy !== null) {
      await notifications.notify(recipient, 'job.done', { jobId: id, title }, tx);
    }
  };
