import { Button, PasswordInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { problemOf } from '../api/problem.ts';
import { meQuery, signIn } from '../api/session.ts';
import { t } from '../text/t.ts';
import classes from './sign-in.module.css';

/** Sign-in by token. The address stays, so that one lands where one wanted to go. */
export function SignIn({ ended }: { readonly ended: boolean }) {
  useDocumentTitle(t('app.title', { page: t('session.title') }));
  const [token, setToken] = useState('');
  const client = useQueryClient();
  const attempt = useMutation({
    mutationFn: signIn,
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
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit}>
        <div className={classes.brand}>
          <img src="/icon.svg" alt="" width={32} height={32} />
          <span>{t('app.name')}</span>
        </div>
        <h1 className={classes.title}>{t('session.title')}</h1>
        <p className={classes.about}>{ended ? t('session.ended') : t('session.about')}</p>
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
          data-autofocus
          autoFocus
          size="md"
        />
        <Button type="submit" fullWidth size="md" loading={attempt.isPending} disabled={!token.trim()}>
          {t('session.submit')}
        </Button>
      </form>
    </main>
  );
}

function messageOf(error: Error): string {
  const problem = problemOf(error);
  if (!problem) return error.message;
  if (problem.status === 0) return t('error.network.title');
  return problem.code === 'invalid-credentials' ? t('session.wrong') : problem.detail || problem.title;
}
