import type { SeriesRow } from '../api/studies.ts';
import { t } from '../text/t.ts';

export function seriesTitle(series: Pick<SeriesRow, 'description' | 'protocol'>): string {
  return series.description || series.protocol || t('series.untitled');
}

/** How much there is to look at. */
export function seriesSize(series: Pick<SeriesRow, 'hasPixels' | 'instanceCount' | 'frameCount'>): string {
  if (!series.hasPixels) return t('count.instances', { count: series.instanceCount });
  return series.frameCount > series.instanceCount
    ? t('count.frames', { count: series.frameCount })
    : t('count.images', { count: series.instanceCount });
}
