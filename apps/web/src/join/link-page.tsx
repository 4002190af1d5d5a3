import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { problemOf } from '../api/problem.ts';
import { linkQuery } from '../api/registration.ts';
import { Callout } from '../parts/callout.tsx';
import { CardPage } from '../parts/card-page.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { t } from '../text/t.ts';
import { BackToSignIn } from './back-to-sign-in.tsx';
import { LinkForm } from './link-form.tsx';

/** Where every link leads that works once: what it is for, and doing that. Its key stands after the #. */
export function LinkPage() {
  const key = useRouterState({ select: ({ location }) => location.hash.replace(/^#/, '') });
  const complete = /^[\w-]{20,100}$/.test(key);
  const { data: link, error, refetch } = useQuery({ ...linkQuery(key), enabled: complete });
  if (!complete || problemOf(error)?.code === 'link-unusable') return <Unusable />;
  if (link) return <LinkForm key={key} linkKey={key} link={link} />;
  return (
    <CardPage title={t('link.title')} foot={<BackToSignIn />}>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={160} role="status" aria-label={t('app.loading')} />
      )}
    </CardPage>
  );
}

function Unusable() {
  return (
    <CardPage title={t('link.unusable')} foot={<BackToSignIn />}>
      <Callout tone="bad" role="alert">
        {t('link.unusable.what')}
      </Callout>
    </CardPage>
  );
}
