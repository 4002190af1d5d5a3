import { Button, Group, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { changePassword } from '../api/account.ts';
import { useChange } from '../api/use-change.ts';
import { Ago } from '../parts/ago.tsx';
import { isLongEnough, NewPassword } from '../parts/new-password.tsx';
import { Panel, Section } from '../parts/page.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { say } from '../parts/say.tsx';
import { t } from '../text/t.ts';
import classes from './account.module.css';

/** One's password, where it is kept here. */
export function PasswordSection({ changedAt }: { readonly changedAt: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Section title={t('account.password')}>
      <Panel className={classes.body}>
        {open ? (
          <PasswordForm onClose={() => setOpen(false)} />
        ) : (
          <div className={classes.line}>
            <span>
              {t('account.password.changed')} <Ago iso={changedAt} />
            </span>
            <Button variant="default" onClick={() => setOpen(true)}>
              {t('account.password.change')}
            </Button>
          </div>
        )}
      </Panel>
    </Section>
  );
}

function PasswordForm({ onClose }: { readonly onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useChange(changePassword, {
    stale: ['account'],
    shown: true,
    onDone: () => {
      say(t('account.password.done'));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ current, password });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <PasswordInput
        label={t('account.password.now')}
        autoComplete="current-password"
        required
        withAsterisk={false}
        autoFocus
        visibilityToggleButtonProps={{ 'aria-label': t('password.show'), tabIndex: 0 }}
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <NewPassword label={t('account.password.new')} value={password} onChange={setPassword} />
      <ProblemAlert error={change.error} words={{ 'wrong-password': t('account.password.wrong') }} />
      <p className={classes.about}>{t('account.password.ends')}</p>
      <Group gap="xs">
        <Button type="submit" loading={change.isPending} disabled={current === '' || !isLongEnough(password)}>
          {t('account.password.change')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('app.cancel')}
        </Button>
      </Group>
    </form>
  );
}
