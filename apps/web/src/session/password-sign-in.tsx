import { Anchor, Button, PasswordInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { problemOf } from '../api/problem.ts';
import { interactionQuery } from '../api/sign-in.ts';
import { EmailField } from '../parts/field.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { t } from '../text/t.ts';
import { CodeStep } from './code-step.tsx';
import { ProblemOfSignIn } from './problem-of-sign-in.tsx';
import classes from './sign-in.module.css';
import { useSignIn } from './use-sign-in.ts';

interface PasswordSignInProps {
  readonly returnTo: string;
  /** One that began elsewhere, such as for the command line. */
  readonly interaction?: string | undefined;
}

/** E-mail address and password for the embedded provider, then the second factor where there is one. */
export function PasswordSignIn({ returnTo, interaction }: PasswordSignInProps) {
  const [email, setEmail] = useState<string>();
  const [password, setPassword] = useState('');
  const begun = useQuery({ ...interactionQuery(interaction ?? ''), enabled: interaction !== undefined });
  const signIn = useSignIn(returnTo, interaction);
  const { step, pending, error, refused } = signIn;

  const failed = [begun.error, error].map((each) => problemOf(each)?.code);
  if (refused ?? failed.includes('sign-in-expired')) return <ProblemOfSignIn code={refused ?? 'sign-in-expired'} />;
  const who = { email: email ?? begun.data?.email ?? '', password };
  if (step === 'code') return <CodeStep who={who} signIn={signIn} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.enter(who);
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      {begun.data?.client === 'isocenter-cli' && <p className={classes.note}>{t('session.forCommandLine')}</p>}
      <EmailField
        label={t('session.email')}
        autoComplete="username"
        size="md"
        autoFocus
        value={who.email}
        onChange={setEmail}
      />
      <PasswordInput
        label={t('session.password')}
        name="password"
        autoComplete="current-password"
        size="md"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': t('password.show'), tabIndex: 0 }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <ProblemAlert error={error} />
      <Button type="submit" fullWidth size="md" loading={pending}>
        {t('session.submit')}
      </Button>
      <div className={classes.beside}>
        <Anchor component={Link} to="/forgot" inherit underline="always">
          {t('session.forgot')}
        </Anchor>
      </div>
    </form>
  );
}
