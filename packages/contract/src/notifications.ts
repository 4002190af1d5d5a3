import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { NotificationId } from './ids.ts';
import { NOTIFICATION_KINDS } from './notification-kinds.ts';
import { wholeNumber } from './query.ts';

export const Notification = z
  .object({
    id: NotificationId,
    kind: z.enum(NOTIFICATION_KINDS),
    params: z.record(z.string(), z.unknown()),
    level: z.enum(['info', 'success', 'warning', 'error']),
    text: z.string(),
    href: z.string().describe('The page that tells more'),
    createdAt: z.iso.datetime(),
    readAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Notification' });
export type Notification = z.infer<typeof Notification>;

export const NotificationList = z
  .object({ items: z.array(Notification), unread: z.number().int().nonnegative() })
  .meta({ id: 'NotificationList' });
export type NotificationList = z.infer<typeof NotificationList>;

export const listNotifications = defineEndpoint({
  name: 'listNotifications',
  method: 'GET',
  path: '/api/notifications',
  action: 'notification.read',
  summary: "The caller's notifications, the newest first",
  tag: 'Notifications',
  query: z.strictObject({
    unread: z.enum(['true', 'false']).default('false').describe('Only those that are not read'),
    before: NotificationId.optional().describe('Only those older than this one'),
    limit: wholeNumber(1, 200).default(50),
  }),
  response: NotificationList,
});

export const readNotification = defineEndpoint({
  name: 'readNotification',
  method: 'POST',
  path: '/api/notifications/{id}/read',
  action: 'notification.read',
  summary: 'Mark one as read',
  tag: 'Notifications',
  params: z.strictObject({ id: NotificationId }),
  errors: ['not-found'],
});

export const readAllNotifications = defineEndpoint({
  name: 'readAllNotifications',
  method: 'POST',
  path: '/api/notifications/read',
  action: 'notification.read',
  summary: 'Mark all as read',
  tag: 'Notifications',
});
