import type { SeriesRow, StudyDetail } from '../api/studies.ts';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { t } from '../text/t.ts';
import { seriesSize, seriesTitle } from './series-words.ts';
import classes from './study-page.module.css';

interface SeriesListProps {
  readonly study: StudyDetail;
  readonly open: string;
  readonly onOpen: (seriesUid: string) => void;
}

/** The series of a study, in pictures. */
export function SeriesList({ study, open, onOpen }: SeriesListProps) {
  return (
    <nav className={classes.list} aria-label={t('study.series.list')}>
      {study.series.map((series) => (
        <button
          key={series.seriesInstanceUid}
          type="button"
          className={classes.card}
          aria-current={series.seriesInstanceUid === open}
          onClick={() => onOpen(series.seriesInstanceUid)}
        >
          <span className={classes.picture}>
            <Thumbnail study={study.studyInstanceUid} series={series} />
          </span>
          <SeriesWords series={series} />
        </button>
      ))}
    </nav>
  );
}

function SeriesWords({ series }: { readonly series: SeriesRow }) {
  return (
    <span className={classes.words}>
      <span className={classes.name}>{seriesTitle(series)}</span>
      <span className={classes.soft}>
        {[series.modality, series.number !== null && t('series.number', { number: String(series.number) })]
          .filter(Boolean)
          .join(' · ')}
      </span>
      <span className={classes.soft}>{seriesSize(series)}</span>
    </span>
  );
}
