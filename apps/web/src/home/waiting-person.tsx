import { Button } from '@mantine/core';
import { IconUserQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Person } from '../api/people.ts';
import { Ago } from '../parts/ago.tsx';
import { t } from '../text/t.ts';
import classes from './home-page.module.css';

/** Someone who waits for an administrator's decision. */
export function WaitingPerson({ person }: { readonly person: Person }) {
  const { id, name, email, organisationName, createdAt } = person;
  return (
    <li className={classes.person} data-row={id}>
      <IconUserQuestion size={18} stroke={1.7} aria-hidden />
      <span className={classes.who}>
        {t('people.waiting.one', { name })}
        <span className={classes.soft}>
          {[email, organisationName].filter(Boolean).join(', ')} · <Ago iso={createdAt} />
        </span>
      </span>
      <Button
        component={Link}
        to={`/admin/people/${id}`}
        variant="default"
        size="compact-sm"
        aria-label={t('people.decide.name', { name })}
      >
        {t('people.decide')}
      </Button>
    </li>
  );
}
