import { Button, Group, Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { dutyDone } from '../api/session.ts';
import { acceptTerms, termsQuery } from '../api/terms.ts';
import { useChange } from '../api/use-change.ts';
import { CardPage } from '../parts/card-page.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { Paragraphs } from '../parts/paragraphs.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { formatDateTime } from '../text/format.ts';
import { t } from '../text/t.ts';
import { useLeave } from './use-leave.ts';

/** The terms of use, before everything else. */
export function TermsDuty() {
  const { data: terms, error, isPending, refetch } = useQuery({ ...termsQuery, staleTime: 0 });
  const leave = useLeave();
  const client = useQueryClient();
  const agree = async (version: number): Promise<void> => {
    try {
      await acceptTerms(version);
    } catch (error) {
      // A newer version that came meanwhile is there to be read.
      await client.invalidateQueries({ queryKey: termsQuery.queryKey });
      throw error;
    }
    await dutyDone(client, 'terms');
  };
  const accept = useChange(agree, { stale: ['terms', 'account'], shown: true });
  return (
    <CardPage
      wide
      title={t('terms.title')}
      about={
        <>
          <p>{t('terms.duty')}</p>
          {terms && (
            <p>{t('terms.version', { version: String(terms.version), at: formatDateTime(terms.publishedAt) })}</p>
          )}
        </>
      }
    >
      {isPending && <Skeleton height={240} role="status" aria-label={t('app.loading')} />}
      {error && !terms && <ErrorState error={error} onRetry={() => void refetch()} />}
      {terms && <Paragraphs text={terms.text} label={t('terms.text')} />}
      <ProblemAlert error={accept.error} />
      <Group justify="end" gap="xs">
        <Button variant="default" size="md" onClick={() => void leave()}>
          {t('app.signOut')}
        </Button>
        <Button
          size="md"
          disabled={!terms}
          loading={accept.isPending}
          onClick={() => terms && accept.mutate(terms.version)}
        >
          {t('terms.accept')}
        </Button>
      </Group>
    </CardPage>
  );
}
