import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type StudyDetail, studyQuery } from '../api/studies.ts';
import { SidePanel } from '../list/side-panel.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { ZoneBadge } from '../parts/zone.tsx';
import { StudyFacts } from '../study/study-facts.tsx';
import { t } from '../text/t.ts';
import classes from './preview-panel.module.css';
import { patientOf } from './study-words.ts';

interface PreviewPanelProps {
  readonly uid: string;
  readonly onClose: () => void;
}

/** A study at a glance beside the list; where there is no room, over it. */
export function PreviewPanel({ uid, onClose }: PreviewPanelProps) {
  const { data: study, error, refetch } = useQuery(studyQuery(uid));
  const failed = error !== null && !study;
  const title = (
    <>
      {study ? <h2>{patientOf(study)}</h2> : !failed && <Skeleton height={16} width={160} />}
      {study && <ZoneBadge zone={study.zone} />}
    </>
  );
  return (
    <SidePanel title={title} buttons={!failed && <Ways uid={uid} study={study} />} onClose={onClose}>
      {failed ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Preview uid={uid} study={study} />}
    </SidePanel>
  );
}

interface PreviewProps {
  readonly uid: string;
  /** Absent while it is loaded. */
  readonly study: StudyDetail | undefined;
}

function Ways({ uid, study }: PreviewProps) {
  return (
    <>
      <Button component={Link} to={`/studies/${uid}`} variant="default" flex={1}>
        {t('studies.preview.open')}
      </Button>
      <Button
        component={Link}
        to={`/studies/${uid}/view`}
        flex={1}
        disabled={!study?.series.some((series) => series.hasPixels)}
      >
        {t('studies.preview.view')}
      </Button>
    </>
  );
}

function Preview({ uid, study }: PreviewProps) {
  if (!study) {
    return (
      <div className={classes.thumbnails} role="status" aria-label={t('app.loading')}>
        {[0, 1, 2].map((index) => (
          <Skeleton key={index} height={112} />
        ))}
      </div>
    );
  }
  return (
    <>
      <ul className={classes.thumbnails}>
        {study.series.map((series) => (
          <li key={series.seriesInstanceUid}>
            <Link
              to="/studies/$uid"
              params={{ uid }}
              search={{ series: series.seriesInstanceUid }}
              className={classes.series}
            >
              <Thumbnail study={uid} series={series} />
              <span>{series.description || series.modality}</span>
            </Link>
          </li>
        ))}
      </ul>
      <StudyFacts study={study} />
    </>
  );
}
