import { Button, PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { beginSecondFactor, confirmSecondFactor } from '../api/account.ts';
import { useChange } from '../api/use-change.ts';
import { Field } from '../parts/field.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { SecretBox } from '../parts/secret-box.tsx';
import { t } from '../text/t.ts';
import classes from './account.module.css';
import { QrCode } from './qr-code.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** The three steps: show who one is, take the secret into an authenticator, keep the recovery codes. */
export function SetUpSecondFactor({ onDone }: { readonly onDone: () => void }) {
  const begin = useChange(beginSecondFactor, { shown: true });
  // What is stale afterwards is asked for by onDone: until then the codes stay on the page.
  const confirm = useChange(confirmSecondFactor, { shown: true });
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recoveryCodes} onDone={onDone} />;
  if (begin.data) {
    return (
      <Authenticator
        {...begin.data}
        pending={confirm.isPending}
        error={confirm.error}
        onCode={(code) => confirm.mutate(code)}
      />
    );
  }
  return (
    <PasswordFirst
      about={t('factor.password.about')}
      button={t('factor.begin')}
      pending={begin.isPending}
      error={begin.error}
      onPassword={(password) => begin.mutate(password)}
    />
  );
}

interface PasswordFirstProps {
  readonly about?: string;
  readonly button: string;
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onPassword: (password: string) => void;
}

/** One's password again, before something that whoever finds an open browser must not do. */
export function PasswordFirst({ about, button, pending, error, onPassword }: PasswordFirstProps) {
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onPassword(password);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {about && <p className={classes.about}>{about}</p>}
        <PasswordInput
          label={t('account.password.now')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          autoFocus
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': t('password.show'), tabIndex: 0 }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <ProblemAlert error={error} words={{ 'wrong-password': t('account.password.wrong') }} />
        <div>
          <Button type="submit" loading={pending}>
            {button}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

interface AuthenticatorProps {
  readonly secret: string;
  readonly address: string;
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onCode: (code: string) => void;
}

function Authenticator({ secret, address, pending, error, onCode }: AuthenticatorProps) {
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCode(code.replace(/\s/g, ''));
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <p className={classes.about}>{t('factor.scan')}</p>
        <QrCode text={address} label={t('factor.qr')} />
        <SecretBox label={t('factor.secret')} text={grouped(secret)} />
        <Field
          label={t('factor.code')}
          description={t('factor.code.about')}
          autoComplete="one-time-code"
          inputMode="numeric"
          autoFocus
          minLength={6}
          maxLength={10}
          value={code}
          onChange={setCode}
        />
        <ProblemAlert error={error} />
        <div>
          <Button type="submit" loading={pending}>
            {t('factor.confirm')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

/** In fours, as it is read off; authenticators take it with the spaces. */
function grouped(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}
