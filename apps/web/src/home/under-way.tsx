import { useQuery } from '@tanstack/react-query';
import { jobsQuery } from '../api/jobs.ts';
import { JobRow } from '../jobs/job-row.tsx';
import { Panel, Section } from '../parts/page.tsx';
import { t } from '../text/t.ts';
import classes from './home-page.module.css';

/** Jobs that run now; nothing when none does. */
export function UnderWay() {
  const { data } = useQuery(jobsQuery({ state: ['running'], offset: 0, limit: 5 }));
  if (!data || data.items.length === 0) return null;
  return (
    <Section title={t('home.underWay')}>
      <Panel>
        <ul className={classes.list}>
          {data.items.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </ul>
      </Panel>
    </Section>
  );
}
