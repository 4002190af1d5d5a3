import { Button, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Registration } from '../api/registration.ts';
import { termsQuery } from '../api/terms.ts';
import { EmailField, Field } from '../parts/field.tsx';
import { isLongEnough, NewPassword } from '../parts/new-password.tsx';
import { Paragraphs } from '../parts/paragraphs.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { t } from '../text/t.ts';
import classes from './join.module.css';

interface RegisterFormProps {
  /** Where no mail can be sent, the password is chosen at once. */
  readonly withPassword: boolean;
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onAsk: (registration: Registration) => void;
}

const none = { name: '', email: '', organisation: '', purpose: '', password: '' };

/** Who one is and what for. */
export function RegisterForm({ withPassword, pending, error, onAsk }: RegisterFormProps) {
  const [fields, setFields] = useState(none);
  const set = (name: keyof typeof none) => (value: string) => setFields((before) => ({ ...before, [name]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { password, ...rest } = fields;
    onAsk(withPassword ? { ...rest, password } : rest);
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <Field
        label={t('register.name')}
        name="name"
        autoComplete="name"
        autoFocus
        value={fields.name}
        onChange={set('name')}
      />
      <EmailField label={t('register.email')} autoComplete="email" value={fields.email} onChange={set('email')} />
      <Field
        label={t('register.organisation')}
        description={t('register.organisation.about')}
        name="organization"
        autoComplete="organization"
        value={fields.organisation}
        onChange={set('organisation')}
      />
      <Textarea
        label={t('register.purpose')}
        description={t('register.purpose.about')}
        name="purpose"
        rows={2}
        maxLength={1000}
        value={fields.purpose}
        // One line of text, however it is typed.
        onChange={(event) => set('purpose')(event.currentTarget.value.replace(/\s*\n\s*/g, ' '))}
      />
      {withPassword && <NewPassword label={t('session.password')} value={fields.password} onChange={set('password')} />}
      <TermsToCome />
      <ProblemAlert error={error} />
      <Button
        type="submit"
        size="md"
        fullWidth
        loading={pending}
        disabled={withPassword && !isLongEnough(fields.password)}
      >
        {t('register.submit')}
      </Button>
    </form>
  );
}

/** The terms that will have to be accepted, where there are any. */
function TermsToCome() {
  const { data: terms } = useQuery(termsQuery);
  if (!terms) return null;
  return (
    <details>
      <summary>{t('register.terms')}</summary>
      <Paragraphs text={terms.text} label={t('terms.text')} />
    </details>
  );
}
