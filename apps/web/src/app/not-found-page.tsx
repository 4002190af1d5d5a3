import { Button } from '@mantine/core';
import { IconFileUnknown } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { StateBox } from '../parts/state-box.tsx';
import { t } from '../text/t.ts';

/** For an address that leads nowhere. */
export function NotFoundPage() {
  return (
    <main>
      <StateBox icon={IconFileUnknown} title={t('error.notFound.title')} page>
        <p>{t('error.notFound.what')}</p>
        <Button component={Link} to="/">
          {t('error.home')}
        </Button>
      </StateBox>
    </main>
  );
}
