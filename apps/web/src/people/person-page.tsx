import { Anchor, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { personQuery } from '../api/people.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { t } from '../text/t.ts';
import classes from './people.module.css';
import { PersonParts } from './person-parts.tsx';
import { PersonStateSign } from './person-state.tsx';

/** One person. */
export function PersonPage() {
  const { id } = useParams({ from: '/shell/admin/people/$id' });
  const { data: person, error, refetch } = useQuery(personQuery(id));
  return (
    <Page
      title={person?.name ?? t('people.title')}
      tabTitle={t('people.title')}
      about={
        <Anchor component={Link} to="/admin/people" inherit>
          {t('people.title')}
        </Anchor>
      }
      actions={person && <PersonStateSign state={person.state} />}
    >
      <Panel className={classes.page}>
        {error && !person && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!error && !person && <Skeleton height={200} role="status" aria-label={t('app.loading')} />}
        {person && <PersonParts person={person} />}
      </Panel>
    </Page>
  );
}
