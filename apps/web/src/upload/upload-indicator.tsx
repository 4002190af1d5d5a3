import { RingProgress } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { t } from '../text/t.ts';
import { useUpload } from './upload.ts';
import classes from './upload-indicator.module.css';

/** How far an upload is, seen from every page. */
export function UploadIndicator() {
  const { running, bytesDone, bytesTotal } = useUpload();
  if (!running) return null;
  const percent = bytesTotal > 0 ? Math.floor((bytesDone / bytesTotal) * 100) : 0;
  return (
    <Link to="/upload" className={classes.link} aria-label={t('upload.indicator', { percent })}>
      <RingProgress size={22} thickness={3} sections={[{ value: percent, color: 'var(--accent)' }]} aria-hidden />
      <span aria-hidden>{percent}%</span>
    </Link>
  );
}
