import { notifications } from '@mantine/notifications';
import { studyZip } from '../api/dicomweb.ts';
import { t } from '../text/t.ts';

/** Between two downloads that one press starts, milliseconds: browsers drop those that come at once. */
const gap = 600;

/** Starts one ZIP file per study. The browser downloads by itself: nothing of it passes through the page's memory. */
export function downloadStudies(studyUids: readonly string[]): void {
  studyUids.forEach((uid, index) => {
    setTimeout(() => {
      const link = document.createElement('a');
      link.href = studyZip(uid);
      link.download = '';
      link.click();
    }, index * gap);
  });
  notifications.show({
    title: t('studies.download.started', { count: studyUids.length }),
    message: studyUids.length > 1 ? t('studies.download.many') : '',
  });
}
