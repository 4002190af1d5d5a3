import { Button, Group, TextInput } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type DeviceStep, stepOfDevice } from '../api/device.ts';
import { useChange } from '../api/use-change.ts';
import { Callout } from '../parts/callout.tsx';
import { CardPage } from '../parts/card-page.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { type PlainKey, t } from '../text/t.ts';
import classes from './join.module.css';
import { Outcome } from './outcome.tsx';

/** What the provider calls what was wrong with a code. */
const problems: Readonly<Record<string, PlainKey>> = {
  NotFoundError: 'device.problem.unknown',
  NoCodeError: 'device.problem.unknown',
  ExpiredError: 'device.problem.expired',
  AlreadyUsedError: 'device.problem.used',
  AbortedError: 'device.problem.aborted',
};

/** Lets a program that has no browser of its own, such as `isocenter login`, act for whoever signs in here. */
export function DevicePage() {
  const search = useSearch({ from: '/device' });
  const [code, setCode] = useState(search.user_code ?? '');
  const [step, setStep] = useState<DeviceStep>({ state: null, to: null });
  const follow = (next: DeviceStep) => {
    setStep(next);
    if (next.to !== null) location.assign(next.to);
  };
  const send = useChange(({ answer }: { answer?: 'yes' | 'no' }) => stepOfDevice(code, answer), {
    shown: true,
    onDone: follow,
  });
  if (search.done) {
    return (
      <CardPage title={t('device.done.title')}>
        <Outcome>{t('device.done.what')}</Outcome>
      </CardPage>
    );
  }
  const { state, to } = step;
  const pending = send.isPending || to !== null;
  if (state?.confirm) {
    return (
      <CardPage title={t('device.confirm.title')} about={t('device.confirm.about', { client: state.confirm.client })}>
        <div className={classes.code}>{state.confirm.code}</div>
        <Callout tone="warn">{t('device.confirm.warn')}</Callout>
        <ProblemAlert error={send.error} />
        <Group grow>
          <Button variant="default" size="md" disabled={pending} onClick={() => send.mutate({ answer: 'no' })}>
            {t('device.confirm.no')}
          </Button>
          <Button size="md" autoFocus loading={pending} onClick={() => send.mutate({ answer: 'yes' })}>
            {t('device.confirm.yes')}
          </Button>
        </Group>
      </CardPage>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate({});
  };
  const problem = state?.problem ?? null;
  return (
    <CardPage title={t('device.title')} about={t('device.about')}>
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label={t('device.code')}
          size="md"
          required
          withAsterisk={false}
          autoFocus
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={code}
          error={problem === null ? undefined : t(problems[problem] ?? 'device.problem.other')}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <ProblemAlert error={send.error} />
        <Button type="submit" size="md" fullWidth loading={pending}>
          {t('device.submit')}
        </Button>
      </form>
    </CardPage>
  );
}
