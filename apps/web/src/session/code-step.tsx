import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Shown } from '../api/sign-in.ts';
import { Field } from '../parts/field.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { t } from '../text/t.ts';
import classes from './sign-in.module.css';
import type { SigningIn } from './use-sign-in.ts';

interface CodeStepProps {
  readonly who: Shown;
  readonly signIn: SigningIn;
}

/** The second step: a code of the authenticator, or one of those kept for when it is lost. */
export function CodeStep({ who, signIn }: CodeStepProps) {
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.enter({ ...who, code: code.replace(/\s/g, '') });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <Field
        label={t('session.code')}
        description={t('session.code.about')}
        name="code"
        autoComplete="one-time-code"
        size="md"
        autoFocus
        spellCheck={false}
        minLength={6}
        maxLength={40}
        value={code}
        onChange={setCode}
      />
      <ProblemAlert error={signIn.error} />
      <Button type="submit" fullWidth size="md" loading={signIn.pending}>
        {t('session.code.submit')}
      </Button>
      <Button variant="subtle" color="gray" size="compact-sm" className={classes.quiet ?? ''} onClick={signIn.again}>
        {t('session.code.other')}
      </Button>
    </form>
  );
}
