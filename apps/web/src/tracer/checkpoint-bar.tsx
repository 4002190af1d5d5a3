import { toBase64 } from '@isocenter/ledger';
import { Alert, Skeleton } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { formatDateTime, formatNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import classes from './tracer-page.module.css';
import type { CheckpointVerdict } from './verify-checkpoint.ts';

/** What the log commits to, and whether this browser believes it. */
export function CheckpointBar({ verdict }: { readonly verdict: CheckpointVerdict | undefined }) {
  if (verdict === undefined) return <Skeleton height={44} radius="md" role="status" aria-label={t('app.loading')} />;
  if (verdict.kind === 'empty') return null;
  if (verdict.kind === 'broken') {
    return (
      <Alert color="red" icon={<IconShieldX aria-hidden />} title={t('tracer.broken')} role="alert">
        {t(`tracer.broken.${verdict.fault}`)}
      </Alert>
    );
  }
  const { checkpoint, since } = verdict;
  return (
    <section className={classes.checkpoint} aria-label={t('tracer.checkpoint')}>
      <span className={classes.proof} data-state="proved">
        <IconShieldCheck size={18} stroke={1.8} aria-hidden />
        {t('tracer.signed')}
      </span>
      <dl>
        <div>
          <dt>{t('tracer.size')}</dt>
          <dd>{formatNumber(checkpoint.size)}</dd>
        </div>
        <div>
          <dt>{t('tracer.origin')}</dt>
          <dd>{checkpoint.origin}</dd>
        </div>
        <div className={classes.root}>
          <dt>{t('tracer.root')}</dt>
          <dd title={toBase64(checkpoint.root)}>
            <code>{toBase64(checkpoint.root)}</code>
          </dd>
        </div>
      </dl>
      <span className={classes.since}>
        {since ? t('tracer.since', { size: since.size, at: formatDateTime(since.at) }) : t('tracer.first')}
      </span>
    </section>
  );
}
