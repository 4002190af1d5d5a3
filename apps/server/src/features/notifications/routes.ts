import { listNotifications, readAllNotifications, readNotification } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { endpoint } from '../../platform/http/index.ts';
import type { Notifications } from '../../platform/notifications/index.ts';

export function notificationRoutes(app: FastifyInstance, notifications: Notifications): void {
  endpoint(app, listNotifications, ({ query: { unread, before, limit } }, { request }) =>
    notifications.list(request.caller, { unread: unread === 'true', before, limit }),
  );
  endpoint(app, readNotification, ({ params }, { request }) => notifications.markRead(request.caller, params.id));
  endpoint(app, readAllNotifications, (_input, { request }) => notifications.markAllRead(request.caller));
}
