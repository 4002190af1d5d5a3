import { Skeleton } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { jobsQuery } from '../api/jobs.ts';
import { notificationsQuery } from '../api/notifications.ts';
import { waitingPeopleQuery } from '../api/people.ts';
import { NotificationItem } from '../app/notification-item.tsx';
import { JobRow } from '../jobs/job-row.tsx';
import { Panel, Section } from '../parts/page.tsx';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import classes from './home-page.module.css';
import { WaitingPerson } from './waiting-person.tsx';

/** People who ask for an account, failed jobs and unread notifications: what nobody but me will see to. */
export function Waiting() {
  const may = useMay();
  const jobs = useQuery({
    ...jobsQuery({ state: ['failed'], offset: 0, limit: 10 }),
    enabled: may('job.read'),
  });
  const people = useQuery({ ...waitingPeopleQuery, enabled: may('person.manage') });
  const notifications = useQuery(notificationsQuery);
  const loading =
    notifications.isPending || (may('job.read') && jobs.isPending) || (may('person.manage') && people.isPending);
  const shown = jobs.data?.items ?? [];
  const asking = people.data?.items ?? [];
  const told = new Set([...shown.map(({ id }) => `/jobs/${id}`), ...asking.map(({ id }) => `/admin/people/${id}`)]);
  // What stands here itself would be said twice by its notification.
  const unread = notifications.data?.items.filter((item) => !item.readAt && !told.has(item.href)) ?? [];
  return (
    <Section title={t('home.waiting')}>
      <Panel>
        {loading && <Skeleton height={20} m="md" width="50%" role="status" aria-label={t('app.loading')} />}
        {!loading && shown.length + unread.length + asking.length === 0 && (
          <p className={classes.nothing}>
            <IconCircleCheck size={18} color="var(--good)" aria-hidden />
            {t('home.waiting.none')}
          </p>
        )}
        {asking.length > 0 && (
          <ul className={classes.list}>
            {asking.map((person) => (
              <WaitingPerson key={person.id} person={person} />
            ))}
          </ul>
        )}
        {shown.length > 0 && (
          <ul className={classes.list} data-ruled={asking.length > 0 || undefined}>
            {shown.map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </ul>
        )}
        {unread.length > 0 && (
          <ul className={classes.list} data-ruled={shown.length + asking.length > 0 || undefined}>
            {unread.map((item) => (
              <NotificationItem key={item.id} item={item} />
            ))}
          </ul>
        )}
      </Panel>
    </Section>
  );
}
