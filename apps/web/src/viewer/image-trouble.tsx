import { Button, Code } from '@mantine/core';
import { IconPhotoOff } from '@tabler/icons-react';
import { t } from '../text/t.ts';
import type { Trouble } from './cornerstone/failures.ts';
import classes from './pane.module.css';

/** In the place of an image that can't be shown: why, and what to do. */
export function ImageTrouble({ trouble, onRetry }: { readonly trouble: Trouble; readonly onRetry: () => void }) {
  return (
    <div className={classes.trouble} role="alert">
      <IconPhotoOff size={32} stroke={1.3} aria-hidden />
      <h2>{t('viewer.failed.title')}</h2>
      <p>{trouble.reason || t('viewer.failed.network')}</p>
      {trouble.requestId && (
        <p>
          {t('error.requestId')} <Code>{trouble.requestId}</Code>
        </p>
      )}
      <Button variant="default" size="compact-md" onClick={onRetry}>
        {t('app.retry')}
      </Button>
    </div>
  );
}
