import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { SetUpSecondFactor } from '../account/set-up-second-factor.tsx';
import { dutyDone } from '../api/session.ts';
import { CardPage } from '../parts/card-page.tsx';
import { t } from '../text/t.ts';
import { useLeave } from './use-leave.ts';

/** Setting up a second factor, before everything else, where the node asks for one. */
export function SecondFactorDuty() {
  const client = useQueryClient();
  const leave = useLeave();
  return (
    <CardPage
      title={t('factor.setUp')}
      about={t('factor.duty')}
      foot={
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => void leave()}>
          {t('app.signOut')}
        </Button>
      }
    >
      <SetUpSecondFactor onDone={() => void dutyDone(client, 'second-factor')} />
    </CardPage>
  );
}
