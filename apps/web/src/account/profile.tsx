import { Anchor, Button, Group } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Account, changeName } from '../api/account.ts';
import { useChange } from '../api/use-change.ts';
import { Ago } from '../parts/ago.tsx';
import { Facts } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Panel, Section } from '../parts/page.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { say } from '../parts/say.tsx';
import { MyRoles } from '../session/my-roles.tsx';
import { t } from '../text/t.ts';
import classes from './account.module.css';

/** Who one is here. */
export function Profile({ account }: { readonly account: Account }) {
  const [editing, setEditing] = useState(false);
  return (
    <Section title={t('account.profile')}>
      <Panel className={classes.body}>
        {editing ? (
          <NameForm name={account.name} onClose={() => setEditing(false)} />
        ) : (
          <Facts
            facts={[
              [
                t('account.name'),
                <span key="name">
                  {account.name}{' '}
                  <Anchor component="button" type="button" inherit underline="always" onClick={() => setEditing(true)}>
                    {t('account.name.change')}
                  </Anchor>
                </span>,
              ],
              [t('account.email'), account.email],
              [t('account.organisation'), account.organisation],
              [t('account.roles'), <MyRoles key="roles" />],
              [
                t('account.terms'),
                account.terms && (
                  <span>
                    {t('account.terms.accepted', { version: String(account.terms.version) })}{' '}
                    <Ago iso={account.terms.acceptedAt} />
                  </span>
                ),
              ],
            ]}
          />
        )}
      </Panel>
    </Section>
  );
}

function NameForm({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const [text, setText] = useState(name);
  const change = useChange(changeName, {
    stale: ['account', 'me'],
    shown: true,
    onDone: () => {
      say(t('account.name.changed'));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(text);
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <Field label={t('account.name')} autoComplete="name" autoFocus value={text} onChange={setText} />
      <ProblemAlert error={change.error} />
      <Group gap="xs">
        <Button type="submit" loading={change.isPending} disabled={text.trim() === ''}>
          {t('app.save')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('app.cancel')}
        </Button>
      </Group>
    </form>
  );
}
