import { Button, Group } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type DeviceStep, stepOfDevice } from '../api/device.ts';
import { useChange } from '../api/use-change.ts';
import { Callout } from '../parts/callout.tsx';
import { CardPage } from '../parts/card-page.tsx';
import { Field } from '../parts/field.tsx';
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
  const send = useChange((answer?: 'yes' | 'no') => stepOfDevice(code, answer), {
    shown: true,
    onDone: (next) => {
      setStep(next);
      if (next.to !== null) location.assign(next.to);
    },
  });
  if (search.done) {
    return (
      <CardPage title={t('device.done.title')}>
        <Outcome>{t('device.done.what')}</Outcome>
      </CardPage>
    );
  }
  const common = { pending: send.isPending || step.to !== null, error: send.error, send: send.mutate };
  if (step.state?.confirm) return <ConfirmDevice {...step.state.confirm} {...common} />;
  return <EnterCode code={code} onCode={setCode} problem={step.state?.problem ?? null} {...common} />;
}

interface Sending {
  readonly pending: boolean;
  readonly error: Error | null;
  readonly send: (answer?: 'yes' | 'no') => void;
}

interface EnterCodeProps extends Sending {
  readonly code: string;
  readonly onCode: (code: string) => void;
  /** As the provider calls it. */
  readonly problem: string | null;
}

function EnterCode({ code, onCode, problem, pending, error, send }: EnterCodeProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  return (
    <CardPage title={t('device.title')} about={t('device.about')}>
      <form className={classes.form} onSubmit={submit}>
        <Field
          label={t('device.code')}
          size="md"
          autoFocus
          autoCapitalize="characters"
          spellCheck={false}
          value={code}
          error={problem === null ? undefined : t(problems[problem] ?? 'device.problem.other')}
          onChange={onCode}
        />
        <ProblemAlert error={error} />
        <Button type="submit" size="md" fullWidth loading={pending}>
          {t('device.submit')}
        </Button>
      </form>
    </CardPage>
  );
}

interface ConfirmDeviceProps extends Sending {
  readonly client: string;
  readonly code: string;
}

function ConfirmDevice({ client, code, pending, error, send }: ConfirmDeviceProps) {
  return (
    <CardPage title={t('device.confirm.title')} about={t('device.confirm.about', { client })}>
      <div className={classes.code}>{code}</div>
      <Callout tone="warn">{t('device.confirm.warn')}</Callout>
      <ProblemAlert error={error} />
      <Group grow>
        <Button variant="default" size="md" disabled={pending} onClick={() => send('no')}>
          {t('device.confirm.no')}
        </Button>
        <Button size="md" autoFocus loading={pending} onClick={() => send('yes')}>
          {t('device.confirm.yes')}
        </Button>
      </Group>
    </CardPage>
  );
}
