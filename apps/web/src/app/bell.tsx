import { ActionIcon, Button, Indicator, Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { markAllRead, notificationsQuery } from '../api/notifications.ts';
import { t } from '../text/t.ts';
import classes from './bell.module.css';
import { NotificationItem } from './notification-item.tsx';

/** What happened for me, live. */
export function Bell() {
  const [open, { toggle, close }] = useDisclosure(false);
  const { data } = useQuery(notificationsQuery);
  const client = useQueryClient();
  const readAll = useMutation({
    mutationFn: markAllRead,
    onSettled: () => client.invalidateQueries({ queryKey: notificationsQuery.queryKey }),
  });
  const unread = data?.unread ?? 0;
  return (
    <Popover opened={open} onDismiss={close} position="bottom-end" width={360} trapFocus>
      <Indicator disabled={unread === 0} label={unread > 99 ? '99+' : unread} size={16} offset={6} color="red.8">
        <Popover.Target>
          <ActionIcon onClick={toggle} aria-label={t('bell.label', { count: unread })} aria-expanded={open}>
            <IconBell size={18} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0} aria-label={t('bell.title')}>
        <div className={classes.head}>
          <h2 className={classes.title}>{t('bell.title')}</h2>
          <Button variant="subtle" size="compact-xs" disabled={unread === 0} onClick={() => readAll.mutate()}>
            {t('bell.readAll')}
          </Button>
        </div>
        {data && data.items.length > 0 ? (
          <ul className={classes.list}>
            {data.items.map((item) => (
              <NotificationItem key={item.id} item={item} onFollow={close} />
            ))}
          </ul>
        ) : (
          <p className={classes.empty}>{t('bell.empty')}</p>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
