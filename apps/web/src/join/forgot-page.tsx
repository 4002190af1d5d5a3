import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { askForReset } from '../api/registration.ts';
import { useChange } from '../api/use-change.ts';
import { CardPage } from '../parts/card-page.tsx';
import { EmailField } from '../parts/field.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { t } from '../text/t.ts';
import { BackToSignIn } from './back-to-sign-in.tsx';
import classes from './join.module.css';
import { Outcome } from './outcome.tsx';

/** Asking for a link to choose a new password. It says the same whether or not there is such an account. */
export function ForgotPage() {
  const [email, setEmail] = useState('');
  const ask = useChange(askForReset, { shown: true });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate(email.trim());
  };
  if (ask.data) {
    return (
      <CardPage title={t('forgot.done.title')} foot={<BackToSignIn />}>
        <Outcome>{t(ask.data.next === 'mail' ? 'forgot.done.mail' : 'forgot.done.administrator')}</Outcome>
      </CardPage>
    );
  }
  return (
    <CardPage title={t('forgot.title')} about={t('forgot.about')} foot={<BackToSignIn />}>
      <form className={classes.form} onSubmit={submit}>
        <EmailField
          label={t('session.email')}
          autoComplete="username"
          size="md"
          autoFocus
          value={email}
          onChange={setEmail}
        />
        <ProblemAlert error={ask.error} />
        <Button type="submit" size="md" fullWidth loading={ask.isPending}>
          {t('forgot.submit')}
        </Button>
      </form>
    </CardPage>
  );
}
