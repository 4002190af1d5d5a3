import { Skeleton } from '@mantine/core';
import { IconUserOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { accountQuery } from '../api/account.ts';
import { meQuery } from '../api/session.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { StateBox } from '../parts/state-box.tsx';
import { t } from '../text/t.ts';
import { AccessTokens } from './access-tokens.tsx';
import { PasswordSection } from './password-section.tsx';
import { Profile } from './profile.tsx';
import { SecondFactorSection } from './second-factor-section.tsx';
import { Sessions } from './sessions.tsx';

/** One's own account. */
export function AccountPage() {
  const { data: me } = useQuery(meQuery);
  return (
    <Page title={t('account.title')}>
      {me?.kind === 'person' ? (
        <Parts />
      ) : (
        <Panel>
          <StateBox icon={IconUserOff} title={t('account.none.title')}>
            <p>{t('account.none.what')}</p>
          </StateBox>
        </Panel>
      )}
    </Page>
  );
}

function Parts() {
  const { data: account, error, refetch } = useQuery(accountQuery);
  if (error && !account) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!account) {
    return (
      <div role="status" aria-label={t('app.loading')}>
        <Skeleton height={180} mb="lg" />
        <Skeleton height={120} mb="lg" />
        <Skeleton height={160} />
      </div>
    );
  }
  return (
    <>
      <Profile account={account} />
      {account.local && <PasswordSection changedAt={account.local.passwordChangedAt} />}
      {account.local && <SecondFactorSection local={account.local} />}
      <Sessions />
      <AccessTokens />
    </>
  );
}
