import type { Status } from '../api/status.ts';
import { Ago } from '../parts/ago.tsx';
import { t } from '../text/t.ts';
import classes from './status-page.module.css';

/** The processes that run jobs. */
export function Workers({ workers }: { readonly workers: Status['workers'] }) {
  if (workers.length === 0) return <p className={classes.none}>{t('status.workers.none')}</p>;
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('status.worker.host')}</th>
          <th scope="col">{t('status.worker.process')}</th>
          <th scope="col" className={classes.number}>
            {t('status.worker.jobs')}
          </th>
          <th scope="col">{t('status.worker.seen')}</th>
        </tr>
      </thead>
      <tbody>
        {workers.map((worker) => (
          <tr key={`${worker.host}-${worker.pid}`}>
            <td>{worker.name ?? worker.host}</td>
            <td>{worker.pid}</td>
            <td className={classes.number}>{worker.running}</td>
            <td>
              <Ago iso={worker.seenAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
