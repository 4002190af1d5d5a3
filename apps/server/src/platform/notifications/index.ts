export type { Reader, Recipient } from './notification-store.ts';
export { createNotifications, type Notifications } from './notifications.ts';
