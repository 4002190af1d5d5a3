import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { problemOf } from '../api/problem.ts';
import { meQuery, signIn } from '../api/session.ts';
import { t } from '../text/t.ts';
import classes from './sign-in.module.css';

/** Sign-in by the token of the configuration or an access token. The address stays. */
export function TokenSignIn() {
  const [token, setToken] = useState('');
  const client = useQueryClient();
  const attempt = useMutation({
    mutationFn: signIn,
    meta: { shown: true },
    onSuccess: async (me) => {
      client.setQueryData(meQuery.queryKey, me);
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim()) attempt.mutate(token.trim());
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      {/* Password managers file a secret under a user name. */}
      <input type="text" name="username" autoComplete="username" value="administrator" readOnly hidden />
      <PasswordInput
        label={t('session.token')}
        description={t('session.token.about')}
        name="token"
        autoComplete="current-password"
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        error={attempt.error ? messageOf(attempt.error) : undefined}
        autoFocus
        size="md"
      />
      <Button type="submit" fullWidth size="md" loading={attempt.isPending} disabled={!token.trim()}>
        {t('session.submit')}
      </Button>
    </form>
  );
}

function messageOf(error: Error): string {
  const problem = problemOf(error);
  if (!problem) return error.message;
  if (problem.status === 0) return t('error.network.title');
  return problem.code === 'invalid-credentials' ? t('session.wrong') : problem.detail || problem.title;
}
