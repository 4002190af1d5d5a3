import { Button } from '@mantine/core';
import { IconSearchOff, IconStack2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { StateBox } from '../parts/state-box.tsx';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';

/** Nothing to list: because nothing matches, or because nothing has arrived. */
export function StudiesEmpty({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  const stores = useMay()('instance.store');
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
      <p>{t(stores ? 'studies.empty.what' : 'studies.empty.none')}</p>
      {stores && (
        <Button component={Link} to="/upload">
          {t('studies.empty.upload')}
        </Button>
      )}
    </StateBox>
  );
}
