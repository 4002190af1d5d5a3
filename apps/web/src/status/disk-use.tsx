import { Meter } from '../parts/meter.tsx';
import { formatBytes } from '../text/format.ts';
import { t } from '../text/t.ts';
import classes from './status-page.module.css';

interface DiskUseProps {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Below this share of free room the disk is pointed out. */
const low = 0.1;

/** How full the disk is. */
export function DiskUse({ freeBytes, totalBytes }: DiskUseProps) {
  const used = totalBytes - freeBytes;
  const tight = totalBytes > 0 && freeBytes / totalBytes < low;
  return (
    <div className={classes.disk}>
      <span>{t('status.storage.disk')}</span>
      <Meter
        label={t('status.storage.disk')}
        percent={totalBytes > 0 ? (used / totalBytes) * 100 : 0}
        tone={tight ? 'bad' : 'accent'}
      />
      <span className={classes.soft}>
        {t('status.storage.used', {
          used: formatBytes(used),
          total: formatBytes(totalBytes),
          free: formatBytes(freeBytes),
        })}
      </span>
      {tight && <span className={classes.tight}>{t('status.storage.low')}</span>}
    </div>
  );
}
