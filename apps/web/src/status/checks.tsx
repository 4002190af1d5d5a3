import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { HealthCheck } from '../api/status.ts';
import { t } from '../text/t.ts';
import classes from './status-page.module.css';

/** What was checked just now, and how it went. */
export function Checks({ checks }: { readonly checks: readonly HealthCheck[] }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('status.check')}</th>
          <th scope="col">{t('status.check.state')}</th>
          <th scope="col">{t('status.check.detail')}</th>
          <th scope="col" className={classes.number}>
            {t('status.check.time')}
          </th>
        </tr>
      </thead>
      <tbody>
        {checks.map((check) => {
          const Icon = check.ok ? IconCircleCheck : IconCircleX;
          return (
            <tr key={check.name}>
              <td>{check.name}</td>
              <td>
                <span className={classes.state} data-ok={check.ok}>
                  <Icon size={16} aria-hidden />
                  {t(check.ok ? 'status.check.ok' : 'status.check.failed')}
                </span>
              </td>
              <td className={classes.detail}>{check.detail}</td>
              <td className={classes.number}>{t('status.check.ms', { ms: Math.round(check.ms) })}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
