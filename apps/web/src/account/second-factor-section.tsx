import { Button, Group, Modal } from '@mantine/core';
import { IconShieldCheck, IconShieldOff } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Account, removeSecondFactor, renewRecoveryCodes } from '../api/account.ts';
import { useChange } from '../api/use-change.ts';
import { Ago } from '../parts/ago.tsx';
import { Panel, Section } from '../parts/page.tsx';
import { say } from '../parts/say.tsx';
import { t } from '../text/t.ts';
import classes from './account.module.css';
import { RecoveryCodes } from './recovery-codes.tsx';
import { PasswordFirst, SetUpSecondFactor } from './set-up-second-factor.tsx';

type Doing = 'set-up' | 'renew' | 'remove';

const titles = { 'set-up': 'factor.setUp', renew: 'factor.renew', remove: 'factor.remove' } as const;

/** Few enough that one should think of new ones. */
const few = 3;

/** The second factor, where it is kept here. */
export function SecondFactorSection({ local }: { readonly local: NonNullable<Account['local']> }) {
  const [doing, setDoing] = useState<Doing>();
  const client = useQueryClient();
  const close = () => {
    setDoing(undefined);
    for (const queryKey of [['account'], ['me']]) void client.invalidateQueries({ queryKey });
  };
  const since = local.secondFactorSince;
  return (
    <Section title={t('factor.title')}>
      <Panel className={classes.body}>
        <div className={classes.line}>
          {since === null ? (
            <Group gap="xs" wrap="nowrap" align="start">
              <IconShieldOff size={20} stroke={1.6} className={classes.warn} style={{ flex: 'none' }} aria-hidden />
              <span>{t('factor.none')}</span>
            </Group>
          ) : (
            <Group gap="xs" wrap="nowrap" align="start">
              <IconShieldCheck size={20} stroke={1.6} className={classes.good} style={{ flex: 'none' }} aria-hidden />
              <span>
                {t('factor.since')} <Ago iso={since} />.{' '}
                <span className={local.recoveryCodes <= few ? classes.warn : undefined}>
                  {t('factor.codes', { count: local.recoveryCodes })}
                </span>
              </span>
            </Group>
          )}
          <Group gap="xs">
            {since === null ? (
              <Button onClick={() => setDoing('set-up')}>{t('factor.setUp')}</Button>
            ) : (
              <>
                <Button variant="default" onClick={() => setDoing('renew')}>
                  {t('factor.renew')}
                </Button>
                <Button variant="default" onClick={() => setDoing('remove')}>
                  {t('factor.remove')}
                </Button>
              </>
            )}
          </Group>
        </div>
      </Panel>
      <Modal
        opened={doing !== undefined}
        onClose={close}
        title={doing && t(titles[doing])}
        // What is shown once must not vanish by a click beside it.
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        {doing === 'set-up' && <SetUpSecondFactor onDone={close} />}
        {doing === 'renew' && <Renew onDone={close} />}
        {doing === 'remove' && <Remove onDone={close} />}
      </Modal>
    </Section>
  );
}

function Renew({ onDone }: { readonly onDone: () => void }) {
  const renew = useChange(renewRecoveryCodes, { shown: true });
  if (renew.data) return <RecoveryCodes codes={renew.data.recoveryCodes} onDone={onDone} />;
  return (
    <PasswordFirst
      about={t('factor.renew.about')}
      button={t('factor.renew')}
      pending={renew.isPending}
      error={renew.error}
      onPassword={(password) => renew.mutate(password)}
    />
  );
}

function Remove({ onDone }: { readonly onDone: () => void }) {
  const remove = useChange(removeSecondFactor, {
    shown: true,
    onDone: () => {
      say(t('factor.removed'));
      onDone();
    },
  });
  return (
    <PasswordFirst
      about={t('factor.remove.about')}
      button={t('factor.remove')}
      pending={remove.isPending}
      error={remove.error}
      onPassword={(password) => remove.mutate(password)}
    />
  );
}
