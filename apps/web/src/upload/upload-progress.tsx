import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Meter } from '../parts/meter.tsx';
import { formatBytes, formatDuration } from '../text/format.ts';
import { t } from '../text/t.ts';
import { type Counts, itemStates, type UploadSnapshot } from './item.ts';
import { uploadQueue } from './upload.ts';
import classes from './upload-page.module.css';

/** How far it is, how fast, how long still; and what one can do about it. */
export function UploadProgress({ upload }: { readonly upload: UploadSnapshot }) {
  const { counts, items, running, bytesDone, bytesTotal } = upload;
  const settled = items.length - counts.waiting - counts.sending;
  const again = counts.failed + counts.cancelled;
  return (
    <div className={classes.progress}>
      <div className={classes.top}>
        <h2 className={classes.heading} aria-live="polite">
          {!running && (again > 0 || counts.stored === 0) && (
            <IconAlertTriangle size={20} color="var(--warn)" aria-hidden />
          )}
          {!running && again === 0 && counts.stored > 0 && (
            <IconCircleCheck size={20} color="var(--good)" aria-hidden />
          )}
          {heading(upload)}
        </h2>
        <div className={classes.buttons}>
          {running && (
            <Button variant="default" onClick={() => uploadQueue.cancel()}>
              {t('upload.cancel')}
            </Button>
          )}
          {!running && (
            <Button variant="subtle" onClick={() => uploadQueue.clear()}>
              {t('upload.clear')}
            </Button>
          )}
          {!running && again > 0 && (
            <Button variant="default" onClick={() => uploadQueue.retry()}>
              {t('upload.retry', { count: again })}
            </Button>
          )}
          {!running && counts.stored > 0 && <Stored studyUids={upload.studyUids} />}
        </div>
      </div>
      {running ? (
        <Meter label={t('upload.running')} percent={bytesTotal > 0 ? (bytesDone / bytesTotal) * 100 : null} />
      ) : (
        <Shares counts={counts} />
      )}
      <p className={classes.numbers}>
        <span>
          <strong>{t('upload.progress', { done: settled, total: items.length })}</strong>
        </span>
        <span>{t('upload.bytes', { done: formatBytes(bytesDone), total: formatBytes(bytesTotal) })}</span>
        <Speed upload={upload} />
        {running && <span>{t('upload.keep')}</span>}
      </p>
    </div>
  );
}

function Speed({ upload }: { readonly upload: UploadSnapshot }) {
  const { rate, bytesTotal, bytesDone } = upload;
  if (!rate || rate <= 0) return null;
  return (
    <>
      <span>{t('upload.rate', { rate: formatBytes(rate) })}</span>
      <span>{t('upload.remaining', { time: formatDuration((bytesTotal - bytesDone) / rate) })}</span>
    </>
  );
}

function Stored({ studyUids }: { readonly studyUids: readonly string[] }) {
  const [only] = studyUids;
  if (studyUids.length === 1 && only) {
    return (
      <Button component={Link} to={`/studies/${only}`}>
        {t('upload.studies', { count: 1 })}
      </Button>
    );
  }
  return (
    <Button component={Link} to="/studies">
      {t('upload.studies', { count: studyUids.length })}
    </Button>
  );
}

/** How many ended in which way, as parts of one bar; the numbers stand in the filter below. */
function Shares({ counts }: { readonly counts: Counts }) {
  return (
    <div className={classes.shares} aria-hidden>
      {itemStates.map(
        (state) => counts[state] > 0 && <span key={state} data-state={state} style={{ flexGrow: counts[state] }} />,
      )}
    </div>
  );
}

function heading({ running, collecting, counts, items }: UploadSnapshot): string {
  if (collecting && items.length === 0) return t('upload.collecting');
  if (running) return t('upload.running');
  if (counts.stored === 0) return t('upload.done.none');
  return t(counts.failed + counts.cancelled > 0 ? 'upload.done.some' : 'upload.done');
}
