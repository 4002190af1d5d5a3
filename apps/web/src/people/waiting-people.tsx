import { Button } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { waitingPeopleQuery } from '../api/people.ts';
import { t } from '../text/t.ts';
import classes from './people.module.css';

interface WaitingPeopleProps {
  readonly current: string | undefined;
  readonly onPick: (id: string) => void;
}

/** Who waits for a decision, above everything else; nothing when nobody does. */
export function WaitingPeople({ current, onPick }: WaitingPeopleProps) {
  const { data } = useQuery(waitingPeopleQuery);
  if (!data || data.total === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling region
    <section className={classes.waiting} aria-label={t('people.waiting', { count: data.total })} tabIndex={0}>
      <h2>
        <IconHourglass size={16} aria-hidden />
        {t('people.waiting', { count: data.total })}
      </h2>
      <ul>
        {data.items.map(({ id, name, email, organisationName, purpose }) => (
          <li key={id}>
            <span className={classes.who}>
              <strong>{name}</strong>
              <span>{[email, organisationName, purpose].filter(Boolean).join(' · ')}</span>
            </span>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t('people.decide.name', { name })}
              aria-pressed={current === id}
              onClick={() => onPick(id)}
            >
              {t('people.decide')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
