import type { StudyDetail } from '../api/studies.ts';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { seriesSize, seriesTitle } from '../study/series-words.ts';
import { t } from '../text/t.ts';
import classes from './viewer.module.css';

/** Marks a drag as one of a series of this page. */
export const seriesDragType = 'application/x-isocenter-series';

interface SeriesStripProps {
  readonly study: StudyDetail;
  readonly shown: readonly (string | null)[];
  readonly active: string | null;
  readonly onChoose: (seriesUid: string) => void;
}

/** The series of the study in pictures: press one for the active viewport, or drag it to any. */
export function SeriesStrip({ study, shown, active, onChoose }: SeriesStripProps) {
  return (
    <nav className={classes.strip} aria-label={t('viewer.strip')}>
      {study.series.map((series) => {
        const uid = series.seriesInstanceUid;
        return (
          <button
            key={uid}
            type="button"
            className={classes.stripItem}
            disabled={!series.hasPixels}
            draggable={series.hasPixels}
            aria-current={uid === active}
            data-shown={shown.includes(uid) || undefined}
            onDragStart={(event) => event.dataTransfer.setData(seriesDragType, uid)}
            onClick={() => onChoose(uid)}
          >
            <Thumbnail study={study.studyInstanceUid} series={series} />
            <span className={classes.stripName}>{seriesTitle(series)}</span>
            <span className={classes.stripSize}>
              {[series.modality, series.number !== null && `#${series.number}`, seriesSize(series)]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </button>
        );
      })}
    </nav>
  );
}
