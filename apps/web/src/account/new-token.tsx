import { MOST_TOKEN_DAYS, TOKEN_SCOPES, type TokenScope } from '@isocenter/contract';
import { Button, Checkbox, Group, NativeSelect, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { meQuery } from '../api/session.ts';
import { makeToken } from '../api/tokens.ts';
import { useChange } from '../api/use-change.ts';
import { Callout } from '../parts/callout.tsx';
import { Field } from '../parts/field.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { SecretBox } from '../parts/secret-box.tsx';
import { t } from '../text/t.ts';
import classes from './account.module.css';
import { scopeWords } from './scope-words.ts';
import { scopesOf } from './scopes-of.ts';

const dayChoices = [7, 30, 90, 180, MOST_TOKEN_DAYS - 1] as const;

/** What a new token is for and how long it lives; then the token itself, this once. */
export function NewToken({ onClose }: { readonly onClose: () => void }) {
  const make = useChange(makeToken, { stale: ['tokens'], shown: true });
  if (make.data) return <Made token={make.data.token} onClose={onClose} />;
  return (
    <TokenForm pending={make.isPending} error={make.error} onMake={(body) => make.mutate(body)} onClose={onClose} />
  );
}

interface TokenFormProps {
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onMake: (body: { name: string; scopes: TokenScope[]; days: number }) => void;
  readonly onClose: () => void;
}

function TokenForm({ pending, error, onMake, onClose }: TokenFormProps) {
  const { data: me } = useQuery(meQuery);
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<TokenScope[]>([]);
  const [days, setDays] = useState(90);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onMake({ name, scopes, days });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Field
          label={t('tokens.name')}
          description={t('tokens.name.about')}
          data-autofocus
          value={name}
          onChange={setName}
        />
        <Checkbox.Group
          label={t('tokens.scopes')}
          description={t('tokens.scopes.about')}
          value={scopes}
          onChange={(values) => setScopes(TOKEN_SCOPES.filter((scope) => values.includes(scope)))}
        >
          <Stack gap="xs" mt="xs">
            {scopesOf(me?.actions ?? []).map((scope) => (
              <Checkbox key={scope} size="sm" value={scope} label={scopeWords(scope)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NativeSelect
          label={t('tokens.days')}
          value={days}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
          data={dayChoices.map((value) => ({ value: String(value), label: t('tokens.days.value', { count: value }) }))}
        />
        <ProblemAlert error={error} />
        <Group justify="end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" loading={pending} disabled={name.trim() === '' || scopes.length === 0}>
            {t('tokens.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Made({ token, onClose }: { readonly token: string; readonly onClose: () => void }) {
  return (
    <Stack gap="md">
      <Callout tone="warn" title={t('tokens.once')}>
        {t('tokens.once.about')}
      </Callout>
      <SecretBox label={t('tokens.token')} text={token} autoFocus />
      <p className={classes.about}>{t('tokens.use')}</p>
      <Group justify="end">
        <Button onClick={onClose}>{t('app.done')}</Button>
      </Group>
    </Stack>
  );
}
