import { Anchor, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { statusQuery } from '../api/status.ts';
import { Panel, Section } from '../parts/page.tsx';
import { Counts } from '../status/counts.tsx';
import { DiskUse } from '../status/disk-use.tsx';
import { t } from '../text/t.ts';
import classes from './home-page.module.css';

/** How much there is, and how much room. */
export function Numbers() {
  const { data } = useQuery(statusQuery);
  return (
    <Section
      title={t('home.numbers')}
      actions={
        <Anchor component={Link} to="/admin/status" size="sm">
          {t('home.numbers.status')}
        </Anchor>
      }
    >
      <Panel className={classes.numbers}>
        {data ? (
          <>
            <Counts counts={data.counts} />
            <DiskUse {...data.disk} />
          </>
        ) : (
          <Skeleton height={56} m="md" width="auto" />
        )}
      </Panel>
    </Section>
  );
}
