import { NotificationId } from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

export type { Notification } from '@isocenter/contract';

export const notificationsQuery = queryOptions({
  queryKey: ['notifications'],
  queryFn: ({ signal }) => client.listNotifications({ query: { limit: 30 } }, { signal }),
});

export async function markRead(id: string): Promise<void> {
  await client.readNotification({ params: { id: NotificationId.parse(id) } });
}

export async function markAllRead(): Promise<void> {
  await client.readAllNotifications();
}
