import type { EndpointResponse, lookAtLink } from '@isocenter/contract';
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { followLink } from '../api/registration.ts';
import { useChange } from '../api/use-change.ts';
import { CardPage } from '../parts/card-page.tsx';
import { EmailField, Field } from '../parts/field.tsx';
import { isLongEnough, NewPassword } from '../parts/new-password.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { t } from '../text/t.ts';
import { BackToSignIn } from './back-to-sign-in.tsx';
import classes from './join.module.css';
import { Outcome } from './outcome.tsx';

type Link = EndpointResponse<typeof lookAtLink>;

const titles = {
  'first-administrator': 'link.first',
  invitation: 'link.invitation',
  'verify-email': 'link.verify',
  'reset-password': 'link.reset',
} as const;

const abouts = {
  'first-administrator': 'link.first.about',
  invitation: 'link.invitation.about',
  'verify-email': 'link.verify.about',
  'reset-password': 'link.reset.about',
} as const;

interface LinkFormProps {
  readonly linkKey: string;
  readonly link: Link;
}

/** Uses a link: by choosing a password, or by going on to the identity provider. */
export function LinkForm({ linkKey, link }: LinkFormProps) {
  // Whom it is for may be corrected by those whom nobody has named yet, or someone else has.
  const named = link.kind === 'first-administrator' || link.kind === 'invitation';
  const [name, setName] = useState(link.name);
  const [email, setEmail] = useState(link.email);
  const [password, setPassword] = useState('');
  const use = useChange(followLink, {
    shown: true,
    onDone: ({ address }) => {
      if (address !== null) location.assign(address);
    },
  });
  const here = link.asks === 'password';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    use.mutate({ key: linkKey, ...(named && here && { name, email }), ...(here && { password }) });
  };
  if (use.data && use.data.next !== 'provider') return <Used next={use.data.next} />;
  return (
    <CardPage title={t(titles[link.kind])} about={t(abouts[link.kind])} foot={<BackToSignIn />}>
      <form className={classes.form} onSubmit={submit}>
        {named && here ? (
          <>
            <Field
              label={t('register.name')}
              autoComplete="name"
              autoFocus={name === ''}
              value={name}
              onChange={setName}
            />
            <EmailField label={t('register.email')} autoComplete="username" value={email} onChange={setEmail} />
          </>
        ) : (
          // Also lets password managers file the password under it.
          <TextInput label={t('register.email')} autoComplete="username" readOnly value={email} />
        )}
        {here && (
          <NewPassword
            label={t('link.password')}
            value={password}
            onChange={setPassword}
            autoFocus={link.kind !== 'first-administrator'}
          />
        )}
        <ProblemAlert error={use.error} />
        <Button
          type="submit"
          size="md"
          fullWidth
          loading={use.isPending || use.isSuccess}
          disabled={here && !isLongEnough(password)}
        >
          {t(here ? 'link.submit' : 'link.continue')}
        </Button>
      </form>
    </CardPage>
  );
}

function Used({ next }: { readonly next: 'sign-in' | 'approval' }) {
  if (next === 'approval') {
    return (
      <CardPage title={t('register.done.title')} foot={<BackToSignIn />}>
        <Outcome>{t('register.done.approval')}</Outcome>
      </CardPage>
    );
  }
  return (
    <CardPage title={t('link.done.title')}>
      <Outcome button={t('session.submit')}>{t('link.done.what')}</Outcome>
    </CardPage>
  );
}
