import { t } from '../text/t.ts';
import classes from './splash.module.css';

/** Held for the moment before it is known who is there. */
export function Splash() {
  return (
    <div className={classes.page} role="status" aria-label={t('app.loading')}>
      <img src="/icon.svg" alt="" width={40} height={40} />
    </div>
  );
}
