import { Skeleton } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { jobsQuery } from '../api/jobs.ts';
import { notificationsQuery } from '../api/notifications.ts';
import { NotificationItem } from '../app/notification-item.tsx';
import { JobRow } from '../jobs/job-row.tsx';
import { Panel, Section } from '../parts/page.tsx';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import classes from './home-page.module.css';

/** Failed jobs and unread notifications: what nobody but me will see to. */
export function Waiting() {
  const may = useMay();
  const jobs = useQuery({
    ...jobsQuery({ state: ['failed'], offset: 0, limit: 10 }),
    enabled: may('job.read'),
  });
  const notifications = useQuery(notificationsQuery);
  const loading = notifications.isPending || (may('job.read') && jobs.isPending);
  const shown = jobs.data?.items ?? [];
  const told = new Set(shown.map((job) => `/jobs/${job.id}`));
  // A failed job stands here itself; its notification would say it twice.
  const unread = notifications.data?.items.filter((item) => !item.readAt && !told.has(item.href)) ?? [];
  return (
    <Section title={t('home.waiting')}>
      <Panel>
        {loading && <Skeleton height={20} m="md" width="50%" role="status" aria-label={t('app.loading')} />}
        {!loading && shown.length + unread.length === 0 && (
          <p className={classes.nothing}>
            <IconCircleCheck size={18} color="var(--good)" aria-hidden />
            {t('home.waiting.none')}
          </p>
        )}
        {shown.length > 0 && (
          <ul className={classes.list}>
            {shown.map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </ul>
        )}
        {unread.length > 0 && (
          <ul className={classes.list} data-ruled={shown.length > 0 || undefined}>
            {unread.map((item) => (
              <NotificationItem key={item.id} item={item} />
            ))}
          </ul>
        )}
      </Panel>
    </Section>
  );
}
