import { Button, Code } from '@mantine/core';
import { IconCloudOff, IconFileUnknown, IconLock, IconMoodSad, type TablerIcon } from '@tabler/icons-react';
import { Problem } from '../api/problem.ts';
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
  const { icon, title, what } = describe(error);
  const id = error instanceof Problem ? error.requestId : null;
  return (
    <StateBox icon={icon} title={title} tone="bad" page={page} role="alert">
      {error instanceof Problem && error.detail && error.detail !== title && <p>{error.detail}</p>}
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

function describe(error: Error | null): { icon: TablerIcon; title: string; what: string } {
  if (!(error instanceof Problem)) return { icon: IconMoodSad, title: t('error.title'), what: t('error.server.what') };
  if (error.status === 0) {
    return { icon: IconCloudOff, title: t('error.network.title'), what: t('error.network.what') };
  }
  if (error.status === 403) {
    return { icon: IconLock, title: t('error.forbidden.title'), what: error.remedy || t('error.forbidden.what') };
  }
  if (error.status === 404) {
    return { icon: IconFileUnknown, title: t('error.notFound.title'), what: error.remedy || t('error.notFound.what') };
  }
  return { icon: IconMoodSad, title: error.title || t('error.title'), what: error.remedy || t('error.server.what') };
}
