import { Button } from '@mantine/core';
import { IconSearchOff, IconStack2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { StateBox } from '../parts/state-box.tsx';
import { t } from '../text/t.ts';

/** Nothing to list: because nothing matches, or because nothing has arrived. */
export function StudiesEmpty({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (filtered) {
    return (
      <StateBox icon={IconSearchOff} title={t('list.none.title')} role="status">
        <p>{t('studies.none.what')}</p>
        <Button variant="default" onClick={onClear}>
          {t('list.filters.clear')}
        </Button>
      </StateBox>
    );
  }
  return (
    <StateBox icon={IconStack2} title={t('studies.empty.title')} role="status">
      <p>{t('studies.empty.what')}</p>
      <Button component={Link} to="/upload">
        {t('studies.empty.upload')}
      </Button>
    </StateBox>
  );
}
