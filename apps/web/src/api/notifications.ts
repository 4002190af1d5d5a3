import type { NotificationList } from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { request, requestJson } from './http.ts';

export type { Notification } from '@isocenter/contract';

export const notificationsQuery = queryOptions({
  queryKey: ['notifications'],
  queryFn: ({ signal }) => requestJson<NotificationList>('/api/notifications', { query: { limit: 30 }, signal }),
});

export async function markRead(id: string): Promise<void> {
  await request(`/api/notifications/${encodeURIComponent(id)}/read`, { method: 'POST' });
}

export async function markAllRead(): Promise<void> {
  await request('/api/notifications/read', { method: 'POST' });
}
