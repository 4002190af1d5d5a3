import { Anchor } from '@mantine/core';
import { t } from '../text/t.ts';

/** A whole new page: what was typed here is of no use there. */
export function BackToSignIn() {
  return (
    <Anchor href="/" inherit underline="always">
      {t('join.back')}
    </Anchor>
  );
}
