import { Button, Code } from '@mantine/core';
import { IconCloudOff, IconFileUnknown, IconLock, IconMoodSad, type TablerIcon } from '@tabler/icons-react';
import { type Problem, problemOf } from '../api/problem.ts';
import { t } from '../text/t.ts';
import { StateBox } from './state-box.tsx';

interface ErrorStateProps {
  readonly error: Error | null;
  readonly onRetry?: () => void;
  /** Stands alone on the screen instead of inside a page. */
  readonly page?: boolean;
}

/** What happened, what to do about it, and the id to quote. */
export function ErrorState({ error, onRetry, page = false }: ErrorStateProps) {
  const problem = problemOf(error);
  const { icon, title, what } = describe(problem);
  const id = problem?.requestId;
  return (
    <StateBox icon={icon} title={title} tone="bad" page={page} role="alert">
      {problem?.detail && problem.detail !== title && <p>{problem.detail}</p>}
      <p>{what}</p>
      {id && (
        <p>
          {t('error.requestId')} <Code>{id}</Code>
        </p>
      )}
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('app.retry')}
        </Button>
      )}
    </StateBox>
  );
}

function describe(problem: Problem | null): { icon: TablerIcon; title: string; what: string } {
  if (!problem) return { icon: IconMoodSad, title: t('error.title'), what: t('error.server.what') };
  const { status, title, remedy, requestId } = problem;
  if (status === 0) return { icon: IconCloudOff, title: t('error.network.title'), what: t('error.network.what') };
  if (status === 403) {
    return { icon: IconLock, title: t('error.forbidden.title'), what: remedy || t('error.forbidden.what') };
  }
  if (status === 404) {
    return { icon: IconFileUnknown, title: t('error.notFound.title'), what: remedy || t('error.notFound.what') };
  }
  return {
    icon: IconMoodSad,
    title: title || t('error.title'),
    what: remedy || t(requestId ? 'error.server.what.id' : 'error.server.what'),
  };
}
