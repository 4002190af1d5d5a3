import { Button, Code } from '@mantine/core';
import { IconMoodSad } from '@tabler/icons-react';
import { StateBox } from '../parts/state-box.tsx';
import { t } from '../text/t.ts';

/** For a page that threw while it was drawn: our mistake, said plainly. */
export function CrashPage({ error }: { readonly error: unknown }) {
  return (
    <StateBox icon={IconMoodSad} title={t('error.crash.title')} tone="bad" page role="alert">
      <p>{t('error.crash.what')}</p>
      <Code>{error instanceof Error ? error.message : String(error)}</Code>
      <Button onClick={() => location.reload()}>{t('error.reload')}</Button>
    </StateBox>
  );
}
