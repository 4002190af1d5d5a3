import { UnstyledButton } from '@mantine/core';
import { IconUserCircle } from '@tabler/icons-react';
import { type SignInOffer, signInAsDemo } from '../api/sign-in.ts';
import { useChange } from '../api/use-change.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { t } from '../text/t.ts';
import classes from './sign-in.module.css';

/** People of the demo, one click each. */
export function DemoPeople({ people }: { readonly people: SignInOffer['demo'] }) {
  const enter = useChange(signInAsDemo, { stale: ['me'], shown: true });
  return (
    <section className={classes.form} aria-label={t('session.demo')}>
      <ul className={classes.people}>
        {people.map(({ id, name, role }) => (
          <li key={id}>
            <UnstyledButton
              className={classes.person ?? ''}
              disabled={enter.isPending}
              onClick={() => enter.mutate(id)}
            >
              <IconUserCircle size={24} stroke={1.5} aria-hidden />
              <span>
                {name}
                <small>{t(`role.${role}`)}</small>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <ProblemAlert error={enter.error} />
    </section>
  );
}
