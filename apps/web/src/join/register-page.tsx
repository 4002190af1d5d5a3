import { Skeleton } from '@mantine/core';
import { IconUserOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { askForAccount } from '../api/registration.ts';
import { offerQuery } from '../api/sign-in.ts';
import { useChange } from '../api/use-change.ts';
import { CardPage } from '../parts/card-page.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { StateBox } from '../parts/state-box.tsx';
import { t } from '../text/t.ts';
import { BackToSignIn } from './back-to-sign-in.tsx';
import { Outcome } from './outcome.tsx';
import { RegisterForm } from './register-form.tsx';

/** Asking for an account. */
export function RegisterPage() {
  const { data: offer, error, refetch } = useQuery(offerQuery);
  const ask = useChange(askForAccount, { shown: true });
  if (ask.data) {
    return (
      <CardPage title={t('register.done.title')} foot={<BackToSignIn />}>
        <Outcome>{t(ask.data.next === 'mail' ? 'register.done.mail' : 'register.done.approval')}</Outcome>
      </CardPage>
    );
  }
  return (
    <CardPage
      title={t('register.title')}
      about={offer?.registration ? t('register.about') : undefined}
      foot={<BackToSignIn />}
    >
      {error && !offer && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !offer && <Skeleton height={320} role="status" aria-label={t('app.loading')} />}
      {offer && !offer.registration && (
        <StateBox icon={IconUserOff} title={t('register.closed.title')}>
          <p>{t('register.closed.what')}</p>
        </StateBox>
      )}
      {offer?.registration && (
        <RegisterForm
          withPassword={!offer.mail}
          pending={ask.isPending}
          error={ask.error}
          onAsk={(registration) => ask.mutate(registration)}
        />
      )}
    </CardPage>
  );
}
