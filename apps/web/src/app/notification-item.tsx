import { VisuallyHidden } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { markRead, type Notification, notificationsQuery } from '../api/notifications.ts';
import { Ago } from '../parts/ago.tsx';
import { LevelIcon } from '../parts/level-icon.tsx';
import { t } from '../text/t.ts';
import classes from './bell.module.css';

interface NotificationItemProps {
  readonly item: Notification;
  readonly onFollow?: () => void;
}

/** One notification; following it marks it as read. */
export function NotificationItem({ item, onFollow }: NotificationItemProps) {
  const router = useRouter();
  const client = useQueryClient();
  const read = useMutation({
    mutationFn: markRead,
    onSettled: () => client.invalidateQueries({ queryKey: notificationsQuery.queryKey }),
  });
  const follow = () => {
    if (!item.readAt) read.mutate(item.id);
    // Links come from the server; only paths of this application are followed.
    if (item.href.startsWith('/') && !item.href.startsWith('//')) router.history.push(item.href);
    onFollow?.();
  };
  return (
    <li>
      <button type="button" className={classes.item} data-unread={!item.readAt || undefined} onClick={follow}>
        <LevelIcon level={item.level} />
        <span className={classes.text}>
          <span className={classes.itemTitle}>
            {!item.readAt && <VisuallyHidden>{t('bell.unread')}: </VisuallyHidden>}
            {item.text}
          </span>
          <Ago iso={item.createdAt} className={classes.when ?? ''} />
        </span>
      </button>
    </li>
  );
}
