import type { LogEntry } from '../api/log.ts';
import { t } from '../text/t.ts';
import classes from './tracer-page.module.css';

type Change = NonNullable<LogEntry['changes']>[number];

/** Old and new values of what was changed. */
export function EntryChanges({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <>
      <h3 className={classes.part}>{t('tracer.changes')}</h3>
      <table className={classes.changes}>
        <thead>
          <tr>
            <th scope="col">{t('tracer.changes.field')}</th>
            <th scope="col">{t('tracer.changes.old')}</th>
            <th scope="col">{t('tracer.changes.new')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.field}>
              <th scope="row">{change.field}</th>
              <td>{text(change.old)}</td>
              <td>{text(change.new)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function text(value: Change['old']): string {
  if (value === undefined || value === null) return t('app.none');
  return Array.isArray(value) ? value.join(', ') : String(value);
}
