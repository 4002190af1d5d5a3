import { objectKey } from '@isocenter/contract';
import { Link } from '@tanstack/react-router';
import type { LogObject } from '../api/log.ts';
import { t } from '../text/t.ts';
import { objectLabel, short } from './entry-words.ts';
import classes from './tracer-page.module.css';

/** Objects that are listed before the rest is counted. */
const LISTED = 12;

/** What an action was done with. All but instances lead to what else was done with it. */
export function EntryObjects({ objects }: { readonly objects: readonly LogObject[] }) {
  const rest = objects.length - LISTED;
  return (
    <>
      <h3 className={classes.part}>{t('tracer.objects')}</h3>
      <ul className={classes.objects}>
        {objects.slice(0, LISTED).map((object) => (
          <li key={objectKey(object)}>
            <span>{objectLabel(object)}</span>
            {object.kind === 'instance' || object.kind === 'series' ? (
              <code>{object.id}</code>
            ) : (
              <Link to="/tracer" search={{ object: objectKey(object) }} title={t('tracer.objects.all')}>
                <code>{object.id}</code>
              </Link>
            )}
            {object.hash && <small title={object.hash}>SHA-256 {short(object.hash)}</small>}
          </li>
        ))}
      </ul>
      {rest > 0 && <p className={classes.more}>{t('tracer.objects.more', { count: rest })}</p>}
    </>
  );
}
